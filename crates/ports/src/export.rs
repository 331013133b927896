//! Exporting tickets.

use async_trait::async_trait;
use helpdesk_domain::{AdminActor, Comment, Ticket, TicketId, User};

use crate::{CommentPosition, Page, PageRequest, StoreError, TicketFilter};

/// A ticket, with the accounts that it names as they are today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// Whose it is.
    pub requester: User,
    /// Who works it.
    pub assignee: Option<User>,
}

/// A comment, with its author's account as it is today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedComment {
    /// The comment.
    pub comment: Comment,
    /// Who wrote it.
    pub author: User,
}

/// Reading everything there is, a page at a time. It names accounts by their addresses, which is why it is an admin's alone.
///
/// An implementation MUST leave room for others: however many export at once, they never take every connection that reads.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ExportRepository: Send + Sync {
    /// A page of the tickets that the admin's scope and the filter admit, by id. It takes no longer where they are few among
    /// many: such a page is short, or empty, and yet not the last. What comes behind it begins behind [`Page::next`], which need
    /// not be the id of a ticket. The filter looks for no words: what has to be searched is listed.
    async fn tickets(
        &self,
        by: AdminActor,
        filter: TicketFilter,
        page: PageRequest<TicketId>,
    ) -> Result<Page<ExportedTicket, TicketId>, StoreError>;

    /// A page of a ticket's comments, public and internal ones, oldest first. Of a ticket that is not there, there are none.
    async fn comments(
        &self,
        by: AdminActor,
        ticket: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Page<ExportedComment, CommentPosition>, StoreError>;
}
