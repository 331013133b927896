//! Reading tickets.

use diesel::prelude::*;
use helpdesk_domain::{QueueScope, Scope, Status, Ticket, TicketId, UserId};
use helpdesk_ports::{CommentPosition, PageRequest, TicketWithComments};

use super::super::dialect::Conn;
use super::super::rows::{JoinedTicket, NamesAtHand, TicketRow};
use super::super::schema::{teams, tickets, users};
use super::super::{Failure, scope as sql_scope, written_once};
use super::comments;

// The account table, once as those who asked and once as those who work.
diesel::alias! {
    pub(in super::super::super) const REQUESTERS: Alias<Requesters> = users as requesters;
    pub(in super::super::super) const ASSIGNEES: Alias<Assignees> = users as assignees;
}

/// Tickets with the names around them, as [`JoinedTicket`] reads them. A macro, since such a query's type has no name.
///
/// Every ticket has a requester and a team. They are left joins all the same, so that whatever an engine thinks of its
/// tables, it begins with the tickets: begun with the one team, a list means to read and sort them all.
macro_rules! joined_tickets {
    () => {
        tickets::table
            .left_join(REQUESTERS.on(REQUESTERS.field(users::id).eq(tickets::requester_id)))
            .left_join(ASSIGNEES.on(ASSIGNEES.field(users::id).nullable().eq(tickets::assignee_id)))
            .left_join(teams::table)
            .select((
                TicketRow::as_select(),
                REQUESTERS.field(users::name).nullable().assume_not_null(),
                REQUESTERS.field(users::email).nullable().assume_not_null(),
                ASSIGNEES.field(users::name).nullable(),
                teams::name.nullable().assume_not_null(),
            ))
    };
}
pub(in super::super::super) use joined_tickets;

/// The ticket first, then its comments: a change between the two shows in the ticket's version.
pub(in super::super::super) fn find(
    conn: &mut Conn,
    scope: Scope,
    id: TicketId,
    page: &PageRequest<CommentPosition>,
) -> Result<Option<TicketWithComments>, Failure> {
    let Some(ticket) = in_scope(conn, scope, id)? else {
        return Ok(None);
    };
    let comments = comments::of_ticket(conn, scope.comments(), id, NamesAtHand::of(&ticket), page)?;
    Ok(Some(TicketWithComments { ticket, comments }))
}

/// A ticket, if the scope admits it: the rule itself is asked, before anything else is made of the row. So there is one statement
/// for all scopes, which is written out once.
pub(super) fn in_scope(conn: &mut Conn, scope: Scope, id: TicketId) -> Result<Option<Ticket>, Failure> {
    let ticket = joined_tickets!().filter(tickets::id.eq(id.get()));
    let row: Option<JoinedTicket> = written_once(ticket).get_result(conn).optional()?;
    match row {
        Some(row) if scope.admits(&row.ticket.facts()?) => Ok(Some(row.try_into()?)),
        _ => Ok(None),
    }
}

/// Whether the scope admits the ticket.
pub(super) fn is_in_scope(conn: &mut Conn, scope: Scope, id: TicketId) -> QueryResult<bool> {
    let found: Option<i64> = tickets::table
        .find(id.get())
        .filter(sql_scope::admits(scope))
        .select(tickets::id)
        .get_result(conn)
        .optional()?;
    Ok(found.is_some())
}

/// A ticket that the agent may try to claim.
pub(super) fn claimable(conn: &mut Conn, queue: QueueScope, id: TicketId) -> Result<Option<Ticket>, Failure> {
    let row: Option<JoinedTicket> = joined_tickets!()
        .filter(tickets::id.eq(id.get()))
        .filter(sql_scope::reaches(queue))
        .get_result(conn)
        .optional()?;
    Ok(row.map(Ticket::try_from).transpose()?)
}

/// The tickets with these ids, in no order. Who may see them, is for the caller to ask.
pub(in super::super) fn with_ids(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Ticket>, Failure> {
    let rows: Vec<JoinedTicket> = joined_tickets!().filter(tickets::id.eq_any(ids)).load(conn)?;
    Ok(rows.into_iter().map(Ticket::try_from).collect::<Result<_, _>>()?)
}

/// Those of the tickets that the scope admits, by id.
pub(super) fn with_ids_in_scope(conn: &mut Conn, scope: Scope, ids: &[i64]) -> Result<Vec<Ticket>, Failure> {
    let rows: Vec<JoinedTicket> = joined_tickets!()
        .filter(tickets::id.eq_any(ids))
        .filter(sql_scope::admits(scope))
        .order(tickets::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Ticket::try_from).collect::<Result<_, _>>()?)
}

/// The first of an agent's tickets, by id, that are not closed and come behind this one: what it gives back when it is an
/// agent no more.
pub(in super::super) fn unclosed_of(
    conn: &mut Conn,
    agent: UserId,
    after: Option<TicketId>,
    limit: i64,
) -> Result<Vec<Ticket>, Failure> {
    let rows: Vec<JoinedTicket> = joined_tickets!()
        .filter(tickets::assignee_id.eq(agent.get()))
        .filter(tickets::status.ne(Status::Closed.as_str()))
        .filter(tickets::id.gt(after.map_or(0, TicketId::get)))
        .order(tickets::id)
        .limit(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(Ticket::try_from).collect::<Result<_, _>>()?)
}
