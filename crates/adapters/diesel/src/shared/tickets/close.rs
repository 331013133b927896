//! Closing tickets by themselves.

use helpdesk_domain::{Change, Outcome, SystemActor, Ticket, Ts};
use helpdesk_ports::{Cause, StoreError};

use super::super::dialect::Conn;
use super::super::{Failure, locks};
use super::{read, write_all};

/// How many tickets are read and written at a time: enough that statements count for nothing, and few enough to hold.
const AT_A_TIME: usize = 500;

/// Closes what is due, in its caller's transaction. It waits for no lock: who holds any of these tickets keeps it.
pub(super) fn close_resolved(
    conn: &mut Conn,
    by: SystemActor,
    resolved_before: Ts,
    now: Ts,
    most: usize,
) -> Result<usize, Failure> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let ids = locks::lock_resolved_tickets(conn, resolved_before.into(), limit)?;
    let mut closed = 0;
    for some in ids.chunks(AT_A_TIME) {
        let held = read::with_ids(conn, some)?;
        let decided: Vec<_> =
            held.iter().map(|ticket| close(ticket, by, resolved_before, now)).collect::<Result<_, _>>()?;
        let changes: Vec<_> = decided.into_iter().flatten().collect();
        write_all(conn, &changes)?;
        closed += changes.len();
    }
    Ok(closed)
}

fn close(
    ticket: &Ticket,
    by: SystemActor,
    resolved_before: Ts,
    now: Ts,
) -> Result<Option<Change>, StoreError> {
    match ticket.close_by_itself(by, resolved_before, now) {
        Ok(Outcome::Unchanged) => Ok(None),
        Ok(Outcome::Changed(change)) => Ok(Some(*change)),
        Err(refusal) => {
            Err(StoreError::Fault(Cause::new(format!("a ticket cannot close by itself: {refusal}"))))
        }
    }
}
