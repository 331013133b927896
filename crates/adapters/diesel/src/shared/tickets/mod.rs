//! Tickets, with their comments and events.

mod close;
mod comments;
mod export;
mod filter;
mod history;
pub(in super::super) mod list;
mod many;
mod order;
pub(in super::super) mod read;
pub(in super::super) mod searched;
mod write;

use async_trait::async_trait;
use helpdesk_domain::{
    Change, Comment, EventRecord, Opening, QueueScope, Scope, SystemActor, Ticket, TicketId, Ts,
};
use helpdesk_ports::{
    Cause, CommentPosition, Commit, Decide, DecideEach, Decided, EventPosition, Limit, LockedCommit, Once,
    Page, PageRequest, StoreError, TicketPosition, TicketQuery, TicketRepository, TicketWithComments,
    WrittenOnce,
};

use super::dialect::Conn;
use super::hot::{self, Hot};
use super::idempotency::write_once;
use super::write as write_in_transaction;
use crate::executor::Lanes;

pub(super) use export::DieselExports;
pub(in super::super) use filter::is_resolved;
pub(super) use read::{unclosed_of, with_ids};
pub(super) use write::write_all;

pub(super) struct DieselTickets {
    lanes: Lanes<Conn>,
    hot: Hot,
}

impl DieselTickets {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { hot: Hot::new(&lanes), lanes }
    }
}

#[async_trait]
impl TicketRepository for DieselTickets {
    async fn find(
        &self,
        scope: Scope,
        id: TicketId,
        comments: PageRequest<CommentPosition>,
    ) -> Result<Option<TicketWithComments>, StoreError> {
        self.hot.find(scope, id, comments).await
    }

    async fn list(
        &self,
        scope: Scope,
        query: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError> {
        self.hot.list(scope, query).await
    }

    async fn comments(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<Page<Comment, CommentPosition>>, StoreError> {
        self.lanes.reads.call(move |conn| comments::of_ticket_in_scope(conn, scope, id, &page)).await
    }

    async fn history(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<EventPosition>,
    ) -> Result<Option<Page<EventRecord, EventPosition>>, StoreError> {
        self.lanes.reads.call(move |conn| history::of_ticket_in_scope(conn, scope, id, &page)).await
    }

    async fn queue(
        &self,
        queue: QueueScope,
        query: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError> {
        self.lanes.reads.call(move |conn| list::in_queue(conn, queue, &query)).await
    }

    async fn claimable(&self, queue: QueueScope, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        self.lanes.reads.call(move |conn| read::claimable(conn, queue, id)).await
    }

    async fn close_resolved(
        &self,
        by: SystemActor,
        resolved_before: Ts,
        now: Ts,
        most: usize,
    ) -> Result<usize, StoreError> {
        let close = move |conn: &mut Conn| close::close_resolved(conn, by, resolved_before, now, most);
        write_in_transaction(&self.lanes, close).await
    }

    async fn open(&self, opening: Opening) -> Result<Ticket, StoreError> {
        self.hot.open(opening).await
    }

    async fn open_once(
        &self,
        opening: Opening,
        once: Once<Ticket>,
    ) -> Result<WrittenOnce<Ticket>, StoreError> {
        let open = move |conn: &mut Conn| hot::open(conn, opening);
        write_once(&self.lanes, once, open, |ticket| Some(ticket)).await
    }

    async fn commit(&self, change: Change) -> Result<Commit, StoreError> {
        let commit = move |conn: &mut Conn| write::commit(conn, &change);
        write_in_transaction(&self.lanes, commit).await
    }

    async fn commit_once(
        &self,
        change: Change,
        once: Once<Comment>,
    ) -> Result<WrittenOnce<Commit>, StoreError> {
        must_comment(change.comment().is_some())?;
        let commit = move |conn: &mut Conn| write::commit(conn, &change);
        write_once(&self.lanes, once, commit, |commit| match commit {
            Commit::Done(done) => done.comment.as_ref(),
            Commit::Stale | Commit::Unmet(_) => None,
        })
        .await
    }

    async fn decide_locked(
        &self,
        scope: Scope,
        id: TicketId,
        decide: Decide,
    ) -> Result<Option<LockedCommit>, StoreError> {
        let decide = move |conn: &mut Conn| write::decide_locked(conn, scope, id, decide);
        write_in_transaction(&self.lanes, decide).await
    }

    async fn decide_locked_once(
        &self,
        scope: Scope,
        id: TicketId,
        decide: Decide,
        once: Once<Comment>,
    ) -> Result<WrittenOnce<Option<LockedCommit>>, StoreError> {
        let decide = move |conn: &mut Conn| {
            let commit = write::decide_locked(conn, scope, id, decide)?;
            must_comment(!matches!(commit, Some(LockedCommit::Done { comment: None, .. })))?;
            Ok(commit)
        };
        write_once(&self.lanes, once, decide, |commit| match commit {
            Some(LockedCommit::Done { comment, .. }) => comment.as_deref(),
            Some(LockedCommit::Refused(_) | LockedCommit::Unchanged(_) | LockedCommit::Unmet(_)) | None => {
                None
            }
        })
        .await
    }

    async fn decide_many(
        &self,
        scope: Scope,
        ids: Vec<TicketId>,
        decide: DecideEach,
    ) -> Result<Decided, StoreError> {
        let decide = move |conn: &mut Conn| many::decide_many(conn, scope, &ids, &decide);
        write_in_transaction(&self.lanes, decide).await
    }
}

/// What is done to a ticket once is commenting: there is no answer to anything else.
fn must_comment(comments: bool) -> Result<(), StoreError> {
    if comments {
        return Ok(());
    }
    Err(StoreError::Fault(Cause::new("a change without a comment was to be done once")))
}

/// How many rows to read for a page: the one past its end says whether there are more.
pub(in super::super) fn one_more_than(limit: Limit) -> i64 {
    // A limit is at most a hundred.
    i64::try_from(limit.get()).map_or(i64::MAX, |items| items + 1)
}
