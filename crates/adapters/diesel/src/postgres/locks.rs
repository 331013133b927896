//! Rules across rows, and the locks under which they hold until the commit. Their order is written down where tickets are
//! written.
//!
//! `FOR NO KEY UPDATE`, not `FOR UPDATE`: the latter also keeps out the locks by which a foreign key holds its row, so that
//! writing a comment would wait for whoever changes its author's name, and the two could end in a circle. A team that is to go
//! is the exception: keeping those out is what its lock is for.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use helpdesk_domain::{Precondition, Scope, Session, Status, Team, TeamId, TicketId, UserId};

use super::dialect::Conn;
use super::shared::schema::{import_sources, sessions, team_members, teams, tickets, users};
use super::shared::scope::admits;
use super::shared::{StoredTs, is_able_admin, is_active_agent, is_agent, is_resolved};

/// Whether the precondition holds, until the commit.
pub(super) fn holds(conn: &mut Conn, precondition: Precondition) -> QueryResult<bool> {
    match precondition {
        // Shared: many tickets can be assigned to one agent at once, but meanwhile nobody can disable it.
        Precondition::ActiveAgent(id) => users::table
            .find(id.get())
            .filter(is_active_agent())
            .select(users::id)
            .for_share()
            .get_result::<i64>(conn)
            .optional()
            .map(|found| found.is_some()),
        Precondition::Agent(id) => users::table
            .find(id.get())
            .filter(is_agent())
            .select(users::id)
            .for_share()
            .get_result::<i64>(conn)
            .optional()
            .map(|found| found.is_some()),
        // All of them: of two admins who demote each other, the second sees what the first has done.
        Precondition::AnotherAdminRemains(id) => users::table
            .filter(is_able_admin())
            .order(users::id)
            .select(users::id)
            .for_no_key_update()
            .load::<i64>(conn)
            .map(|admins| admins.iter().any(|admin| *admin != id.get())),
        // As a foreign key holds it: it may get another name for all that, and cannot go.
        Precondition::TeamExists(id) => teams::table
            .find(id.get())
            .select(teams::id)
            .for_key_share()
            .get_result::<i64>(conn)
            .optional()
            .map(|found| found.is_some()),
        // The account first, as everywhere. Then its being a member: who takes it out of the team waits, or has been waited for.
        Precondition::ActiveMember(team, id) => {
            if !holds(conn, Precondition::ActiveAgent(id))? {
                return Ok(false);
            }
            team_members::table
                .find((team.get(), id.get()))
                .select(team_members::user_id)
                .for_key_share()
                .get_result::<i64>(conn)
                .optional()
                .map(|found| found.is_some())
        }
    }
}

/// Those of the teams that exist, by id. Until the commit none of them goes.
pub(super) fn hold_teams(conn: &mut Conn, ids: &[TeamId]) -> QueryResult<Vec<i64>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    teams::table.filter(teams::id.eq_any(ids)).order(teams::id).select(teams::id).for_key_share().load(conn)
}

/// Those of the accounts that are active agents, by id. They stay so until the commit.
pub(super) fn hold_active_agents(conn: &mut Conn, ids: &[UserId]) -> QueryResult<Vec<i64>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    users::table
        .filter(users::id.eq_any(ids))
        .filter(is_active_agent())
        .order(users::id)
        .select(users::id)
        .for_share()
        .load(conn)
}

/// Locks a team that is to go, if it is there and has this name. Until the commit nothing can refer to it; whoever was about to
/// has been waited for, and is seen by the next statement.
///
/// Deleting it has the server look for its tickets once more, by a plan of its own that is made in this transaction. Where few
/// teams share very many tickets it would rather read them all than use their index, for as long as that takes.
pub(super) fn lock_team_to_delete(conn: &mut Conn, team: &Team) -> QueryResult<bool> {
    conn.batch_execute("SET LOCAL enable_seqscan = off")?;
    teams::table
        .find(team.id.get())
        .filter(teams::name.eq(team.name.as_str()))
        .select(teams::id)
        .for_update()
        .get_result::<i64>(conn)
        .optional()
        .map(|found| found.is_some())
}

/// Whether the session's account is active and at its token version, until the commit. Shared: an account may sign in many times
/// at once.
pub(super) fn may_open(conn: &mut Conn, session: &Session) -> QueryResult<bool> {
    users::table
        .find(session.user.get())
        .filter(users::is_active.eq(true))
        .filter(users::token_version.eq(session.token_version))
        .select(users::id)
        .for_share()
        .get_result::<i64>(conn)
        .optional()
        .map(|found| found.is_some())
}

/// Locks a session, if there is one.
pub(super) fn lock_session(conn: &mut Conn, id: &str) -> QueryResult<()> {
    sessions::table.find(id).select(sessions::id).for_no_key_update().execute(conn).map(|_| ())
}

/// Locks a ticket, if there is one.
pub(super) fn lock_ticket(conn: &mut Conn, id: TicketId) -> QueryResult<()> {
    tickets::table.find(id.get()).select(tickets::id).for_no_key_update().execute(conn).map(|_| ())
}

/// Locks those of the tickets that the scope admits, by id, and says which. A ticket that had to be waited for is looked at again.
pub(super) fn lock_tickets(conn: &mut Conn, scope: Scope, ids: &[i64]) -> QueryResult<Vec<i64>> {
    tickets::table
        .filter(tickets::id.eq_any(ids))
        .filter(admits(scope))
        .order(tickets::id)
        .select(tickets::id)
        .for_no_key_update()
        .load(conn)
}

/// Locks those of the agent's tickets that are not closed, by id.
pub(super) fn lock_unclosed_tickets_of(conn: &mut Conn, agent: UserId) -> QueryResult<()> {
    tickets::table
        .filter(tickets::assignee_id.eq(agent.get()))
        .filter(tickets::status.ne(Status::Closed.as_str()))
        .order(tickets::id)
        .select(tickets::id)
        .for_no_key_update()
        .execute(conn)
        .map(|_| ())
}

/// Locks up to so many of the tickets that were resolved before that moment, longest ago first, and says which. What somebody
/// else has locked is passed over.
pub(super) fn lock_resolved_tickets(conn: &mut Conn, before: StoredTs, most: i64) -> QueryResult<Vec<i64>> {
    tickets::table
        .filter(is_resolved())
        .filter(tickets::resolved_at.lt(before))
        .order((tickets::resolved_at, tickets::id))
        .limit(most)
        .select(tickets::id)
        .for_no_key_update()
        .skip_locked()
        .load(conn)
}

/// The id of a source that is there. Until the commit nobody else imports from it.
pub(super) fn lock_source(conn: &mut Conn, name: &str) -> QueryResult<i64> {
    import_sources::table
        .filter(import_sources::name.eq(name))
        .select(import_sources::id)
        .for_no_key_update()
        .get_result(conn)
}
