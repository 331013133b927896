//! Tickets, with their comments and events.

mod comments;
mod list;
mod read;
mod write;

use async_trait::async_trait;
use helpdesk_domain::{Change, Comment, Opening, Scope, Ticket, TicketId};
use helpdesk_ports::{
    CommentPosition, Commit, Decide, Limit, LockedCommit, Page, PageRequest, StoreError, TicketPosition,
    TicketQuery, TicketRepository, TicketWithComments,
};

use super::dialect::Conn;
use super::write as write_in_transaction;
use crate::executor::Lanes;

pub(super) use read::unclosed_of;
pub(super) use write::write_all;

pub(super) struct DieselTickets {
    lanes: Lanes<Conn>,
}

impl DieselTickets {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
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
        self.lanes.reads.call(move |conn| read::find(conn, scope, id, &comments)).await
    }

    async fn list(
        &self,
        scope: Scope,
        query: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError> {
        self.lanes.reads.call(move |conn| list::list(conn, scope, &query)).await
    }

    async fn comments(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<Page<Comment, CommentPosition>>, StoreError> {
        self.lanes.reads.call(move |conn| comments::of_ticket_in_scope(conn, scope, id, &page)).await
    }

    async fn open(&self, opening: Opening) -> Result<Ticket, StoreError> {
        let open = move |conn: &mut Conn| write::open(conn, opening);
        write_in_transaction(&self.lanes, open).await
    }

    async fn commit(&self, change: Change) -> Result<Commit, StoreError> {
        let commit = move |conn: &mut Conn| write::commit(conn, &change);
        write_in_transaction(&self.lanes, commit).await
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
}

/// How many rows to read for a page: the one past its end says whether there are more.
pub(super) fn one_more_than(limit: Limit) -> i64 {
    // A limit is at most a hundred.
    i64::try_from(limit.get()).map_or(i64::MAX, |items| items + 1)
}
