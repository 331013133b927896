//! The import itself: a line is read, checked and taken; what was taken is written when it is enough.

use std::fs::File;
use std::io::{BufReader, Read, Write as _};
use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::SourceName;
use helpdesk_ports::{Clock, StoreError};
use helpdesk_use_cases::{ImportSummary, Importer, Rejection};

use super::line::{self, BadLine, Record};
use super::lines::{Lines, Text};
use super::progress::Progress;
use super::report;
use crate::cli::ImportArgs;
use crate::config::StoreLocation;
use crate::environment::SystemClock;
use crate::error::AppError;
use crate::store;

/// How often a write is tried that others stood in the way of, and how much longer it is waited each time: for most of a
/// minute in all. A server beside it, or its database, may be restarted meanwhile.
const TRIES: u32 = 11;
const WAIT: Duration = Duration::from_millis(40);

/// How much of a file is read at a time.
const READ_BYTES: usize = 256 * 1024;

pub(crate) fn run(args: &ImportArgs) -> Result<(), AppError> {
    let source = args.source.as_deref().map(parse_source).transpose()?;
    let (file, bytes) = open(&args.file)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let stores =
        if args.dry_run { None } else { Some(store::open(&StoreLocation::from_args(&args.store)?)?) };
    // Until one is known nothing is taken, so that this name is never written.
    let first = source.clone().map_or_else(|| parse_source("unknown"), Ok)?;
    let importer = match &stores {
        Some(stores) => Importer::new(stores.imports.clone(), clock, first),
        None => Importer::dry(clock, first),
    };
    let mut import = Import {
        importer,
        progress: Progress::new(bytes),
        is_source_known: source.is_some(),
        is_source_given: source.is_some(),
        begun: None,
        bad_lines: 0,
    };
    let lines = Lines::new(BufReader::with_capacity(READ_BYTES, file));
    let result = actix_web::rt::System::new().block_on(import.all(lines));
    if let Some(stores) = stores {
        stores.admin.close();
    }
    let Import { importer, progress, bad_lines, begun, .. } = import;
    drop(progress);
    let summary = importer.summary();
    if let Err(error) = result {
        return Err(AppError::Interrupted { done: report::done(summary), reason: error.to_string() });
    }
    say(&if args.dry_run { report::checked(summary) } else { report::done(summary) })?;
    match (bad_lines, begun) {
        (0, None) => Ok(()),
        (0, Some(_)) => Err(AppError::CutOff),
        (bad, _) => Err(AppError::BadLines(bad)),
    }
}

fn parse_source(raw: &str) -> Result<SourceName, AppError> {
    SourceName::parse(raw).map_err(|error| AppError::Input(format!("--source {error}")))
}

/// The file, and how long it is, if that is known.
fn open(path: &str) -> Result<(Box<dyn Read>, Option<u64>), AppError> {
    if path == "-" {
        return Ok((Box::new(std::io::stdin().lock()), None));
    }
    let cannot = |source| AppError::Io { what: format!("cannot read {path}"), source };
    let file = File::open(path).map_err(cannot)?;
    let about = file.metadata().map_err(cannot)?;
    // Of a pipe or a device it says nothing.
    let bytes = about.is_file().then_some(about.len());
    Ok((Box::new(file), bytes))
}

/// Tells what was done. That it cannot be told is an error all the same: what was done stays done.
fn say(text: &str) -> Result<(), AppError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|source| AppError::Io {
        what: "it is done, but the answer cannot be written".to_owned(),
        source,
    })
}

struct Import {
    importer: Importer,
    progress: Progress,
    is_source_known: bool,
    /// Whether it was given on the command line, which counts more than what a file says.
    is_source_given: bool,
    /// How many tickets and comments were told when the export began that has not ended yet.
    begun: Option<(usize, usize)>,
    bad_lines: u64,
}

