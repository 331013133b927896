//! Changing an account.

use diesel::prelude::*;
use helpdesk_domain::{AccountChange, Actor, Change, Outcome, Ticket, Ts, UserId};
use helpdesk_ports::{AccountCommit, Cause, StoreError};

use super::super::dialect::Conn;
use super::super::schema::{sessions, team_members, teams, users};
use super::super::tickets;
use super::super::update::update;
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
    let changes = (
        users::name.eq(record.name.as_str()),
        users::role.eq(record.role.as_str()),
        users::is_active.eq(record.is_active),
        users::version.eq(record.version),
        users::token_version.eq(record.token_version),
        users::updated_at.eq(StoredTs::from(record.updated_at)),
    );
    let as_decided_upon = users::id.eq(record.id.get()).and(users::version.eq(change.base_version()));
    let written = update(&users::table, changes, as_decided_upon).execute(conn)?;
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
    let unended = sessions::user_id.eq(user.get()).and(sessions::revoked_at.is_null());
    update(&sessions::table, sessions::revoked_at.eq(StoredTs::from(at)), unended).execute(conn)
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

/// How many tickets are read and written at a time: enough that statements count for nothing, and few enough to hold.
const AT_A_TIME: usize = 500;

/// The account's row is locked by now, so no ticket can be assigned to it any more; those that are, are locked next.
fn give_tickets_back(conn: &mut Conn, change: &AccountChange) -> Result<(), Failure> {
    let agent = change.user().id();
    let by = Actor::from(change.by());
    let at = change.user().record().updated_at;
    let limit = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
    locks::lock_unclosed_tickets_of(conn, agent)?;
    let mut after = None;
    loop {
        let held = tickets::unclosed_of(conn, agent, after, limit)?;
        let Some(last) = held.last() else {
            return Ok(());
        };
        after = Some(last.id());
        let decided: Vec<_> =
            held.iter().map(|ticket| give_back(ticket, &by, at)).collect::<Result<_, _>>()?;
        tickets::write_all(conn, &decided.into_iter().flatten().collect::<Vec<_>>())?;
        if held.len() < AT_A_TIME {
            return Ok(());
        }
    }
}

fn give_back(ticket: &Ticket, by: &Actor, at: Ts) -> Result<Option<Change>, StoreError> {
    match ticket.give_back(by, at) {
        Ok(Outcome::Unchanged) => Ok(None),
        Ok(Outcome::Changed(change)) => Ok(Some(*change)),
        Err(refusal) => {
            Err(StoreError::Fault(Cause::new(format!("a ticket cannot be given back: {refusal}"))))
        }
    }
}
