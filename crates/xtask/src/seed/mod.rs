//! `cargo xtask seed`: a store that looks as if a help desk had been at work on it for three years.
//!
//! Tickets are made up here, and written by `helpdesk import`, as those of any other help desk would be. Run again with the same
//! numbers it goes on where it was stopped.

mod moment;
mod random;
mod store;
mod words;

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::SystemTime;

use indicatif::{ProgressBar, ProgressStyle};

use crate::Outcome;
use crate::arguments::SeedArguments;
use crate::interrupt::{Interrupts, code_of};
use crate::test_run::build_binary;
use store::Size;

/// What everybody signs in with who can.
const PASSWORD: &str = "a help desk made up";

pub(crate) fn run(arguments: &SeedArguments) -> Outcome<ExitCode> {
    let interrupts = Interrupts::listen()?;
    let outcome = build_and_fill(&interrupts, arguments);
    interrupts.received().map_or(outcome, Ok)
}

fn build_and_fill(interrupts: &Interrupts, arguments: &SeedArguments) -> Outcome<ExitCode> {
    let binary = build_binary(interrupts, &["--release".into()])?;
    let known = [
        ("admin@seed.example".to_owned(), "Admin", "admin"),
        (store::agent_email(1), "Agent 1", "agent"),
        (store::customer_email(1), "Customer 1", "customer"),
    ];
    for (email, name, role) in &known {
        make_account(&binary, &arguments.database, email, name, role)?;
    }
    let status = fill(interrupts, &binary, arguments)?;
    if status.success() {
        println!("Who can sign in, with the password {PASSWORD:?}:");
        for (email, _, role) in &known {
            println!("  {role:<9} {email}");
        }
    }
    Ok(code_of(status))
}

fn helpdesk(binary: &Path, database: &str) -> Command {
    let mut command = Command::new(binary);
    command.env("DATABASE_URL", database).env("HELPDESK_DATA_DIR", ".");
    command
}

/// Makes the account, unless it was made by an earlier run.
fn make_account(binary: &Path, database: &str, email: &str, name: &str, role: &str) -> Outcome<()> {
    let mut command = helpdesk(binary, database);
    command.args(["user", "create", "--email", email, "--name", name, "--role", role, "--password-stdin"]);
    let started = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| format!("{}: {error}", binary.display()))?;
    if let Some(mut input) = child.stdin.take() {
        // Where it does not read it, it says why.
        let _ = writeln!(input, "{PASSWORD}");
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() || said.contains("another account has this e-mail address") {
        return Ok(());
    }
    Err(format!("{email} was not made: {said}"))
}

fn fill(
    interrupts: &Interrupts,
    binary: &Path,
    arguments: &SeedArguments,
) -> Outcome<std::process::ExitStatus> {
    let size = Size { tickets: arguments.tickets, users: arguments.users };
    let mut command = helpdesk(binary, &arguments.database);
    // Another number of accounts is another store.
    command.args(["import", "-", "--source", &format!("seed of {} accounts", size.users)]);
    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| format!("{}: {error}", binary.display()))?;
    let bar = ProgressBar::new(size.tickets);
    if let Ok(style) = ProgressStyle::with_template(
        "{wide_bar} {human_pos}/{human_len} tickets, {per_sec}  {elapsed_precise}, {eta} left",
    ) {
        bar.set_style(style);
    }
    let said = repeat_what_it_says(&mut child, &bar);
    let written = write_all(interrupts, &mut child, size, &bar);
    let status = child.wait().map_err(|error| error.to_string())?;
    for thread in said {
        // It ends when the pipe does; a panic would have been told.
        drop(thread.join());
    }
    bar.finish_and_clear();
    match written {
        // The import has said why it does not read on.
        Err(_) if !status.success() => Ok(status),
        Err(error) => Err(format!("the import does not read on: {error}")),
        Ok(()) => Ok(status),
    }
}

/// What the import says goes above the bar.
fn repeat_what_it_says(child: &mut Child, bar: &ProgressBar) -> Vec<thread::JoinHandle<()>> {
    let mut threads = Vec::new();
    if let Some(pipe) = child.stderr.take() {
        let bar = bar.clone();
        threads.push(thread::spawn(move || {
            let lines = BufReader::new(pipe).lines().map_while(Result::ok);
            lines.for_each(|line| bar.suspend(|| eprintln!("{line}")));
        }));
    }
    if let Some(pipe) = child.stdout.take() {
        let bar = bar.clone();
        threads.push(thread::spawn(move || {
            let lines = BufReader::new(pipe).lines().map_while(Result::ok);
            lines.for_each(|line| bar.suspend(|| println!("{line}")));
        }));
    }
    threads
}

fn write_all(
    interrupts: &Interrupts,
    child: &mut Child,
    size: Size,
    bar: &ProgressBar,
) -> std::io::Result<()> {
    let Some(input) = child.stdin.take() else { return Ok(()) };
    let mut out = BufWriter::with_capacity(256 * 1024, input);
    let today = today();
    for number in 1..=size.tickets {
        store::write(&mut out, size, number, today)?;
        if number.is_multiple_of(500) {
            bar.set_position(number);
            if interrupts.received().is_some() {
                break;
            }
        }
    }
    out.flush()
}

/// When the day began, so that a run that goes on makes up the same.
#[expect(clippy::disallowed_methods, reason = "a chore, which has no clock of its own")]
fn today() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    now - now % (24 * 60 * 60)
}
