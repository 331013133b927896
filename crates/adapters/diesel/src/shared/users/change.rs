//! Changing an account.

use diesel::prelude::*;
use helpdesk_domain::{AccountChange, Actor, Change, CredentialChange, Outcome, Ticket, Ts, UserId};
use helpdesk_ports::{AccountCommit, Cause, StoreError};

use super::super::dialect::Conn;
use super::super::schema::{team_members, users};
use super::super::update::update;
use super::super::{Failure, StoredTs, audit, locks, sessions, teams, tickets};
use super::invitations;

/// Writes the change. The order of its locks is that of every transaction: accounts, then teams, then sessions, then tickets.
pub(super) fn commit(conn: &mut Conn, change: &AccountChange) -> Result<AccountCommit, Failure> {
    if let Some(precondition) = change.precondition()
        && !locks::holds(conn, precondition)?
    {
        return Ok(AccountCommit::Unmet(precondition));
    }
    if !update_account(conn, change)? {
        return Ok(AccountCommit::Stale);
    }
    let user = change.user();
    if change.leaves_teams() {
        teams::leave_all(conn, user.id())?;
    }
    if change.becomes_agent() && !is_in_a_team(conn, user.id())? {
        teams::join_default(conn, user.id())?;
    }
    match change.credential() {
        CredentialChange::Keep => {}
        CredentialChange::Password(_) => invitations::forget(conn, user.id())?,
        CredentialChange::Invitation(invitation) => {
            invitations::forget(conn, user.id())?;
            invitations::invite(conn, user.id(), invitation, user.record().updated_at)?;
        }
    }
    sessions::end_of_account(conn, user, change.ended_sessions())?;
    if change.gives_tickets_back() {
        give_tickets_back(conn, change)?;
    }
    audit::record(conn, change.audit())?;
    Ok(AccountCommit::Done(user.clone()))
}

/// Whether the account still was at the version that was decided upon.
fn update_account(conn: &mut Conn, change: &AccountChange) -> QueryResult<bool> {
    let record = change.user().record();
    let password = match change.credential() {
        CredentialChange::Keep => None,
        CredentialChange::Password(password) => Some(Some(password)),
        CredentialChange::Invitation(_) => Some(None),
    };
    // The address is left out: nothing changes it, and to Postgres writing a unique key is a stronger lock.
    let changes = (
        users::name.eq(record.name.as_str()),
        users::role.eq(record.role.as_str()),
        users::is_active.eq(record.is_active),
        users::version.eq(record.version),
        users::token_version.eq(record.token_version),
        users::updated_at.eq(StoredTs::from(record.updated_at)),
        password.map(|password| {
            (
                users::password_scheme.eq(password.map(|password| password.scheme)),
                users::password_hash.eq(password.map(|password| password.text.as_str())),
            )
        }),
    );
    let as_decided_upon = users::id.eq(record.id.get()).and(users::version.eq(change.base_version()));
    Ok(update(&users::table, changes, as_decided_upon).execute(conn)? > 0)
}

fn is_in_a_team(conn: &mut Conn, user: UserId) -> QueryResult<bool> {
    let memberships = team_members::table.filter(team_members::user_id.eq(user.get()));
    diesel::select(diesel::dsl::exists(memberships)).get_result(conn)
}

/// How many tickets are read and written at a time: enough that statements count for nothing, and few enough to hold.
const AT_A_TIME: usize = 500;

/// The account's row is locked by now, so no ticket can be assigned to it any more; those that are, are locked next.
fn give_tickets_back(conn: &mut Conn, change: &AccountChange) -> Result<(), Failure> {
    let agent = change.user().id();
    let by = change.by();
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