impl Import {
    async fn all<R: std::io::BufRead>(&mut self, mut lines: Lines<R>) -> Result<(), AppError> {
        let unreadable = |source| AppError::Io { what: "cannot read on".to_owned(), source };
        while let Some((number, text)) = lines.next().map_err(unreadable)? {
            self.line(number, text).await?;
            if self.importer.is_full() {
                self.write().await?;
                let ImportSummary { told_tickets, told_comments, .. } = *self.importer.summary();
                self.progress.is_at(lines.bytes(), told_tickets, told_comments);
            }
        }
        self.write().await
    }

    async fn line(&mut self, number: u64, text: Text) -> Result<(), AppError> {
        let record = match text {
            Text::Good(text) => line::read(&text),
            Text::NotUtf8 => Err(BadLine { faults: vec!["is no UTF-8".to_owned()], may_be_ticket: true }),
            Text::TooLong => {
                Err(BadLine { faults: vec!["is longer than any record".to_owned()], may_be_ticket: true })
            }
        };
        match record {
            Err(bad) => {
                if bad.may_be_ticket {
                    self.importer.no_ticket();
                }
                self.bad(number, &bad.faults.join("; "));
            }
            Ok(Record::Begin(source)) => {
                if self.begun.is_some() {
                    self.bad(number, "another export begins before the one before has ended: it was cut off");
                }
                if !self.is_source_given {
                    self.write().await?;
                    self.importer.goes_on_from(source);
                    self.is_source_known = true;
                }
                self.begun = Some(self.told());
            }
            Ok(Record::End { tickets, comments }) => self.end(number, tickets, comments),
            Ok(_) if !self.is_source_known => return Err(AppError::NoSource),
            Ok(Record::Ticket(ticket)) => {
                let taken = self.importer.ticket(*ticket);
                self.unless_taken(number, taken);
            }
            Ok(Record::Comment(comment)) => {
                let taken = self.importer.comment(comment);
                self.unless_taken(number, taken);
            }
        }
        Ok(())
    }

    fn told(&self) -> (usize, usize) {
        let summary = self.importer.summary();
        (summary.told_tickets, summary.told_comments)
    }

    /// What an export says that it had, where every line of it was good.
    fn end(&mut self, number: u64, tickets: u64, comments: u64) {
        let Some((tickets_before, comments_before)) = self.begun.take() else {
            self.bad(number, "no export ends here, since none began");
            return;
        };
        let (all_tickets, all_comments) = self.told();
        let came = (all_tickets - tickets_before, all_comments - comments_before);
        let is_whole = u64::try_from(came.0) == Ok(tickets) && u64::try_from(came.1) == Ok(comments);
        if self.bad_lines == 0 && !is_whole {
            let (came_tickets, came_comments) = came;
            self.bad(
                number,
                &format!(
                    "the export had {tickets} tickets and {comments} comments, but {came_tickets} and {came_comments} came"
                ),
            );
        }
    }

    fn unless_taken(&mut self, number: u64, taken: Result<(), Rejection>) {
        match taken {
            Ok(()) => {}
            Err(Rejection::Faults(faults)) => {
                let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
                self.bad(number, &faults.join("; "));
            }
            Err(Rejection::NoTicket) => {
                self.bad(number, "is a comment of no ticket: none came before it, or a bad one");
            }
        }
    }

    fn bad(&mut self, number: u64, what: &str) {
        self.bad_lines += 1;
        // A fault may repeat what it found, which may be anything.
        self.progress.say(&format!("line {number}: {}", what.replace(char::is_control, " ")));
    }

    async fn write(&mut self) -> Result<(), AppError> {
        let written = |import: &Self| {
            let summary = import.importer.summary();
            summary.tickets + summary.comments
        };
        let (mut tries, mut before) = (1, written(self));
        loop {
            match self.importer.write().await {
                Ok(()) => return Ok(()),
                Err(StoreError::Unavailable(_) | StoreError::Conflict(_)) if tries < TRIES => {
                    // Whoever gets on, however slowly, is patient anew.
                    let now = written(self);
                    tries = if now > before { 1 } else { tries };
                    before = now;
                    actix_web::rt::time::sleep(WAIT * 2_u32.pow(tries - 1)).await;
                    tries += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
