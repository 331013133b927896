//! The one writer: a batch is one transaction, each of its requests a savepoint, and none is answered before the commit.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::Error;
use helpdesk_ports::{Cause, StoreError};

use super::connection::Manager;
use super::dialect::{self, Conn};
use crate::executor::{Job, Ran, Seat};

type Jobs = Vec<Box<dyn Job<Conn>>>;

/// Runs the batch in one transaction, then answers.
pub(super) fn run_together(seat: &mut Seat<Manager>, batch: Jobs) {
    let run = match seat.connection() {
        Ok(conn) => run(conn, batch),
        Err(error) => {
            refuse(batch, &error);
            return;
        }
    };
    match run {
        Ok(Committed { jobs, is_sound }) => {
            if !is_sound {
                seat.retire();
            }
            for job in jobs {
                job.answer();
            }
        }
        Err(Lost { jobs, error }) => {
            seat.retire();
            refuse(jobs, &error);
        }
    }
}

/// The transaction was committed, with what each job wrote or without.
struct Committed {
    jobs: Jobs,
    /// Whether the connection may be used again.
    is_sound: bool,
}

/// Nothing of the transaction was kept.
struct Lost {
    jobs: Jobs,
    error: StoreError,
}

fn run(conn: &mut Conn, mut jobs: Jobs) -> Result<Committed, Lost> {
    // IMMEDIATE takes the write lock now, where waiting for it is possible, and not in the middle.
    if let Err(error) = AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE") {
        return Err(Lost { jobs, error: unavailable(&error) });
    }
    let mut is_sound = true;
    for job in &mut jobs {
        // Waiting for the lock, and for the jobs before, may have taken longer than its caller waits. It was told that nothing
        // was done.
        if job.is_abandoned() {
            continue;
        }
        match run_in_savepoint(conn, job.as_mut()) {
            Ok(ran) => is_sound &= ran != Ran::Suspect,
            Err(error) => {
                // SQLite has given up the transaction, on a full disk for one; this makes sure of it.
                let rollback = AnsiTransactionManager::rollback_transaction(conn);
                log::warn!("a write transaction was lost: {error}; rolling back: {rollback:?}");
                return Err(Lost { jobs, error: unavailable(&error) });
            }
        }
    }
    match AnsiTransactionManager::commit_transaction(conn) {
        Ok(()) => Ok(Committed { jobs, is_sound }),
        Err(error) => Err(Lost { jobs, error: unavailable(&error) }),
    }
}

/// Runs one job so that nothing of it stays if it fails. An error means that the transaction itself is lost.
fn run_in_savepoint(conn: &mut Conn, job: &mut dyn Job<Conn>) -> Result<Ran, Error> {
    conn.batch_execute("SAVEPOINT request")?;
    let ran = job.run(conn);
    if ran != Ran::Done || job.is_abandoned() {
        conn.batch_execute("ROLLBACK TO request")?;
    }
    conn.batch_execute("RELEASE request")?;
    Ok(ran)
}

/// Whatever it was, none of the batch was written for it.
fn unavailable(error: &Error) -> StoreError {
    match dialect::classify(error) {
        error @ StoreError::Unavailable(_) => error,
        _ => StoreError::Unavailable(Cause::new(error)),
    }
}

fn refuse(jobs: Jobs, error: &StoreError) {
    for job in jobs {
        job.refuse(error.clone());
    }
}

#[cfg(test)]
mod tests;
