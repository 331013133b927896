//! Rules across rows. Who writes holds the whole file's write lock, so that rows need none.

use diesel::prelude::*;
use helpdesk_domain::{Precondition, Role, TicketId, UserId};

use super::dialect::Conn;
use super::shared::is_active_agent;
use super::shared::schema::users;

/// Whether the precondition holds, until the commit.
pub(super) fn holds(conn: &mut Conn, precondition: Precondition) -> QueryResult<bool> {
    match precondition {
        Precondition::ActiveAgent(id) => {
            diesel::select(diesel::dsl::exists(users::table.find(id.get()).filter(is_active_agent())))
                .get_result(conn)
        }
        Precondition::AnotherAdminRemains(id) => diesel::select(diesel::dsl::exists(
            users::table
                .filter(users::role.eq(Role::Admin.as_str()))
                .filter(users::is_active.eq(true))
                .filter(users::id.ne(id.get())),
        ))
        .get_result(conn),
    }
}

/// Nothing to do: see above.
#[expect(clippy::unnecessary_wraps, reason = "the other engine's can fail")]
pub(super) fn lock_ticket(_: &mut Conn, _: TicketId) -> QueryResult<()> {
    Ok(())
}

/// Nothing to do: see above.
#[expect(clippy::unnecessary_wraps, reason = "the other engine's can fail")]
pub(super) fn lock_unclosed_tickets_of(_: &mut Conn, _: UserId) -> QueryResult<()> {
    Ok(())
}
