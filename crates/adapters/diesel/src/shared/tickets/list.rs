//! Lists of tickets.

use diesel::prelude::*;
use helpdesk_domain::{AgentActor, CommentScope, Priority, QueueScope, Scope, Status, Ticket};
use helpdesk_ports::{
    Cause, Direction, Limit, Page, SortKey, StoreError, TicketFilter, TicketPosition, TicketQuery, TicketSort,
};

use super::super::dialect::Conn;
use super::super::rows::{JoinedTicket, TicketRow};
use super::super::schema::{teams, tickets, users};
use super::super::scope::{always, in_each_scope};
use super::super::unindexed::Unindexed;
use super::super::{Failure, StoredTs, scope as sql_scope, search};
use super::filter::{self, filtered};
use super::one_more_than;
use super::read::{ASSIGNEES, REQUESTERS, joined_tickets};

/// Sorts by (time, id) in one direction, begins behind a place and ends at another. Written without comparing tuples, which the
/// engines do not plan alike; a macro, since the columns are of different types.
macro_rules! by_time {
    ($query:expr, $column:expr, $direction:expr, $stretch:expr) => {{
        let mut query = $query;
        let Between { after, to }: Between<(StoredTs, i64)> = $stretch;
        match $direction {
            Direction::Ascending => {
                if let Some((at, id)) = after {
                    query = query.filter($column.ge(at)).filter($column.gt(at).or(tickets::id.gt(id)));
                }
                if let Some((at, id)) = to {
                    query = query.filter($column.le(at)).filter($column.lt(at).or(tickets::id.le(id)));
                }
                query.order(($column.asc(), tickets::id.asc()))
            }
            Direction::Descending => {
                if let Some((at, id)) = after {
                    query = query.filter($column.le(at)).filter($column.lt(at).or(tickets::id.lt(id)));
                }
                if let Some((at, id)) = to {
                    query = query.filter($column.ge(at)).filter($column.gt(at).or(tickets::id.ge(id)));
                }
                query.order(($column.desc(), tickets::id.desc()))
            }
        }
    }};
}

/// Sorts by the id in one direction, begins behind a place and ends at another.
macro_rules! by_id {
    ($query:expr, $column:expr, $direction:expr, $stretch:expr) => {{
        let mut query = $query;
        let Between { after, to }: Between<i64> = $stretch;
        match $direction {
            Direction::Ascending => {
                if let Some(id) = after {
                    query = query.filter($column.gt(id));
                }
                if let Some(id) = to {
                    query = query.filter($column.le(id));
                }
                query.order($column.asc())
            }
            Direction::Descending => {
                if let Some(id) = after {
                    query = query.filter($column.lt(id));
                }
                if let Some(id) = to {
                    query = query.filter($column.ge(id));
                }
                query.order($column.desc())
            }
        }
    }};
}

/// Along the indexes that have a scope's order. It leaves out what does not match until the page is full. By the order of ids, what was
/// changed since a moment is another matter: it may all be at the end. That is read by the times of change, and then sorted.
macro_rules! along_its_order {
    ($query:expr, $asked:expr, $sees:expr, $stretch:expr) => {{
        let direction = $asked.sort.direction;
        // The same choice as `TicketPosition::of` makes: who sees public things alone is sorted by them alone.
        match ($stretch, $sees) {
            (Stretch::CreatedAt(stretch), _) if filter::changed_since(&$asked.filter).is_some() => {
                by_id!($query, Unindexed(tickets::id), direction, stretch)
            }
            (Stretch::CreatedAt(stretch), _) => by_id!($query, tickets::id, direction, stretch),
            (Stretch::UpdatedAt(stretch), CommentScope::Everything) => {
                by_time!($query, tickets::updated_at, direction, stretch)
            }
            (Stretch::UpdatedAt(stretch), CommentScope::PublicOnly) => {
                by_time!($query, tickets::public_updated_at, direction, stretch)
            }
        }
    }};
}

