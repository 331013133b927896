//! The history of a ticket, as agents and admins see it.

use helpdesk_domain::{
    ActorKind, CommentId, EventActor, EventId, EventKind, FieldChange, Priority, StaffEventView, Status,
    Tags, Ts, UserId, Visibility,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::people::{AssigneeResponse, TicketTeamResponse};
use super::schema;

/// Something that happened to a ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketEvent)]
pub(crate) struct EventResponse {
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
    actor: EventActorResponse,
    /// Whether it is for staff alone.
    is_internal: bool,
    /// The comment that was written.
    #[schema(value_type = Option<schema::Id>, required = true)]
    comment_id: Option<CommentId>,
    /// Which fields changed, and how.
    changes: Vec<FieldChangeResponse>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketEventActor)]
struct EventActorResponse {
    /// What it was at that moment: a role, or `system` for the help desk itself.
    #[schema(value_type = schema::ActorKind)]
    kind: ActorKind,
    /// The account; `null` for the help desk itself.
    #[schema(value_type = Option<schema::Id>, required = true)]
    id: Option<UserId>,
    /// The account's name today.
    #[schema(required = true, example = "Grace Hopper")]
    name: Option<String>,
}

/// One field's change: `from` is before, `to` after. People and teams have the names of that moment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "field", rename_all = "snake_case")]
#[schema(as = TicketFieldChange)]
enum FieldChangeResponse {
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
        from: Option<AssigneeResponse>,
        #[schema(required = true)]
        to: Option<AssigneeResponse>,
    },
    /// The tags, all of them.
    Tags {
        #[schema(value_type = Vec<schema::Tag>, example = json!(["printer"]))]
        from: Tags,
        #[schema(value_type = Vec<schema::Tag>, example = json!(["printer", "vip"]))]
        to: Tags,
    },
    /// The team that it belongs to.
    Team { from: TicketTeamResponse, to: TicketTeamResponse },
}

impl From<FieldChange> for FieldChangeResponse {
    fn from(change: FieldChange) -> Self {
        match change {
            FieldChange::Status { from, to } => Self::Status { from, to },
            FieldChange::Priority { from, to } => Self::Priority { from, to },
            FieldChange::Assignee { from, to } => {
                Self::Assignee { from: from.map(Into::into), to: to.map(Into::into) }
            }
            FieldChange::Tags { from, to } => Self::Tags { from, to },
            FieldChange::Team { from, to } => Self::Team { from: from.into(), to: to.into() },
        }
    }
}

impl From<StaffEventView> for EventResponse {
    fn from(view: StaffEventView) -> Self {
        let EventActor { kind, id } = view.actor;
        Self {
            id: view.id,
            at: view.at,
            kind: view.kind,
            actor: EventActorResponse { kind, id, name: view.actor_name },
            is_internal: view.visibility == Visibility::Internal,
            comment_id: view.comment,
            changes: view.changes.into_iter().map(Into::into).collect(),
        }
    }
}
