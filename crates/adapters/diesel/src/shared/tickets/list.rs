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
use super::super::unindexed::Unindexed;
use super::super::{Failure, StoredTs, scope as sql_scope, search, written_once};
use super::filter::{self, filtered};
use super::one_more_than;
use super::order::{Between, Stretch, along_its_order, by_id, by_time, read_and_sorted};
use super::read::{ASSIGNEES, REQUESTERS, joined_tickets};
use crate::beginnings::is_changed_last;

/// How many tickets are looked at for each that a page may hold, before anything else is tried. If a twentieth of all tickets has the
/// words, the page is full by then.
const NEAR: i64 = 20;

/// How many are looked at where that has shown that they may do. It is about what the indexes take as long for as to give a few thousand
/// tickets of each word.
const FAR: i64 = 6_000;

/// How many are looked at when every word is known to be in thousands of texts: it is about what the indexes take to give as many.
const FARTHER: i64 = 60_000;

/// A page of the tickets that both scope and filter admit.
pub(in super::super::super) fn in_scope(
    conn: &mut Conn,
    scope: Scope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    if is_changed_last(asked) {
        return changed_last(conn, scope, asked.page.limit);
    }
    page_of(conn, Whose::Scope(scope), asked)
}

/// A page of the tickets that both queue and filter admit.
pub(super) fn in_queue(
    conn: &mut Conn,
    queue: QueueScope,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    page_of(conn, Whose::Queue(queue), asked)
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
#[derive(Clone, Copy)]
enum Whose {
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
enum Words<'a> {
    /// There is none.
    Any,
    /// All its words, which are compared.
    Compared(&'a TicketSearch),
    /// The same, and the indexes give those with the nth.
    FoundBy(&'a TicketSearch, usize),
    /// The same, and the indexes give them.
    Found(&'a TicketSearch),
}

/// Reads a page of a list.
///
/// Which words are rare no planner knows when it makes a plan for any words. So the next tickets of the list are looked at first, up to
/// a place that is a number of tickets away, and then, if there were some with the words, up to one that is further away. That fills the page
/// if there are many with the words, and is all there is to look at if the list is short. Where neither is true and one of the words is
/// rare, the index gives the tickets with that one, whose other words are compared. Where none is, the list is followed further, and
/// only then the indexes are asked for all of every word. Each of the statements gives what belongs on the page as it is at its moment,
/// whatever has changed since the one before.
fn page_of(
    conn: &mut Conn,
    whose: Whose,
    asked: &TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, Failure> {
    let scope = whose.scope();
    let list = List {
        whose,
        asked,
        sees: scope.comments(),
        rest: Stretch::behind(asked)?,
        rows: one_more_than(asked.page.limit),
    };
    let read = match asked.filter.search() {
        None => list.read(conn, Words::Any, list.rest)?,
        Some(sought) => list.found(conn, sought)?,
    };
    page_of_rows(read, scope, asked.sort.key, asked.page.limit)
}

/// A list, and which page of it is read.
struct List<'a> {
    whose: Whose,
    asked: &'a TicketQuery,
    sees: CommentScope,
    /// What comes behind the place where the page begins.
    rest: Stretch,
    /// How many rows are read for a page.
    rows: i64,
}

impl List<'_> {
    /// The rows of a page with the words, in one of the ways that [`page_of`] tells of.
    fn found(&self, conn: &mut Conn, sought: &TicketSearch) -> Result<Vec<JoinedTicket>, Failure> {
        for tickets_away in [self.rows * NEAR, FAR] {
            let (read, is_enough) = self.near(conn, sought, tickets_away)?;
            if is_enough {
                return Ok(read);
            }
            // As many as there are among these, there are too few among those further away.
            let found = i64::try_from(read.len()).unwrap_or(i64::MAX);
            if found * FAR < self.rows * tickets_away {
                break;
            }
        }
        if let Some(n) = search::rarest(conn, sought, self.sees)? {
            return Ok(self.read(conn, Words::FoundBy(sought, n), self.rest)?);
        }
        // All words are frequent, and nobody has used them lately.
        let (read, is_enough) = self.near(conn, sought, FARTHER)?;
        if is_enough {
            return Ok(read);
        }
        Ok(self.read(conn, Words::Found(sought), self.rest)?)
    }

    /// What is found by going so many tickets along the list, and whether that fills the page or is all there is.
    fn near(
        &self,
        conn: &mut Conn,
        sought: &TicketSearch,
        tickets_away: i64,
    ) -> Result<(Vec<JoinedTicket>, bool), Failure> {
        let end = self.place(conn, tickets_away)?;
        let read = self.read(conn, Words::Compared(sought), self.rest.up_to(end, self.sees))?;
        let is_enough = end.is_none() || read.len() > self.asked.page.limit.get();
        Ok((read, is_enough))
    }

    /// The id and the times of change of the ticket that is so many away.
    fn place(&self, conn: &mut Conn, tickets_away: i64) -> QueryResult<Option<(i64, StoredTs, StoredTs)>> {
        let all = tickets::table.filter(self.whose.admits()).into_boxed();
        let all = filtered!(all, &self.asked.filter, self.sees);
        let all = if self.is_sorted(Words::Any) {
            read_and_sorted!(all, self.asked.sort, self.sees, self.rest)
        } else {
            along_its_order!(all, self.asked, self.sees, self.rest)
        };
        all.select((tickets::id, tickets::updated_at, tickets::public_updated_at))
            .offset(tickets_away)
            .limit(1)
            .get_result(conn)
            .optional()
    }

    /// The first rows of a stretch that have the words.
    fn read(&self, conn: &mut Conn, words: Words<'_>, stretch: Stretch) -> QueryResult<Vec<JoinedTicket>> {
        let all = joined_tickets!().filter(self.whose.admits()).into_boxed();
        let all = filtered!(all, &self.asked.filter, self.sees);
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
        all.limit(self.rows).load(conn)
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
