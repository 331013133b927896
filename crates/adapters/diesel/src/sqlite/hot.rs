//! What is asked for most. A look-up takes SQLite a few microseconds and wakes nobody, so there is nothing to be gained by
//! gathering those.

use helpdesk_domain::{Opening, Scope, Ticket, TicketId};
use helpdesk_ports::{CommentPosition, PageRequest, StoreError, TicketWithComments};

use super::dialect::Conn;
pub(super) use super::open::open;
use super::open::open_all;
use super::shared::tickets::read::find;
use crate::executor::{Counts, Gathered, Lanes};

/// The calls that are made most.
pub(super) struct Hot {
    lanes: Lanes<Conn>,
    openings: Gathered<Conn, Opening, Ticket>,
}

impl Hot {
    pub(super) fn new(lanes: &Lanes<Conn>) -> Self {
        Self {
            lanes: lanes.clone(),
            openings: Gathered::new(lanes.writes.clone(), open_all, Counts::WithTheJob),
        }
    }

    /// A ticket, if the scope admits it, with a page of its comments.
    pub(super) async fn find(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<TicketWithComments>, StoreError> {
        self.lanes.reads.call(move |conn| find(conn, scope, id, &page)).await
    }

    /// Opens a ticket.
    pub(super) async fn open(&self, opening: Opening) -> Result<Ticket, StoreError> {
        self.openings.call(opening).await
    }
}
