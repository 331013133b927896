//! What customers do: open tickets, follow them, comment on them, close them.

use helpdesk_domain::{
    Comment, CommentDraft, CustomerActor, CustomerCommentView, CustomerEventView, CustomerTicketView,
    NewTicket, Opening, Refusal, Ticket, TicketCommand, TicketId, TicketPatch,
};
use helpdesk_ports::{
    Cause, CommentPosition, EventPosition, Page, PageRequest, StoreError, TicketPosition, TicketQuery,
    TicketWithComments,
};

use super::{Desk, TicketDetail};
use crate::{Done, OnceRequest, UseCaseError};

/// A ticket and its public comments, as the requester sees them.
pub type CustomerTicketDetail = TicketDetail<CustomerTicketView, CustomerCommentView>;

/// What customers do with tickets. Every answer is a customer's view.
pub struct CustomerTickets {
    desk: Desk,
}

fn comments_view(page: Page<Comment, CommentPosition>) -> Page<CustomerCommentView, CommentPosition> {
    // The scope has left internal comments out; there is no view of one should a store ever fail in that.
    Page { items: page.items.into_iter().filter_map(CustomerCommentView::of).collect(), next: page.next }
}

fn detail(loaded: TicketWithComments) -> CustomerTicketDetail {
    TicketDetail { ticket: loaded.ticket.into(), comments: comments_view(loaded.comments) }
}

/// A ticket that was opened just now.
fn opened(ticket: Ticket) -> CustomerTicketDetail {
    TicketDetail { ticket: ticket.into(), comments: Page { items: Vec::new(), next: None } }
}

/// The view of a comment that its customer wrote.
fn own_comment(comment: Comment) -> Result<CustomerCommentView, Cause> {
    CustomerCommentView::of(comment).ok_or_else(|| Cause::new("a customer's comment came back as internal"))
}

impl CustomerTickets {
    pub(crate) fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Opens a ticket for the caller.
    ///
    /// # Errors
    /// [`Refusal::NoFollowUp`] where what it is to follow up is no closed ticket of the caller's.
    pub async fn open(
        &self,
        by: CustomerActor,
        draft: NewTicket,
    ) -> Result<CustomerTicketDetail, UseCaseError> {
        let opening = self.opening(by, draft).await?;
        Ok(opened(self.desk.tickets.open(opening).await?))
    }

    /// The same once.
    ///
    /// # Errors
    /// The same, and [`Refusal::KeyReused`].
    pub async fn open_once(
        &self,
        by: CustomerActor,
        draft: NewTicket,
        request: OnceRequest<CustomerTicketDetail>,
    ) -> Result<Done<CustomerTicketDetail>, UseCaseError> {
        let write = async |once| {
            let opening = self.opening(by, draft).await?;
            self.desk.tickets.open_once(opening, once).await?.try_map(|ticket| Ok(opened(ticket)))
        };
        self.desk.answers.once(by.id(), request, |ticket: &Ticket| Ok(opened(ticket.clone())), write).await
    }

    async fn opening(&self, by: CustomerActor, draft: NewTicket) -> Result<Opening, UseCaseError> {
        if let Some(followed) = draft.follow_up_of {
            let found = self.desk.tickets.find(by.scope(), followed, PageRequest::default()).await?;
            found.ok_or(Refusal::NoFollowUp)?.ticket.may_be_followed_up(&by.into())?;
        }
        Ok(Ticket::open(&by, draft, self.desk.clock.now()))
    }

    /// A page of the caller's tickets.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn list(
        &self,
        by: CustomerActor,
        query: TicketQuery,
    ) -> Result<Page<CustomerTicketView, TicketPosition>, UseCaseError> {
        Ok(self.desk.list(&by.into(), query).await?.map(CustomerTicketView::from))
    }

    /// One of the caller's tickets, with a page of its comments.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`].
    pub async fn find(
        &self,
        by: CustomerActor,
        id: TicketId,
        comments: PageRequest<CommentPosition>,
    ) -> Result<CustomerTicketDetail, UseCaseError> {
        Ok(detail(self.desk.find(&by.into(), id, comments).await?))
    }

    /// A page of the public comments, oldest first.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`].
    pub async fn comments(
        &self,
        by: CustomerActor,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Page<CustomerCommentView, CommentPosition>, UseCaseError> {
        Ok(comments_view(self.desk.comments(&by.into(), id, page).await?))
    }

    /// A page of what happened to it in public, oldest first.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`].
    pub async fn history(
        &self,
        by: CustomerActor,
        id: TicketId,
        page: PageRequest<EventPosition>,
    ) -> Result<Page<CustomerEventView, EventPosition>, UseCaseError> {
        let page = self.desk.history(&by.into(), id, page).await?;
        // As with comments: there is no view of an internal one.
        Ok(Page {
            items: page.items.into_iter().filter_map(CustomerEventView::of).collect(),
            next: page.next,
        })
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// [`Refusal`]: not visible, closed, not at the version that was seen, or asked to be internal.
    pub async fn comment(
        &self,
        by: CustomerActor,
        id: TicketId,
        draft: CommentDraft,
        seen: Option<i64>,
    ) -> Result<CustomerCommentView, UseCaseError> {
        let comment = self.desk.comment(&by.into(), id, draft, seen).await?;
        own_comment(comment).map_err(|cause| StoreError::Fault(cause).into())
    }

    /// The same once.
    ///
    /// # Errors
    /// The same, and [`Refusal::KeyReused`].
    pub async fn comment_once(
        &self,
        by: CustomerActor,
        id: TicketId,
        draft: CommentDraft,
        seen: Option<i64>,
        request: OnceRequest<CustomerCommentView>,
    ) -> Result<Done<CustomerCommentView>, UseCaseError> {
        let view = |comment: &Comment| own_comment(comment.clone());
        self.desk.comment_once(&by.into(), id, draft, seen, request, view).await
    }

    /// Changes the ticket, which for a customer is closing it.
    ///
    /// # Errors
    /// [`Refusal`]: not visible, not at the version that was seen, or a status that is not the customer's to set.
    pub async fn update(
        &self,
        by: CustomerActor,
        id: TicketId,
        patch: TicketPatch,
        seen: Option<i64>,
    ) -> Result<CustomerTicketDetail, UseCaseError> {
        let changed = self.desk.change(&by.into(), id, TicketCommand::Update(patch), seen).await?;
        Ok(detail(changed.now))
    }
}
