//! Lists of tickets.

use diesel::dsl::AssumeNotNull;
use diesel::expression::SelectableExpression;
use diesel::prelude::*;
use helpdesk_domain::{AgentActor, CommentScope, Priority, QueueScope, Scope, Status, Ticket};
use helpdesk_ports::{
    Direction, Limit, Page, SortKey, TicketFilter, TicketPosition, TicketQuery, TicketSearch,
};

use super::super::dialect::Conn;
use super::super::rows::{JoinedTicket, TicketRow};
use super::super::schema::{teams, tickets, users};
use super::super::scope::{Condition, always, in_each_scope};
use super::super::unindexed::{Beside, Unindexed};
use super::super::{Failure, StoredTs, scope as sql_scope, search, written_once};
use super::filter::{self, filtered};
use super::one_more_than;
use super::order::{Between, Stretch, along_its_order, by_id, by_time, read_and_sorted};
use super::read::{ASSIGNEES, REQUESTERS, joined_tickets};
use super::searched::{self, Patience};
use crate::beginnings::is_changed_last;

/// A page of the tickets that both scope and filter admit.
pub(in super::super::super) fn in_scope(
    conn: &mut Conn,
    scope: Scope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    if is_changed_last(asked) {
        return changed_last(conn, scope, asked.page.limit);
    }
    page_of(conn, Whose::Scope(scope), asked, Patience::of(asked.page.limit))
}

/// A page of the tickets that both queue and filter admit.
pub(super) fn in_queue(
    conn: &mut Conn,
    queue: QueueScope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    page_of(conn, Whose::Queue(queue), asked, Patience::of(asked.page.limit))
}

