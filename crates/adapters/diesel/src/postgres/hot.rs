//! What is asked for most, many at a time: each statement is for all that wait for it.

use helpdesk_domain::{Opening, Scope, Ticket, TicketId};
use helpdesk_ports::{
    CommentPosition, Page, PageRequest, StoreError, TicketPosition, TicketQuery, TicketWithComments,
};

use super::beginnings::list_all;
use super::dialect::Conn;
use super::look_ups::{LookUp, find_all};
pub(super) use super::open::open;
use super::open::open_all;
use super::shared::tickets::list::in_scope;
use super::shared::tickets::read::find;
use crate::beginnings::Beginning;
use crate::executor::{Counts, FEW_FINDS, Gathered, Lanes};

/// The most look-ups of one statement, and the most lists. All that a statement gives is in memory at once: if every text is as long
/// as it may be, a look-up gives 2 MB, as does each list.
const MOST_FINDS: usize = 32;
const MOST_LISTS: usize = 8;

/// The calls that are made most.
pub(super) struct Hot {
    lanes: Lanes<Conn>,
    finds: Gathered<Conn, LookUp, Option<TicketWithComments>>,
    lists: Gathered<Conn, Beginning, Page<Ticket, TicketPosition>>,
    openings: Gathered<Conn, Opening, Ticket>,
}

impl Hot {
    pub(super) fn new(lanes: &Lanes<Conn>) -> Self {
        Self {
            lanes: lanes.clone(),
            finds: Gathered::new(lanes.finds.clone(), find_all, Counts::AtOnce)
                .at_most(MOST_FINDS)
                .by_halves_beyond(FEW_FINDS),
            lists: Gathered::new(lanes.reads.clone(), list_all, Counts::AtOnce).at_most(MOST_LISTS),
            openings: Gathered::new(lanes.writes.clone(), open_all, Counts::AtOnce),
        }
    }

    /// Opens a ticket.
    pub(super) async fn open(&self, opening: Opening) -> Result<Ticket, StoreError> {
        self.openings.call(opening).await
    }

    /// A page of the tickets that both scope and filter admit.
    pub(super) async fn list(
        &self,
        scope: Scope,
        asked: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError> {
        match Beginning::of(scope, &asked) {
            Some(beginning) => self.lists.call(beginning).await,
            None => self.lanes.reads.call(move |conn| in_scope(conn, scope, &asked)).await,
        }
    }

    /// A ticket, if the scope admits it, with a page of its comments.
    pub(super) async fn find(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<TicketWithComments>, StoreError> {
        match page.after {
            None => self.finds.call(LookUp { scope, id, comments: page.limit }).await,
            Some(_) => self.lanes.reads.call(move |conn| find(conn, scope, id, &page)).await,
        }
    }
}
