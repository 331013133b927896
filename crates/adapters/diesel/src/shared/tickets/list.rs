//! Lists of tickets.

use diesel::prelude::*;
use helpdesk_domain::{CommentScope, Priority, Scope, Status, Ticket};
use helpdesk_ports::{Cause, Direction, Page, SortKey, StoreError, TicketPosition, TicketQuery};

use super::super::dialect::Conn;
use super::super::rows::{JoinedTicket, TicketRow};
use super::super::schema::{teams, tickets, users};
use super::super::{Failure, StoredTs, scope as sql_scope};
use super::one_more_than;
use super::read::{ASSIGNEES, REQUESTERS, joined_tickets};

/// Sorts by (time, id) in one direction and begins behind a position. Written without comparing tuples, which the engines
/// do not plan alike; a macro, since the columns are of different types.
macro_rules! by_time {
    ($query:expr, $column:expr, $direction:expr, $after:expr) => {
        match ($direction, $after) {
            (Direction::Ascending, None) => $query.order(($column.asc(), tickets::id.asc())),
            (Direction::Descending, None) => $query.order(($column.desc(), tickets::id.desc())),
            (Direction::Ascending, Some((at, id))) => $query
                .filter($column.ge(at))
                .filter($column.gt(at).or(tickets::id.gt(id)))
                .order(($column.asc(), tickets::id.asc())),
            (Direction::Descending, Some((at, id))) => $query
                .filter($column.le(at))
                .filter($column.lt(at).or(tickets::id.lt(id)))
                .order(($column.desc(), tickets::id.desc())),
        }
    };
}

/// A page of the tickets that both scope and filter admit.
pub(super) fn list(
    conn: &mut Conn,
    scope: Scope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    let mut query = joined_tickets!()
        .filter(sql_scope::admits(scope))
        .limit(one_more_than(asked.page.limit))
        .into_boxed();
    if !asked.filter.statuses().is_empty() {
        let words: Vec<_> = asked.filter.statuses().iter().copied().map(Status::as_str).collect();
        query = query.filter(tickets::status.eq_any(words));
    }
    if !asked.filter.priorities().is_empty() {
        let words: Vec<_> = asked.filter.priorities().iter().copied().map(Priority::as_str).collect();
        query = query.filter(tickets::priority.eq_any(words));
    }

    let direction = asked.sort.direction;
    query = match (asked.sort.key, asked.page.after) {
        (SortKey::CreatedAt, after @ (None | Some(TicketPosition::CreatedAt(_)))) => {
            if let Some(TicketPosition::CreatedAt(id)) = after {
                query = match direction {
                    Direction::Ascending => query.filter(tickets::id.gt(id.get())),
                    Direction::Descending => query.filter(tickets::id.lt(id.get())),
                };
            }
            match direction {
                Direction::Ascending => query.order(tickets::id.asc()),
                Direction::Descending => query.order(tickets::id.desc()),
            }
        }
        (SortKey::UpdatedAt, after @ (None | Some(TicketPosition::UpdatedAt(..)))) => {
            let after = match after {
                Some(TicketPosition::UpdatedAt(at, id)) => Some((StoredTs::from(at), id.get())),
                _ => None,
            };
            // The same choice as `TicketPosition::of` makes: who sees public things alone is sorted by them alone.
            match scope.comments() {
                CommentScope::Everything => by_time!(query, tickets::updated_at, direction, after),
                CommentScope::PublicOnly => by_time!(query, tickets::public_updated_at, direction, after),
            }
        }
        (SortKey::CreatedAt, Some(TicketPosition::UpdatedAt(..)))
        | (SortKey::UpdatedAt, Some(TicketPosition::CreatedAt(_))) => {
            return Err(StoreError::Fault(Cause::new("a position of another sort key")).into());
        }
    };

    let rows: Vec<JoinedTicket> = query.load(conn)?;
    let read = rows.into_iter().map(Ticket::try_from).collect::<Result<_, _>>()?;
    let position = |ticket: &Ticket| TicketPosition::of(ticket, scope, asked.sort.key);
    Ok(Page::of_rows_read_ahead(read, asked.page.limit, position))
}
