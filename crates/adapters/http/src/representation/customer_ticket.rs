//! Tickets, as their requesters see them.

use helpdesk_domain::{Actor, CustomerTicketView, Description, Priority, Status, Subject, TicketId, Ts};
use helpdesk_use_cases::CustomerTicketDetail;
use serde::Serialize;
use utoipa::ToSchema;

use super::people::{CustomerAssigneeResponse, RequesterResponse};
use super::{CustomerCommentResponse, schema};
use crate::entity_tag::Versioned;
use crate::paging::{Binding, CursorCodec, PageResponse};

/// A ticket, as its requester sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerTicket)]
pub(crate) struct CustomerTicketResponse {
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
    /// Whose it is.
    requester: RequesterResponse,
    /// Who works it.
    #[schema(required = true)]
    assignee: Option<CustomerAssigneeResponse>,
    /// The closed ticket that it follows up.
    #[schema(value_type = Option<schema::Id>, required = true)]
    follow_up_of: Option<TicketId>,
    /// Moves with every change that shows here.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was opened.
    #[schema(value_type = schema::Time)]
    created_at: Ts,
    /// When anything that shows here changed last.
    #[schema(value_type = schema::Time)]
    updated_at: Ts,
    /// When staff first answered.
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

impl From<CustomerTicketView> for CustomerTicketResponse {
    fn from(view: CustomerTicketView) -> Self {
        Self {
            id: view.id,
            subject: view.subject,
            description: view.description,
            status: view.status,
            priority: view.priority,
            requester: view.requester.into(),
            assignee: view.assignee_name.map(|name| CustomerAssigneeResponse { name }),
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

/// A ticket with the first page of its comments, as its requester sees them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerTicketDetail)]
pub(crate) struct CustomerTicketDetailResponse {
    #[serde(flatten)]
    ticket: CustomerTicketResponse,
    /// Its comments, oldest first; the cursor is for the list of comments.
    comments: PageResponse<CustomerCommentResponse>,
}

impl CustomerTicketDetailResponse {
    /// The answer to this caller, to whom the cursor of the comments is bound.
    pub(crate) fn new(detail: CustomerTicketDetail, caller: impl Into<Actor>, codec: &CursorCodec) -> Self {
        let binding = || Binding::comments(caller.into(), detail.ticket.id);
        let comments = PageResponse::bound(detail.comments, codec, binding);
        Self { comments, ticket: detail.ticket.into() }
    }
}

impl Versioned for CustomerTicketDetailResponse {
    fn version(&self) -> i64 {
        self.ticket.version
    }
}
