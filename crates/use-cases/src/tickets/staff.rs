//! What agents and admins both do: read, change, comment. The scope of each decides on which tickets.

use helpdesk_domain::{
    Actor, AdminActor, AgentActor, Comment, CommentDraft, StaffCommentView, StaffEventView, StaffTicketView,
    TicketCommand, TicketId, TicketPatch,
};
use helpdesk_ports::{
    CommentPosition, EventPosition, Page, PageRequest, TicketPosition, TicketQuery, TicketWithComments,
};

use super::{BulkItem, Desk, TicketDetail};
use crate::{Done, OnceRequest, UseCaseError};

/// An agent or an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffActor {
    /// An agent.
    Agent(AgentActor),
    /// An admin.
    Admin(AdminActor),
}

impl From<AgentActor> for StaffActor {
    fn from(actor: AgentActor) -> Self {
        Self::Agent(actor)
    }
}

impl From<AdminActor> for StaffActor {
    fn from(actor: AdminActor) -> Self {
        Self::Admin(actor)
    }
}

impl From<StaffActor> for Actor {
    fn from(actor: StaffActor) -> Self {
        match actor {
            StaffActor::Agent(agent) => agent.into(),
            StaffActor::Admin(admin) => admin.into(),
        }
    }
}

/// A ticket and its comments, as staff sees them.
pub type StaffTicketDetail = TicketDetail<StaffTicketView, StaffCommentView>;

/// What agents and admins do with tickets.
pub struct StaffTickets {
    desk: Desk,
}

pub(super) fn detail(loaded: TicketWithComments) -> StaffTicketDetail {
    TicketDetail { ticket: loaded.ticket.into(), comments: loaded.comments.map(StaffCommentView::from) }
}

impl StaffTickets {
    pub(crate) fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// A page of the tickets that the caller may see.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn list(
        &self,
        by: impl Into<StaffActor>,
        query: TicketQuery,
    ) -> Result<Page<StaffTicketView, TicketPosition>, UseCaseError> {
        Ok(self.desk.list(&by.into().into(), query).await?.map(StaffTicketView::from))
    }

    /// One ticket, with a page of its comments.
    ///
    /// # Errors
    /// [`helpdesk_domain::Refusal::NotVisible`].
    pub async fn find(
        &self,
        by: impl Into<StaffActor>,
        id: TicketId,
        comments: PageRequest<CommentPosition>,
    ) -> Result<StaffTicketDetail, UseCaseError> {
        Ok(detail(self.desk.find(&by.into().into(), id, comments).await?))
    }

    /// A page of its comments, internal ones included, oldest first.
    ///
    /// # Errors
    /// [`helpdesk_domain::Refusal::NotVisible`].
    pub async fn comments(
        &self,
        by: impl Into<StaffActor>,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Page<StaffCommentView, CommentPosition>, UseCaseError> {
        Ok(self.desk.comments(&by.into().into(), id, page).await?.map(StaffCommentView::from))
    }

    /// A page of what happened to it, internal things included, oldest first.
    ///
    /// # Errors
    /// [`helpdesk_domain::Refusal::NotVisible`].
    pub async fn history(
        &self,
        by: impl Into<StaffActor>,
        id: TicketId,
        page: PageRequest<EventPosition>,
    ) -> Result<Page<StaffEventView, EventPosition>, UseCaseError> {
        Ok(self.desk.history(&by.into().into(), id, page).await?.map(StaffEventView::from))
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// [`helpdesk_domain::Refusal`]: not visible, closed, or not at the version that was seen.
    pub async fn comment(
        &self,
        by: impl Into<StaffActor>,
        id: TicketId,
        draft: CommentDraft,
        seen: Option<i64>,
    ) -> Result<StaffCommentView, UseCaseError> {
        Ok(self.desk.comment(&by.into().into(), id, draft, seen).await?.into())
    }

    /// The same once.
    ///
    /// # Errors
    /// The same, and [`helpdesk_domain::Refusal::KeyReused`].
    pub async fn comment_once(
        &self,
        by: impl Into<StaffActor>,
        id: TicketId,
        draft: CommentDraft,
        seen: Option<i64>,
        request: OnceRequest<StaffCommentView>,
    ) -> Result<Done<StaffCommentView>, UseCaseError> {
        let view = |comment: &Comment| Ok(comment.clone().into());
        self.desk.comment_once(&by.into().into(), id, draft, seen, request, view).await
    }

    /// Changes fields.
    ///
    /// # Errors
    /// [`helpdesk_domain::Refusal`]: not visible, closed, not at the version that was seen, or no such transition.
    pub async fn update(
        &self,
        by: impl Into<StaffActor>,
        id: TicketId,
        patch: TicketPatch,
        seen: Option<i64>,
    ) -> Result<StaffTicketDetail, UseCaseError> {
        let changed = self.desk.change(&by.into().into(), id, TicketCommand::Update(patch), seen).await?;
        Ok(detail(changed.now))
    }

    /// Changes fields of several tickets, each by a decision of its own: one that is refused keeps none of the others. Each is to be
    /// named once.
    ///
    /// # Errors
    /// [`helpdesk_domain::Refusal::NothingToChange`]; what a single ticket is refused for, stands in its item.
    pub async fn update_many(
        &self,
        by: impl Into<StaffActor>,
        ids: &[TicketId],
        patch: TicketPatch,
    ) -> Result<Vec<BulkItem>, UseCaseError> {
        self.desk.update_many(&by.into().into(), ids, patch).await
    }
}
