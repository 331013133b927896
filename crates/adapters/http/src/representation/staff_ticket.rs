//! Tickets, as agents and admins see them.

use helpdesk_domain::{Actor, Description, Priority, StaffTicketView, Status, Subject, Tags, TicketId, Ts};
use helpdesk_use_cases::StaffTicketDetail;
use serde::Serialize;
use utoipa::ToSchema;

use super::people::{AssigneeResponse, RequesterResponse, TicketTeamResponse};
use super::{CommentResponse, schema};
use crate::entity_tag::Versioned;
use crate::paging::{Binding, CursorCodec, PageResponse};

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ticket)]
pub(crate) struct TicketResponse {
    /// Its id; a larger one was created later.
    #[schema(value_type = schema::Id)]
    id: TicketId,
    /// What it is about.
    #[schema(value_type = String, max_length = 200, example = "Printer on fire")]
    subject: Subject,
    /// The requester's account of it.
    #[schema(value_type = String, max_length = 20_000, example = "It really is.")]
    description: Description,
    /// Where it stands.
    #[schema(value_type = schema::Status)]
    status: Status,
    /// How urgent it is.
    #[schema(value_type = schema::Priority)]
    priority: Priority,
    /// The tags, in alphabetical order.
    #[schema(value_type = Vec<schema::Tag>, max_items = 20, example = json!(["printer", "vip"]))]
    tags: Tags,
    /// Whose it is.
    requester: RequesterResponse,
    /// Who works it.
    #[schema(required = true)]
    assignee: Option<AssigneeResponse>,
    /// Which team it belongs to.
    team: TicketTeamResponse,
    /// The closed ticket that it follows up.
    #[schema(value_type = Option<schema::Id>, required = true)]
    follow_up_of: Option<TicketId>,
    /// Moves with every change.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was opened.
    #[schema(value_type = schema::Time)]
    created_at: Ts,
    /// When anything changed last.
    #[schema(value_type = schema::Time)]
    updated_at: Ts,
    /// When staff first answered in public.
    #[schema(value_type = Option<schema::Time>, required = true)]
    first_responded_at: Option<Ts>,
    /// When it was resolved.
    #[schema(value_type = Option<schema::Time>, required = true)]
    resolved_at: Option<Ts>,
    /// When it was closed.
    #[schema(value_type = Option<schema::Time>, required = true)]
    closed_at: Option<Ts>,
    /// How often it was reopened.
    #[schema(minimum = 0)]
    reopen_count: i64,
}

impl From<StaffTicketView> for TicketResponse {
    fn from(view: StaffTicketView) -> Self {
        Self {
            id: view.id,
            subject: view.subject,
            description: view.description,
            status: view.status,
            priority: view.priority,
            tags: view.tags,
            requester: view.requester.into(),
            assignee: view.assignee.map(AssigneeResponse::from),
            team: view.team.into(),
            follow_up_of: view.follow_up_of,
            version: view.version,
            created_at: view.created_at,
            updated_at: view.updated_at,
            first_responded_at: view.first_responded_at,
            resolved_at: view.resolved_at,
            closed_at: view.closed_at,
            reopen_count: view.reopen_count,
        }
    }
}

/// A ticket with the first page of its comments.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketDetail)]
pub(crate) struct TicketDetailResponse {
    #[serde(flatten)]
    ticket: TicketResponse,
    /// Its comments, oldest first; the cursor is for the list of comments.
    comments: PageResponse<CommentResponse>,
}

impl TicketDetailResponse {
    /// The answer to this caller, to whom the cursor of the comments is bound.
    pub(crate) fn new(detail: StaffTicketDetail, caller: impl Into<Actor>, codec: &CursorCodec) -> Self {
        let binding = || Binding::comments(caller.into(), detail.ticket.id);
        let comments = PageResponse::bound(detail.comments, codec, binding);
        Self { comments, ticket: detail.ticket.into() }
    }
}

impl Versioned for TicketDetailResponse {
    fn version(&self) -> i64 {
        self.ticket.version
    }
}
