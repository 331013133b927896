//! Reads that wait at the same time look at one snapshot: taking one, and giving it back, costs a third of a look-up.

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};

use super::READ_BATCH;
use super::connection::Manager;
use super::dialect::Conn;
use super::shared::Failure;
use crate::executor::{Job, Seat, run_then};

type Jobs = Vec<Box<dyn Job<Conn>>>;

/// Runs the batch's reads, those that share a snapshot together.
pub(super) fn run_in_snapshots(seat: &mut Seat<Manager>, batch: Jobs) {
    let mut jobs = batch.into_iter();
    loop {
        let together = next_of(&mut jobs);
        if together.is_empty() {
            return;
        }
        run_in_snapshot(seat, together);
    }
}

/// The next jobs that share a snapshot, whose calls are no more, but for those of the last, than a thread takes jobs: all that is read
/// for them is in memory at once, and the first waits for the last.
fn next_of(jobs: &mut impl Iterator<Item = Box<dyn Job<Conn>>>) -> Jobs {
    let (mut together, mut calls) = (Vec::new(), 0);
    while calls < READ_BATCH
        && let Some(mut job) = jobs.next()
    {
        calls += job.settle();
        together.push(job);
    }
    together
}

/// Runs reads one after the other, and answers them when all have run: each answer wakes somebody, who would take the processor from
/// the next read. The snapshot is taken after the last of them was asked for, so that each sees all that was acknowledged before.
fn run_in_snapshot(seat: &mut Seat<Manager>, batch: Jobs) {
    // One alone has its statement's own, or begins one itself. If it cannot be had, each read finds out for itself what is wrong.
    let has_begun = batch.len() > 1 && seat.connection().is_ok_and(begin);
    let mut have_run = Vec::with_capacity(batch.len());
    run_then(seat, batch, |job| have_run.push(job));
    if has_begun && !seat.connection().is_ok_and(end) {
        seat.retire();
    }
    for job in have_run {
        job.answer();
    }
}

/// Does so many reads in one snapshot: in that of the jobs that run together, if they have one, before which all had asked. One read
/// alone has its statements' own.
pub(super) fn in_one_snapshot<T>(
    conn: &mut Conn,
    reads: usize,
    read: impl FnOnce(&mut Conn) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let status = AnsiTransactionManager::transaction_manager_status_mut(conn);
    let has_begun = matches!(status.transaction_depth(), Ok(Some(_)));
    if reads < 2 || has_begun { read(conn) } else { conn.transaction(read) }
}

fn begin(conn: &mut Conn) -> bool {
    AnsiTransactionManager::begin_transaction(conn).is_ok()
}

/// Ends the transaction, if the connection still is the one that began it and not one that took its place.
fn end(conn: &mut Conn) -> bool {
    let is_open = AnsiTransactionManager::transaction_manager_status_mut(conn).transaction_depth();
    match is_open {
        Ok(None) => true,
        Ok(Some(_)) => AnsiTransactionManager::commit_transaction(conn).is_ok(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
