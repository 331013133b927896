//! Reading history.

use diesel::prelude::*;
use helpdesk_domain::{EventRecord, Scope, TicketId};
use helpdesk_ports::{EventPosition, Page, PageRequest};

use super::super::dialect::Conn;
use super::super::rows::{EventRow, JoinedEvent};
use super::super::schema::{ticket_events, users};
use super::super::{Failure, StoredTs, scope as sql_scope};
use super::{one_more_than, read};

/// The events of a ticket, if the scope admits it.
pub(super) fn of_ticket_in_scope(
    conn: &mut Conn,
    scope: Scope,
    id: TicketId,
    page: &PageRequest<EventPosition>,
) -> Result<Option<Page<EventRecord, EventPosition>>, Failure> {
    if !read::is_in_scope(conn, scope, id)? {
        return Ok(None);
    }
    let mut query = ticket_events::table
        .left_join(users::table)
        .filter(ticket_events::ticket_id.eq(id.get()))
        .filter(sql_scope::admits_event(scope.comments()))
        .order((ticket_events::at, ticket_events::id))
        .limit(one_more_than(page.limit))
        .select((EventRow::as_select(), users::name.nullable()))
        .into_boxed();
    if let Some(after) = page.after {
        let at = StoredTs::from(after.at);
        query = query
            .filter(ticket_events::at.ge(at))
            .filter(ticket_events::at.gt(at).or(ticket_events::id.gt(after.id.get())));
    }
    let rows: Vec<JoinedEvent> = query.load(conn)?;
    let read = rows.into_iter().map(EventRecord::try_from).collect::<Result<_, _>>()?;
    Ok(Some(Page::of_rows_read_ahead(read, page.limit, EventPosition::of)))
}
