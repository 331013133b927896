//! Reading everything there is, a page at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use diesel::dsl::min;
use diesel::prelude::*;
use helpdesk_domain::{AdminActor, Comment, CommentScope, Priority, Status, Ticket, TicketId, User, UserId};
use helpdesk_ports::{
    Cause, CommentPosition, ExportRepository, ExportedComment, ExportedTicket, Page, PageRequest, StoreError,
    TicketFilter,
};
use tokio::sync::Semaphore;

use super::super::dialect::Conn;
use super::super::rows::{JoinedTicket, NamesAtHand, Origin, TicketRow, UserRow};
use super::super::schema::{teams, tickets, users};
use super::super::unindexed::Beside;
use super::super::{Failure, StoredTs, scope as sql_scope};
use super::filter::{self, filtered};
use super::read::{ASSIGNEES, REQUESTERS, joined_tickets};
use super::{comments, one_more_than};
use crate::executor::Lanes;

/// How far in ids a page reads. Whatever the filter leaves out of so many tickets, they are read in a fraction of the time that
/// an answer may take.
const IDS_AT_A_TIME: i64 = 5_000;

/// Exports read on one thread at a time, however many there are, so that the others are there for everybody else.
pub(in super::super) struct DieselExports {
    lanes: Lanes<Conn>,
    turn: Arc<Semaphore>,
}

impl DieselExports {
    pub(in super::super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes, turn: Arc::new(Semaphore::new(1)) }
    }

    /// Reads when it is this one's turn. The turn ends with the reading, not with the waiting for it: who left meanwhile has
    /// left the reading behind.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.turn.clone().acquire_owned().await;
        let turn = turn.map_err(|error| StoreError::Fault(Cause::new(error)))?;
        let in_turn = move |conn: &mut Conn| {
            let read = work(conn);
            drop(turn);
            read
        };
        self.lanes.reads.call(in_turn).await
    }
}

#[async_trait]
impl ExportRepository for DieselExports {
    async fn tickets(
        &self,
        by: AdminActor,
        filter: TicketFilter,
        page: PageRequest<TicketId>,
    ) -> Result<Page<ExportedTicket, TicketId>, StoreError> {
        self.read(move |conn| tickets_of(conn, by, &filter, &page)).await
    }

    async fn comments(
        &self,
        _by: AdminActor,
        ticket: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Page<ExportedComment, CommentPosition>, StoreError> {
        self.read(move |conn| comments_of(conn, ticket, &page)).await
    }
}

fn tickets_of(
    conn: &mut Conn,
    by: AdminActor,
    filter: &TicketFilter,
    page: &PageRequest<TicketId>,
) -> Result<Page<ExportedTicket, TicketId>, Failure> {
    let scope = by.scope();
    let after = page.after.map_or(0, TicketId::get);
    let until = after.saturating_add(IDS_AT_A_TIME);
    let query = joined_tickets!()
        .filter(sql_scope::admits(scope))
        .filter(tickets::id.gt(after))
        .filter(tickets::id.le(until))
        .order(tickets::id)
        .limit(one_more_than(page.limit))
        .into_boxed();
    let query = filtered!(query, filter, scope.comments());
    let rows: Vec<JoinedTicket> = query.load(conn)?;
    let read = rows.into_iter().map(Ticket::try_from).collect::<Result<Vec<_>, _>>()?;
    let mut read = Page::of_rows_read_ahead(read, page.limit, Ticket::id);
    if read.next.is_none() {
        read.next = begins_behind(conn, until)?;
    }
    let named = read.items.iter().flat_map(|ticket| {
        let facts = ticket.facts();
        std::iter::once(facts.requester).chain(facts.assignee)
    });
    let accounts = accounts(conn, named)?;
    let items = read.items.into_iter().map(|ticket| named_in_full(ticket, &accounts));
    Ok(Page { items: items.collect::<Result<_, _>>()?, next: read.next })
}

/// Behind which id the tickets behind this one begin, if there are any.
fn begins_behind(conn: &mut Conn, id: i64) -> Result<Option<TicketId>, Failure> {
    let next: Option<i64> =
        tickets::table.filter(tickets::id.gt(id)).select(min(tickets::id)).get_result(conn)?;
    let before = |next: i64| Origin::new("tickets", next).id("id", next - 1, TicketId::new);
    Ok(next.map(before).transpose()?)
}

fn named_in_full(ticket: Ticket, accounts: &BTreeMap<UserId, User>) -> Result<ExportedTicket, StoreError> {
    let account = |id: UserId| {
        let missing = || StoreError::Fault(Cause::new("an account went while its tickets were read"));
        accounts.get(&id).cloned().ok_or_else(missing)
    };
    let facts = ticket.facts();
    Ok(ExportedTicket {
        requester: account(facts.requester)?,
        assignee: facts.assignee.map(account).transpose()?,
        ticket,
    })
}

fn comments_of(
    conn: &mut Conn,
    ticket: TicketId,
    page: &PageRequest<CommentPosition>,
) -> Result<Page<ExportedComment, CommentPosition>, Failure> {
    let Page { items, next } =
        comments::of_ticket(conn, CommentScope::Everything, ticket, NamesAtHand::NONE, page)?;
    let accounts = accounts(conn, items.iter().map(|comment| comment.author().id))?;
    let named = |comment: Comment| {
        let missing = || StoreError::Fault(Cause::new("an account went while its comments were read"));
        let author = accounts.get(&comment.author().id).cloned().ok_or_else(missing)?;
        Ok::<_, StoreError>(ExportedComment { comment, author })
    };
    Ok(Page { items: items.into_iter().map(named).collect::<Result<_, _>>()?, next })
}

/// The accounts with these ids.
fn accounts(conn: &mut Conn, ids: impl Iterator<Item = UserId>) -> Result<BTreeMap<UserId, User>, Failure> {
    let ids: BTreeSet<i64> = ids.map(UserId::get).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<UserRow> =
        users::table.filter(users::id.eq_any(ids)).select(UserRow::as_select()).load(conn)?;
    let accounts = rows.into_iter().map(User::try_from).map(|user| user.map(|user| (user.id(), user)));
    Ok(accounts.collect::<Result<_, _>>()?)
}
