//! Rules across rows. Who writes holds the whole file's write lock, so that rows need none.

use diesel::dsl::exists;
use diesel::prelude::*;
use helpdesk_domain::{Precondition, Scope, Session, Team, TeamId, TicketId, UserId};

use super::dialect::Conn;
use super::shared::schema::{import_sources, team_members, teams, tickets, users};
use super::shared::{StoredTs, is_able_admin, is_active_agent, is_agent, is_resolved};

/// Whether the precondition holds, until the commit.
pub(super) fn holds(conn: &mut Conn, precondition: Precondition) -> QueryResult<bool> {
    match precondition {
        Precondition::ActiveAgent(id) => {
            diesel::select(exists(users::table.find(id.get()).filter(is_active_agent()))).get_result(conn)
        }
        Precondition::Agent(id) => {
            diesel::select(exists(users::table.find(id.get()).filter(is_agent()))).get_result(conn)
        }
        Precondition::AnotherAdminRemains(id) => {
            let others = users::table.filter(is_able_admin()).filter(users::id.ne(id.get()));
            diesel::select(exists(others)).get_result(conn)
        }
        Precondition::TeamExists(id) => diesel::select(exists(teams::table.find(id.get()))).get_result(conn),
        Precondition::ActiveMember(team, id) => {
            let member = team_members::table.find((team.get(), id.get()));
            let agent = users::table.find(id.get()).filter(is_active_agent());
            diesel::select(exists(agent).and(exists(member))).get_result(conn)
        }
    }
}

/// Those of the teams that exist, by id.
pub(super) fn hold_teams(conn: &mut Conn, ids: &[TeamId]) -> QueryResult<Vec<i64>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    teams::table.filter(teams::id.eq_any(ids)).order(teams::id).select(teams::id).load(conn)
}

/// Those of the accounts that are active agents, by id.
pub(super) fn hold_active_agents(conn: &mut Conn, ids: &[UserId]) -> QueryResult<Vec<i64>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    users::table
        .filter(users::id.eq_any(ids))
        .filter(is_active_agent())
        .order(users::id)
        .select(users::id)
        .load(conn)
}

/// Whether a team that is to go is there and has this name.
pub(super) fn lock_team_to_delete(conn: &mut Conn, team: &Team) -> QueryResult<bool> {
    let it = teams::table.find(team.id.get()).filter(teams::name.eq(team.name.as_str()));
    diesel::select(exists(it)).get_result(conn)
}

/// Whether the session's account is active and at its token version.
pub(super) fn may_open(conn: &mut Conn, session: &Session) -> QueryResult<bool> {
    let account = users::table
        .find(session.user.get())
        .filter(users::is_active.eq(true))
        .filter(users::token_version.eq(session.token_version));
    diesel::select(exists(account)).get_result(conn)
}

/// Nothing to do: see above.
#[expect(clippy::unnecessary_wraps, reason = "the other engine's can fail")]
pub(super) fn lock_session(_: &mut Conn, _: &str) -> QueryResult<()> {
    Ok(())
}

/// Nothing to do: see above.
#[expect(clippy::unnecessary_wraps, reason = "the other engine's can fail")]
pub(super) fn lock_ticket(_: &mut Conn, _: TicketId) -> QueryResult<()> {
    Ok(())
}

/// Nothing to do: see above. Which of them the scope admits, is seen when they are read.
#[expect(clippy::unnecessary_wraps, reason = "the other engine's can fail")]
pub(super) fn lock_tickets(_: &mut Conn, _: Scope, ids: &[i64]) -> QueryResult<Vec<i64>> {
    Ok(ids.to_vec())
}

/// Nothing to do: see above.
#[expect(clippy::unnecessary_wraps, reason = "the other engine's can fail")]
pub(super) fn lock_unclosed_tickets_of(_: &mut Conn, _: UserId) -> QueryResult<()> {
    Ok(())
}

/// Up to so many of the tickets that were resolved before that moment, longest ago first.
pub(super) fn lock_resolved_tickets(conn: &mut Conn, before: StoredTs, most: i64) -> QueryResult<Vec<i64>> {
    tickets::table
        .filter(is_resolved())
        .filter(tickets::resolved_at.lt(before))
        .order((tickets::resolved_at, tickets::id))
        .limit(most)
        .select(tickets::id)
        .load(conn)
}

/// The id of a source that is there.
pub(super) fn lock_source(conn: &mut Conn, name: &str) -> QueryResult<i64> {
    import_sources::table.filter(import_sources::name.eq(name)).select(import_sources::id).get_result(conn)
}
