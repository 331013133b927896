//! Rules across rows, and the locks under which they hold until the commit.
//!
//! `FOR NO KEY UPDATE`, not `FOR UPDATE`: the latter also keeps out the locks by which a foreign key holds its row, so that
//! writing a comment would wait for whoever changes its author's name, and the two could end in a circle.

use diesel::prelude::*;
use helpdesk_domain::{Precondition, Role, Status, TicketId, UserId};

use super::dialect::Conn;
use super::shared::is_active_agent;
use super::shared::schema::{tickets, users};

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
        // All of them: of two admins who demote each other, the second sees what the first has done.
        Precondition::AnotherAdminRemains(id) => users::table
            .filter(users::role.eq(Role::Admin.as_str()))
            .filter(users::is_active.eq(true))
            .order(users::id)
            .select(users::id)
            .for_no_key_update()
            .load::<i64>(conn)
            .map(|admins| admins.iter().any(|admin| *admin != id.get())),
    }
}

/// Locks a ticket, if there is one.
pub(super) fn lock_ticket(conn: &mut Conn, id: TicketId) -> QueryResult<()> {
    tickets::table.find(id.get()).select(tickets::id).for_no_key_update().execute(conn).map(|_| ())
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
