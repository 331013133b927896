//! The history of a ticket, as its requester sees it.

use helpdesk_domain::{
    ActorKind, CommentId, CustomerEventView, CustomerFieldChange, EventId, EventKind, Priority, Status, Ts,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::people::CustomerAssigneeResponse;
use super::schema;

/// Something that happened to a ticket, as its requester sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerTicketEvent)]
pub(crate) struct CustomerEventResponse {
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: EventId,
    /// When it happened.
    #[schema(value_type = schema::Time)]
    at: Ts,
    /// What happened.
    #[schema(value_type = schema::EventKind)]
    kind: EventKind,
    /// Who did it.
    actor: CustomerEventActorResponse,
    /// The comment that was written.
    #[schema(value_type = Option<schema::Id>, required = true)]
    comment_id: Option<CommentId>,
    /// Which fields changed, and how.
    changes: Vec<CustomerFieldChangeResponse>,
}

/// Who did it, as the ticket's requester sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerTicketEventActor)]
struct CustomerEventActorResponse {
    /// What it was at that moment: a role, or `system` for the help desk itself.
    #[schema(value_type = schema::ActorKind)]
    kind: ActorKind,
    /// The account's name today; `null` for the help desk itself.
    #[schema(required = true, example = "Grace Hopper")]
    name: Option<String>,
}

/// One field's change: `from` is before, `to` after. People have the names of that moment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "field", rename_all = "snake_case")]
#[schema(as = CustomerTicketFieldChange)]
enum CustomerFieldChangeResponse {
    /// Where it stands.
    Status {
        #[schema(value_type = schema::Status)]
        from: Status,
        #[schema(value_type = schema::Status)]
        to: Status,
    },
    /// How urgent it is.
    Priority {
        #[schema(value_type = schema::Priority)]
        from: Priority,
        #[schema(value_type = schema::Priority)]
        to: Priority,
    },
    /// Who works it; `null` is nobody.
    Assignee {
        #[schema(required = true)]
        from: Option<CustomerAssigneeResponse>,
        #[schema(required = true)]
        to: Option<CustomerAssigneeResponse>,
    },
}

impl From<CustomerFieldChange> for CustomerFieldChangeResponse {
    fn from(change: CustomerFieldChange) -> Self {
        let named = |name: Option<String>| name.map(|name| CustomerAssigneeResponse { name });
        match change {
            CustomerFieldChange::Status { from, to } => Self::Status { from, to },
            CustomerFieldChange::Priority { from, to } => Self::Priority { from, to },
            CustomerFieldChange::Assignee { from, to } => Self::Assignee { from: named(from), to: named(to) },
        }
    }
}

impl From<CustomerEventView> for CustomerEventResponse {
    fn from(view: CustomerEventView) -> Self {
        Self {
            id: view.id,
            at: view.at,
            kind: view.kind,
            actor: CustomerEventActorResponse { kind: view.actor_kind, name: view.actor_name },
            comment_id: view.comment,
            changes: view.changes.into_iter().map(Into::into).collect(),
        }
    }
}
