//! Changing an account.

use diesel::prelude::*;
use helpdesk_domain::{AccountChange, Actor, Outcome, Ticket, Ts, UserId};
use helpdesk_ports::{AccountCommit, Cause, StoreError};

use super::super::dialect::Conn;
use super::super::schema::{sessions, team_members, teams, users};
use super::super::tickets::{self, Written};
use super::super::{Failure, StoredTs, locks};

/// Writes the change. The order of its locks is that of every transaction: accounts, by id, before tickets, by id.
pub(super) fn commit(conn: &mut Conn, change: &AccountChange) -> Result<AccountCommit, Failure> {
    if let Some(precondition) = change.precondition()
        && !locks::holds(conn, precondition)?
    {
        return Ok(AccountCommit::Unmet(precondition));
    }
    let record = change.user().record();
    // The address is left out: nothing changes it, and to Postgres writing a unique key is a stronger lock.
    let written = diesel::update(users::table.find(record.id.get()))
        .filter(users::version.eq(change.base_version()))
        .set((
            users::name.eq(record.name.as_str()),
            users::role.eq(record.role.as_str()),
            users::is_active.eq(record.is_active),
            users::version.eq(record.version),
            users::token_version.eq(record.token_version),
            users::updated_at.eq(StoredTs::from(record.updated_at)),
        ))
        .execute(conn)?;
    if written == 0 {
        return Ok(AccountCommit::Stale);
    }
    if change.ends_sessions() {
        end_sessions(conn, record.id, record.updated_at)?;
    }
    if change.becomes_agent() && !is_in_a_team(conn, record.id)? {
        join_default_team(conn, record.id)?;
    }
    if change.gives_tickets_back() {
        give_tickets_back(conn, change)?;
    }
    Ok(AccountCommit::Done(change.user().clone()))
}

fn end_sessions(conn: &mut Conn, user: UserId, at: Ts) -> QueryResult<usize> {
    diesel::update(sessions::table)
        .filter(sessions::user_id.eq(user.get()))
        .filter(sessions::revoked_at.is_null())
        .set(sessions::revoked_at.eq(StoredTs::from(at)))
        .execute(conn)
}

fn is_in_a_team(conn: &mut Conn, user: UserId) -> QueryResult<bool> {
    let memberships = team_members::table.filter(team_members::user_id.eq(user.get()));
    diesel::select(diesel::dsl::exists(memberships)).get_result(conn)
}

pub(super) fn join_default_team(conn: &mut Conn, user: UserId) -> Result<(), Failure> {
    let team: i64 = teams::table.filter(teams::is_default.eq(true)).select(teams::id).get_result(conn)?;
    diesel::insert_into(team_members::table)
        .values((team_members::team_id.eq(team), team_members::user_id.eq(user.get())))
        .execute(conn)?;
    Ok(())
}

/// The account's row is locked by now, so no ticket can be assigned to it any more; those that are, are locked next.
fn give_tickets_back(conn: &mut Conn, change: &AccountChange) -> Result<(), Failure> {
    let agent = change.user().id();
    let by = Actor::from(change.by());
    let at = change.user().record().updated_at;
    locks::lock_unclosed_tickets_of(conn, agent)?;
    for ticket in tickets::unclosed_of(conn, agent)? {
        give_back(conn, &ticket, &by, at)?;
    }
    Ok(())
}

fn give_back(conn: &mut Conn, ticket: &Ticket, by: &Actor, at: Ts) -> Result<(), Failure> {
    match ticket.give_back(by, at) {
        Ok(Outcome::Unchanged) => Ok(()),
        Ok(Outcome::Changed(change)) => match tickets::write(conn, &change)? {
            Written::Done(_) => Ok(()),
            Written::Stale => Err(fault("a locked ticket has changed").into()),
        },
        Err(refusal) => Err(fault(&format!("a ticket cannot be given back: {refusal}")).into()),
    }
}

fn fault(what: &str) -> StoreError {
    StoreError::Fault(Cause::new(what))
}
