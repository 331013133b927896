//! Lists of tickets.

use diesel::prelude::*;
use helpdesk_domain::{AgentActor, CommentScope, Priority, QueueScope, Scope, Status, Ticket};
use helpdesk_ports::{
    Cause, Direction, Page, SortKey, StoreError, TicketFilter, TicketPosition, TicketQuery,
};

use super::super::dialect::Conn;
use super::super::rows::{JoinedTicket, TicketRow};
use super::super::schema::{teams, tickets, users};
use super::super::unindexed::Unindexed;
use super::super::{Failure, StoredTs, scope as sql_scope};
use super::filter::{self, filtered};
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

/// Sorts by the id in one direction and begins behind a position.
macro_rules! by_id {
    ($query:expr, $column:expr, $direction:expr, $after:expr) => {
        match ($direction, $after) {
            (Direction::Ascending, None) => $query.order($column.asc()),
            (Direction::Descending, None) => $query.order($column.desc()),
            (Direction::Ascending, Some(id)) => $query.filter($column.gt(id)).order($column.asc()),
            (Direction::Descending, Some(id)) => $query.filter($column.lt(id)).order($column.desc()),
        }
    };
}

/// A page of the tickets that both scope and filter admit.
///
/// It goes along an index that has the order, and leaves out what does not match until the page is full. By the order of
/// ids, what was changed since a moment is another matter: it may all be at the end. That is read by the times of change, and
/// then sorted.
pub(super) fn in_scope(
    conn: &mut Conn,
    scope: Scope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    let sees = scope.comments();
    let query = joined_tickets!()
        .filter(sql_scope::admits(scope))
        .limit(one_more_than(asked.page.limit))
        .into_boxed();
    let query = filtered!(query, &asked.filter, sees);
    let direction = asked.sort.direction;
    // The same choice as `TicketPosition::of` makes: who sees public things alone is sorted by them alone.
    let query = match (Order::of(asked)?, sees) {
        (Order::CreatedAt(after), _) if filter::changed_since(&asked.filter).is_some() => {
            by_id!(query, Unindexed(tickets::id), direction, after)
        }
        (Order::CreatedAt(after), _) => by_id!(query, tickets::id, direction, after),
        (Order::UpdatedAt(after), CommentScope::Everything) => {
            by_time!(query, tickets::updated_at, direction, after)
        }
        (Order::UpdatedAt(after), CommentScope::PublicOnly) => {
            by_time!(query, tickets::public_updated_at, direction, after)
        }
    };
    page(query.load(conn)?, scope, asked)
}

/// A page of the tickets that both queue and filter admit.
///
/// A queue is read whole and then sorted: it is what waits now, and not what ever was. Along an index of all tickets, those that
/// wait longest would stand behind everything that was done since.
pub(super) fn in_queue(
    conn: &mut Conn,
    queue: QueueScope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    // What is in it is not the agent's; it is only sorted and filtered as what an agent sees.
    let scope = AgentActor::new(queue.agent()).scope();
    let query =
        joined_tickets!().filter(sql_scope::lists(queue)).limit(one_more_than(asked.page.limit)).into_boxed();
    let query = filtered!(query, &asked.filter, scope.comments());
    let direction = asked.sort.direction;
    let query = match Order::of(asked)? {
        Order::CreatedAt(after) => by_id!(query, Unindexed(tickets::id), direction, after),
        Order::UpdatedAt(after) => by_time!(query, Unindexed(tickets::updated_at), direction, after),
    };
    page(query.load(conn)?, scope, asked)
}

/// By what is sorted, and behind which place the page begins.
#[derive(Clone, Copy)]
enum Order {
    CreatedAt(Option<i64>),
    UpdatedAt(Option<(StoredTs, i64)>),
}

impl Order {
    fn of(asked: &TicketQuery) -> Result<Self, StoreError> {
        match (asked.sort.key, asked.page.after) {
            (SortKey::CreatedAt, None) => Ok(Self::CreatedAt(None)),
            (SortKey::UpdatedAt, None) => Ok(Self::UpdatedAt(None)),
            (SortKey::CreatedAt, Some(TicketPosition::CreatedAt(id))) => Ok(Self::CreatedAt(Some(id.get()))),
            (SortKey::UpdatedAt, Some(TicketPosition::UpdatedAt(at, id))) => {
                Ok(Self::UpdatedAt(Some((at.into(), id.get()))))
            }
            (SortKey::CreatedAt, Some(TicketPosition::UpdatedAt(..)))
            | (SortKey::UpdatedAt, Some(TicketPosition::CreatedAt(_))) => {
                Err(StoreError::Fault(Cause::new("a position of another sort key")))
            }
        }
    }
}

fn page(
    rows: Vec<JoinedTicket>,
    scope: Scope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    let read = rows.into_iter().map(Ticket::try_from).collect::<Result<_, _>>()?;
    let position = |ticket: &Ticket| TicketPosition::of(ticket, scope, asked.sort.key);
    Ok(Page::of_rows_read_ahead(read, asked.page.limit, position))
}