/// The beginning of the whole list, what was changed last first.
pub(in super::super::super) fn changed_last(
    conn: &mut Conn,
    scope: Scope,
    limit: Limit,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    let rows = one_more_than(limit);
    let read: Vec<JoinedTicket> = in_each_scope!(scope, |admitted| {
        let all = joined_tickets!().filter(admitted).limit(rows);
        match scope.comments() {
            CommentScope::Everything => {
                written_once(all.order((tickets::updated_at.desc(), tickets::id.desc()))).load(conn)?
            }
            CommentScope::PublicOnly => {
                written_once(all.order((tickets::public_updated_at.desc(), tickets::id.desc()))).load(conn)?
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

/// Whose tickets a list has.
#[derive(Clone, Copy, Debug)]
pub(in super::super::super) enum Whose {
    Scope(Scope),
    Queue(QueueScope),
}

impl Whose {
    /// Those who see it. What is in a queue is not the agent's; it is only sorted and filtered as what an agent sees.
    fn scope(self) -> Scope {
        match self {
            Self::Scope(scope) => scope,
            Self::Queue(queue) => AgentActor::new(queue.agent()).scope(),
        }
    }

    fn admits<From>(self) -> Condition<From>
    where
        AssumeNotNull<tickets::assignee_id>: SelectableExpression<From>,
        tickets::requester_id: SelectableExpression<From>,
        tickets::team_id: SelectableExpression<From>,
    {
        match self {
            Self::Scope(scope) => sql_scope::admits(scope),
            Self::Queue(queue) => Box::new(sql_scope::lists(queue)),
        }
    }
}

/// What of a search the tickets that are read have to have.
#[derive(Clone, Copy)]
pub(super) enum Words<'a> {
    /// There is none.
    Any,
    /// All its words, which are compared.
    Compared(&'a TicketSearch),
    /// The same, and the indexes give those with the nth.
    FoundBy(&'a TicketSearch, usize),
    /// The same, and the indexes give them.
    Found(&'a TicketSearch),
}

/// Reads a page of a list. If it is one of a search, patience says which way that goes, and makes no difference to what it finds.
pub(in super::super::super) fn page_of(
    conn: &mut Conn,
    whose: Whose,
    asked: &TicketQuery,
    patience: Patience,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    let scope = whose.scope();
    let list = List::new(whose, asked)?;
    let read = match asked.filter.search() {
        None => list.read(conn, Words::Any, list.stretch, list.rows)?,
        Some(sought) => searched::page(conn, &list, sought, patience)?,
    };
    page_of_rows(read, scope, asked.sort.key, asked.page.limit)
}

/// A list, and which page of it is read.
pub(super) struct List<'a> {
    whose: Whose,
    asked: &'a TicketQuery,
    pub(super) sees: CommentScope,
    /// What comes behind the place where the page begins.
    pub(super) stretch: Stretch,
    /// How many rows are read for a page.
    pub(super) rows: i64,
}

impl<'a> List<'a> {
    fn new(whose: Whose, asked: &'a TicketQuery) -> Result<Self, Failure> {
        let sees = whose.scope().comments();
        let stretch = Stretch::behind(asked)?;
        Ok(Self { whose, asked, sees, stretch, rows: one_more_than(asked.page.limit) })
    }

    /// The next tickets of the stretch, one more than so many, and what comes behind them; if it is as long.
    pub(super) fn split(
        &self,
        conn: &mut Conn,
        stretch: Stretch,
        tickets: i64,
    ) -> QueryResult<Option<(Stretch, Stretch)>> {
        let all = tickets::table.filter(self.whose.admits()).into_boxed();
        let all = filtered!(all, &self.asked.filter, self.sees);
        let all = if self.is_sorted(Words::Any) {
            read_and_sorted!(all, self.asked.sort, self.sees, stretch)
        } else {
            along_its_order!(all, self.asked, self.sees, stretch)
        };
        let last = all.offset(tickets).limit(1);
        // Nothing else of it is asked for than what the index holds by whose order the list goes.
        Ok(match (stretch, self.sees) {
            (Stretch::CreatedAt(stretch), _) => {
                let last = last.select(tickets::id).get_result(conn);
                let parts = last.optional()?.map(|at| stretch.split(at));
                parts.map(|(near, rest)| (Stretch::CreatedAt(near), Stretch::CreatedAt(rest)))
            }
            (Stretch::UpdatedAt(stretch), sees) => {
                let last = match sees {
                    CommentScope::Everything => {
                        last.select((tickets::updated_at, tickets::id)).get_result(conn)
                    }
                    CommentScope::PublicOnly => {
                        last.select((tickets::public_updated_at, tickets::id)).get_result(conn)
                    }
                };
                let parts = last.optional()?.map(|at| stretch.split(at));
                parts.map(|(near, rest)| (Stretch::UpdatedAt(near), Stretch::UpdatedAt(rest)))
            }
        })
    }

    /// The first rows of a stretch that have the words.
    pub(super) fn read(
        &self,
        conn: &mut Conn,
        words: Words<'_>,
        stretch: Stretch,
        rows: i64,
    ) -> QueryResult<Vec<JoinedTicket>> {
        let by_words = matches!(words, Words::FoundBy(..) | Words::Found(_));
        let all =
            joined_tickets!().filter(Beside { condition: self.whose.admits(), words: by_words }).into_boxed();
        let all = filtered!(all, &self.asked.filter, self.sees, by_words);
        let all = match words {
            Words::Any => all,
            Words::Compared(sought) => all.filter(search::compared(sought, self.sees)),
            Words::FoundBy(sought, n) => {
                let (found, compared) = search::found_by(sought, n, self.sees);
                all.filter(found).filter(compared)
            }
            Words::Found(sought) => all.filter(search::found(sought, self.sees)),
        };
        let all = if self.is_sorted(words) {
            read_and_sorted!(all, self.asked.sort, self.sees, stretch)
        } else {
            along_its_order!(all, self.asked, self.sees, stretch)
        };
        all.limit(rows).load(conn)
    }

    /// Whether all is read whole and then sorted: what an index of words gives, and a queue, which is what waits now, and not what
    /// ever was. Along an index of all tickets, those that wait longest would stand behind everything that was done since.
    fn is_sorted(&self, words: Words<'_>) -> bool {
        match words {
            Words::FoundBy(..) | Words::Found(_) => true,
            Words::Any | Words::Compared(_) => matches!(self.whose, Whose::Queue(_)),
        }
    }
}
