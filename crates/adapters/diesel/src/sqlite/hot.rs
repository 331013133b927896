//! What is asked for most. A look-up takes SQLite a few microseconds and wakes nobody, so there is nothing to be gained by
//! gathering calls.

use helpdesk_domain::{Opening, Scope, Ticket, TicketId};
use helpdesk_ports::{CommentPosition, PageRequest, StoreError, TicketWithComments};

use super::dialect::Conn;
pub(super) use super::open::open;
use super::shared::tickets::read::find;
use super::shared::write;
use crate::executor::Lanes;

/// The calls that are made most.
pub(super) struct Hot {
    lanes: Lanes<Conn>,
}

impl Hot {
    pub(super) fn new(lanes: &Lanes<Conn>) -> Self {
        Self { lanes: lanes.clone() }
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
        write(&self.lanes, move |conn| open(conn, opening)).await
    }
}
