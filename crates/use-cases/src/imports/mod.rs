//! Importing tickets: what is told is checked a record at a time, and written some hundred records at a time.

mod share;
mod summary;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use helpdesk_domain::{
    CommentToImport, ImportFault, ImportedTicket, SourceName, SystemActor, TicketToImport, Ts,
};
use helpdesk_ports::{Clock, ImportBatch, ImportItem, ImportRepository, StoreError};

use share::Share;
pub use summary::{Counted, ImportSummary};

/// How many records are written at a time: one transaction, beside which others want to write as well.
const RECORDS_AT_A_TIME: usize = 500;
/// About how many bytes of text are held, however few records they are.
const BYTES_AT_A_TIME: usize = 2 << 20;

/// Why a record was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The rules do not allow it: everything that is wrong with it.
    Faults(Vec<ImportFault>),
    /// A comment whose ticket did not come before it, or was rejected.
    NoTicket,
}

/// Takes the records of one source, in their order: a ticket, then its comments. It holds what is written at once, whatever
/// there is to import.
pub struct Importer {
    /// `None` where everything is checked and nothing is written.
    store: Option<Arc<dyn ImportRepository>>,
    clock: Arc<dyn Clock>,
    source: SourceName,
    now: Ts,
    items: Vec<ImportItem>,
    current: Option<ImportedTicket>,
    records: usize,
    bytes: usize,
    share: Share,
    summary: ImportSummary,
}

impl Importer {
    /// One that writes to this store what comes from this source.
    pub fn new(store: Arc<dyn ImportRepository>, clock: Arc<dyn Clock>, source: SourceName) -> Self {
        Self::with(Some(store), clock, source)
    }

    /// One that checks everything, and writes nothing.
    pub fn dry(clock: Arc<dyn Clock>, source: SourceName) -> Self {
        Self::with(None, clock, source)
    }

    fn with(store: Option<Arc<dyn ImportRepository>>, clock: Arc<dyn Clock>, source: SourceName) -> Self {
        Self {
            store,
            now: clock.now(),
            clock,
            source,
            items: Vec::new(),
            current: None,
            records: 0,
            bytes: 0,
            // And one: a ticket that stays for its comments' sake is not counted again.
            share: Share::new(RECORDS_AT_A_TIME + 1),
            summary: ImportSummary::default(),
        }
    }

    /// Takes a ticket.
    ///
    /// # Errors
    /// Why it was not taken. Neither are its comments, then.
    pub fn ticket(&mut self, told: TicketToImport) -> Result<(), Rejection> {
        self.current = None;
        let bytes = told.subject.as_str().len() + told.description.as_str().len();
        let ticket = told.check(self.now).map_err(Rejection::Faults)?;
        self.current = Some(ticket.clone());
        self.items.push(ImportItem { ticket, comments: Vec::new() });
        self.summary.told_tickets += 1;
        self.count(bytes);
        Ok(())
    }

    /// Says that the ticket here was none, so that what comes behind it is nobody's.
    pub fn no_ticket(&mut self) {
        self.current = None;
    }

    /// Takes a comment of the ticket that came before.
    ///
    /// # Errors
    /// Why it was not taken.
    pub fn comment(&mut self, told: CommentToImport) -> Result<(), Rejection> {
        let ticket = self.current.as_ref().ok_or(Rejection::NoTicket)?;
        let bytes = told.body.as_str().len();
        let comment = ticket.check_comment(told).map_err(Rejection::Faults)?;
        match self.items.last_mut() {
            Some(item) => item.comments.push(comment),
            // The ticket was written with the comments before this one.
            None => self.items.push(ImportItem { ticket: ticket.clone(), comments: vec![comment] }),
        }
        self.summary.told_comments += 1;
        self.count(bytes);
        Ok(())
    }

    fn count(&mut self, bytes: usize) {
        self.records += 1;
        self.bytes += bytes;
    }

    /// Whether it holds as much as is written at a time.
    pub fn is_full(&self) -> bool {
        self.records >= RECORDS_AT_A_TIME || self.bytes >= BYTES_AT_A_TIME
    }

    /// Writes what it holds.
    ///
    /// # Errors
    /// Those of the store. It goes on holding what was not written, and may be asked again: what was written all the same is not
    /// written twice. What took the store too long is then written in smaller parts.
    pub async fn write(&mut self) -> Result<(), StoreError> {
        self.now = self.clock.now();
        if let Some(store) = &self.store {
            while !self.items.is_empty() {
                let part = self.share.of(&self.items);
                let items = part.copied_from(&self.items);
                let batch = ImportBatch { source: self.source.clone(), now: self.now, items };
                let written = store.write(SystemActor::outside_any_request(), batch).await;
                if let Err(StoreError::Unavailable(_)) = &written {
                    self.share.shrink();
                }
                self.summary.add(written?);
                self.share.grow();
                part.remove_from(&mut self.items);
            }
        }
        self.items.clear();
        self.records = 0;
        self.bytes = 0;
        Ok(())
    }

    /// From now on what comes is of this source. What is held must have been written.
    pub fn goes_on_from(&mut self, source: SourceName) {
        debug_assert!(self.items.is_empty(), "it belongs to the source before");
        self.source = source;
        self.current = None;
    }

    /// What came of it so far.
    pub fn summary(&self) -> &ImportSummary {
        &self.summary
    }
}