/// Read whole, and then sorted.
macro_rules! read_and_sorted {
    ($query:expr, $asked:expr, $sees:expr, $stretch:expr) => {{
        let direction = $asked.sort.direction;
        match ($stretch, $sees) {
            (Stretch::CreatedAt(stretch), _) => {
                by_id!($query, Unindexed(tickets::id), direction, stretch)
            }
            (Stretch::UpdatedAt(stretch), CommentScope::Everything) => {
                by_time!($query, Unindexed(tickets::updated_at), direction, stretch)
            }
            (Stretch::UpdatedAt(stretch), CommentScope::PublicOnly) => {
                by_time!($query, Unindexed(tickets::public_updated_at), direction, stretch)
            }
        }
    }};
}

/// How many tickets are looked at for each that a page may hold, before anything else is tried. If a twentieth of all tickets has the
/// words, the page is full by then.
const NEAR: i64 = 20;

/// How many are looked at where that has shown that they may do. It is about what the indexes take as long for as to give a few thousand
/// tickets of each word.
const FAR: i64 = 6_000;

/// How many are looked at when every word is known to be in thousands of texts: it is about what the indexes take to give as many.
const FARTHER: i64 = 60_000;

/// Reads a page of a list, whose tickets `$all` gives with the names around them, and `$bare` alone; they are read in the order of
/// the list as `$in_order` does.
///
/// Which words are rare no planner knows when it makes a plan for any words. So the next tickets of the list are looked at first, up to
/// a place that is a number of tickets away, and then, if there were some with the words, up to one that is further away. That fills the page
/// if there are many with the words, and is all there is to look at if the list is short. Where neither is true and one of the words is
/// rare, the index gives the tickets with that one, whose other words are compared. Where none is, the list is followed further, and
/// only then the indexes are asked for all of every word. Each of the statements gives what belongs on the page as it is at its moment, whatever has changed since the one before.
macro_rules! page_of {
    ($conn:expr, $scope:expr, $asked:expr, $bare:expr, $all:expr, $in_order:ident) => {{
        let (scope, asked): (Scope, &TicketQuery) = ($scope, $asked);
        let sees = scope.comments();
        let rows = one_more_than(asked.page.limit);
        let all = || filtered!($all.into_boxed(), &asked.filter, sees);
        let rest = Stretch::behind(asked)?;
        let page = |read| page_of_rows(read, scope, asked.sort.key, asked.page.limit);
        let Some(sought) = asked.filter.search() else {
            return page($in_order!(all(), asked, sees, rest).limit(rows).load($conn)?);
        };
        // What is found by going so many tickets along the list, and whether that fills the page or is all there is.
        let along = |conn: &mut Conn, tickets_away: i64| -> Result<(Vec<JoinedTicket>, bool), Failure> {
            let bare = filtered!($bare.into_boxed(), &asked.filter, sees);
            let end: Option<(i64, StoredTs, StoredTs)> = $in_order!(bare, asked, sees, rest)
                .select((tickets::id, tickets::updated_at, tickets::public_updated_at))
                .offset(tickets_away)
                .limit(1)
                .get_result(conn)
                .optional()?;
            let compared = all().filter(search::compared(sought, sees));
            let stretch = rest.up_to(end, sees);
            let read: Vec<JoinedTicket> =
                $in_order!(compared, asked, sees, stretch).limit(rows).load(conn)?;
            let is_enough = end.is_none() || read.len() > asked.page.limit.get();
            Ok((read, is_enough))
        };
        for tickets_away in [rows * NEAR, FAR] {
            let (read, is_enough) = along($conn, tickets_away)?;
            if is_enough {
                return page(read);
            }
            // As many as there are among these, there are too few among those further away.
            let found = i64::try_from(read.len()).unwrap_or(i64::MAX);
            if found * FAR < rows * tickets_away {
                break;
            }
        }
        if let Some(n) = search::rarest($conn, sought, sees)? {
            let (found, compared) = search::found_by(sought, n, sees);
            let found = all().filter(found).filter(compared);
            return page(read_and_sorted!(found, asked, sees, rest).limit(rows).load($conn)?);
        }
        // All words are frequent, and nobody has used them lately.
        let (read, is_enough) = along($conn, FARTHER)?;
        if is_enough {
            return page(read);
        }
        let found = all().filter(search::found(sought, sees));
        page(read_and_sorted!(found, asked, sees, rest).limit(rows).load($conn)?)
    }};
}

