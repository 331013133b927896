//! Deciding about many tickets in one transaction, by as many statements as one ticket takes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use helpdesk_domain::{Change, Outcome, Precondition, Refusal, Scope, Ticket, TicketId};
use helpdesk_ports::{Cause, DecideEach, Decided, StoreError};

use super::super::dialect::Conn;
use super::super::{Failure, locks};
use super::read;
use super::write::{place_in_line, write_all};

type Decision = Result<Outcome, Refusal>;

/// Decides twice: without locks, to learn which accounts and teams have to be held before the tickets are locked (the order of
/// locks is the same everywhere), and then about the tickets as they are behind their locks. Only where one of them has changed in between so that
/// it now depends on something else, that is held out of turn.
pub(super) fn decide_many(
    conn: &mut Conn,
    scope: Scope,
    ids: &[TicketId],
    decide: &DecideEach,
) -> Result<Decided, Failure> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let mut held = Held::default();
    let unlocked = read::with_ids_in_scope(conn, scope, &ids)?;
    decide_each(conn, &unlocked, decide, &mut held)?;

    // What comes into the scope behind the lock is not locked, and left out.
    let locked = locks::lock_tickets(conn, scope, &ids)?;
    let tickets = read::with_ids_in_scope(conn, scope, &locked)?;
    let decisions = decide_each(conn, &tickets, decide, &mut held)?;
    let mut decided = Decided::new();
    let mut changes: Vec<Change> = Vec::new();
    for (ticket, decision) in tickets.into_iter().zip(decisions) {
        let id = ticket.id();
        let comes_to = match decision {
            Err(refusal) => Err(refusal),
            Ok(Outcome::Unchanged) => Ok(ticket),
            Ok(Outcome::Changed(change)) => {
                let now = change.ticket().clone();
                changes.push(*change);
                Ok(now)
            }
        };
        decided.insert(id, comes_to);
    }
    if !changes.is_empty() {
        write_all(conn, &changes)?;
    }
    Ok(decided)
}

/// Decides about each of the tickets until all that the decisions depend on holds.
fn decide_each(
    conn: &mut Conn,
    tickets: &[Ticket],
    decide: &DecideEach,
    held: &mut Held,
) -> Result<Vec<Decision>, Failure> {
    let mut decisions: Vec<Decision> = tickets.iter().map(|ticket| decide(ticket, &[])).collect();
    let mut unmet = vec![Vec::new(); tickets.len()];
    loop {
        held.hold(conn, decisions.iter().flat_map(preconditions))?;
        let mut is_settled = true;
        for ((ticket, decision), unmet) in tickets.iter().zip(&mut decisions).zip(&mut unmet) {
            let Some(one_more) = held.first_unmet(preconditions(decision)) else { continue };
            if unmet.contains(&one_more) {
                return Err(StoreError::Fault(Cause::new("it asks again for what does not hold")).into());
            }
            unmet.push(one_more);
            *decision = decide(ticket, unmet);
            is_settled = false;
        }
        if is_settled {
            return Ok(decisions);
        }
    }
}

fn preconditions(decision: &Decision) -> &[Precondition] {
    match decision {
        Ok(Outcome::Changed(change)) => change.preconditions(),
        Ok(Outcome::Unchanged) | Err(_) => &[],
    }
}

/// What was asked for and whether it holds. What does is held until the commit.
#[derive(Default)]
struct Held(HashMap<Precondition, bool>);

impl Held {
    /// Asks for each once, and for all agents by one statement: there may be as many as there are tickets.
    fn hold<'a>(
        &mut self,
        conn: &mut Conn,
        wanted: impl Iterator<Item = &'a Precondition>,
    ) -> Result<(), Failure> {
        let mut new: Vec<_> = wanted.filter(|wanted| !self.0.contains_key(wanted)).copied().collect();
        new.sort_unstable_by_key(place_in_line);
        let agents: Vec<_> = new
            .iter()
            .filter_map(|precondition| match precondition {
                Precondition::ActiveAgent(id) => Some(*id),
                _ => None,
            })
            .collect();
        if !agents.is_empty() {
            let active = locks::hold_active_agents(conn, &agents)?;
            let answers =
                agents.iter().map(|id| (Precondition::ActiveAgent(*id), active.contains(&id.get())));
            self.0.extend(answers);
        }
        for precondition in new {
            if let Entry::Vacant(unknown) = self.0.entry(precondition) {
                unknown.insert(locks::holds(conn, precondition)?);
            }
        }
        Ok(())
    }

    /// The first, in the order of locks, that does not hold.
    fn first_unmet(&self, preconditions: &[Precondition]) -> Option<Precondition> {
        let unmet = preconditions.iter().filter(|precondition| self.0.get(precondition) == Some(&false));
        unmet.min_by_key(|precondition| place_in_line(precondition)).copied()
    }
}
