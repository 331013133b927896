//! The workflow of tickets.

use helpdesk_domain::workflow::{REOPENED_BY_REPLY, TRANSITIONS, Transition};
use helpdesk_domain::{ActorKind, Priority, Status};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;

/// How tickets move from status to status.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketWorkflow)]
pub(crate) struct TicketWorkflowResponse {
    /// Every status.
    #[schema(value_type = Vec<schema::Status>)]
    statuses: &'static [Status],
    /// Every priority, the least urgent first.
    #[schema(value_type = Vec<schema::Priority>)]
    priorities: &'static [Priority],
    /// Who may move a ticket from where to where; what is not here is not possible.
    transitions: Vec<TransitionResponse>,
    /// The statuses from which a customer's comment makes a ticket `open` again.
    #[schema(value_type = Vec<schema::Status>)]
    reopened_by_reply: &'static [Status],
}

/// To where one role may move a ticket from one status.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketTransition)]
struct TransitionResponse {
    /// Who: a role, or `system` for what the help desk does by itself.
    #[schema(value_type = schema::ActorKind)]
    role: ActorKind,
    /// From where.
    #[schema(value_type = schema::Status)]
    from: Status,
    /// To where.
    #[schema(value_type = Vec<schema::Status>)]
    to: &'static [Status],
}

impl TicketWorkflowResponse {
    pub(crate) fn new() -> Self {
        let transition = |&Transition { by, from, to }| TransitionResponse { role: by, from, to };
        Self {
            statuses: Status::ALL,
            priorities: Priority::ALL,
            transitions: TRANSITIONS.iter().map(transition).collect(),
            reopened_by_reply: REOPENED_BY_REPLY,
        }
    }
}