/// A page of the tickets that both scope and filter admit.
pub(in super::super::super) fn in_scope(
    conn: &mut Conn,
    scope: Scope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    if is_changed_last(asked) {
        return changed_last(conn, scope, asked.page.limit);
    }
    page_of!(
        conn,
        scope,
        asked,
        tickets::table.filter(sql_scope::admits(scope)),
        joined_tickets!().filter(sql_scope::admits(scope)),
        along_its_order
    )
}

/// The order in which a list mostly is asked for.
const CHANGED_LAST: TicketSort = TicketSort { key: SortKey::UpdatedAt, direction: Direction::Descending };

/// Whether it is the beginning of the whole list, what was changed last first: mostly nothing else is asked for.
pub(in super::super::super) fn is_changed_last(asked: &TicketQuery) -> bool {
    asked.filter == TicketFilter::default() && asked.sort == CHANGED_LAST && asked.page.after.is_none()
}

/// Reads it.
fn changed_last(
    conn: &mut Conn,
    scope: Scope,
    limit: Limit,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    let rows = one_more_than(limit);
    let read: Vec<JoinedTicket> = in_each_scope!(scope, |admitted| {
        let all = joined_tickets!().filter(admitted).limit(rows);
        match scope.comments() {
            CommentScope::Everything => {
                all.order((tickets::updated_at.desc(), tickets::id.desc())).load(conn)?
            }
            CommentScope::PublicOnly => {
                all.order((tickets::public_updated_at.desc(), tickets::id.desc())).load(conn)?
            }
        }
    });
    page_of_rows(read, scope, SortKey::UpdatedAt, limit)
}

/// The page that begins with these rows, of which there may be one more than belong to it.
fn page_of_rows(
    read: Vec<JoinedTicket>,
    scope: Scope,
    key: SortKey,
    limit: Limit,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    let read = read.into_iter().map(Ticket::try_from).collect::<Result<_, _>>()?;
    Ok(Page::of_rows_read_ahead(read, limit, |ticket: &Ticket| TicketPosition::of(ticket, scope, key)))
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
    page_of!(
        conn,
        scope,
        asked,
        tickets::table.filter(sql_scope::lists(queue)),
        joined_tickets!().filter(sql_scope::lists(queue)),
        read_and_sorted
    )
}

/// Behind a place and up to another, each being open if there is none.
#[derive(Clone, Copy)]
struct Between<Place> {
    after: Option<Place>,
    to: Option<Place>,
}

/// A stretch of a list that is sorted so.
#[derive(Clone, Copy)]
enum Stretch {
    CreatedAt(Between<i64>),
    UpdatedAt(Between<(StoredTs, i64)>),
}

impl Stretch {
    /// What comes behind the place where the page begins.
    fn behind(asked: &TicketQuery) -> Result<Self, StoreError> {
        match (asked.sort.key, asked.page.after) {
            (SortKey::CreatedAt, None) => Ok(Self::CreatedAt(Between { after: None, to: None })),
            (SortKey::UpdatedAt, None) => Ok(Self::UpdatedAt(Between { after: None, to: None })),
            (SortKey::CreatedAt, Some(TicketPosition::CreatedAt(id))) => {
                Ok(Self::CreatedAt(Between { after: Some(id.get()), to: None }))
            }
            (SortKey::UpdatedAt, Some(TicketPosition::UpdatedAt(at, id))) => {
                Ok(Self::UpdatedAt(Between { after: Some((at.into(), id.get())), to: None }))
            }
            (SortKey::CreatedAt, Some(TicketPosition::UpdatedAt(..)))
            | (SortKey::UpdatedAt, Some(TicketPosition::CreatedAt(_))) => {
                Err(StoreError::Fault(Cause::new("a position of another sort key")))
            }
        }
    }

    /// Of this the part up to the ticket with this id and these times of change, if there is one: the public one is the second.
    fn up_to(self, end: Option<(i64, StoredTs, StoredTs)>, sees: CommentScope) -> Self {
        match self {
            Self::CreatedAt(from) => Self::CreatedAt(Between { to: end.map(|(id, ..)| id), ..from }),
            Self::UpdatedAt(from) => {
                let place = end.map(|(id, updated_at, public_updated_at)| match sees {
                    CommentScope::Everything => (updated_at, id),
                    CommentScope::PublicOnly => (public_updated_at, id),
                });
                Self::UpdatedAt(Between { to: place, ..from })
            }
        }
    }
}
