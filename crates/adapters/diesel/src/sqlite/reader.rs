//! Reads that wait at the same time look at one snapshot: taking one, and giving it back, costs a third of a look-up.

use diesel::connection::{AnsiTransactionManager, TransactionManager};

use super::connection::Manager;
use super::dialect::Conn;
use crate::executor::{Job, Seat, run_then};

/// Runs the batch's reads one after the other, and answers them when all have run: each answer wakes somebody, who would take the
/// processor from the next read. The snapshot is taken after the last of them was asked for, so that each sees all that was
/// acknowledged before.
pub(super) fn run_in_snapshot(seat: &mut Seat<Manager>, batch: Vec<Box<dyn Job<Conn>>>) {
    // One alone has its statement's own. If it cannot be had, each read finds out for itself what is wrong.
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
