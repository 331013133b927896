//! The audit trail.

use std::borrow::Cow;

use helpdesk_domain::{
    ActorKind, AuditChange, AuditId, AuditKind, AuditRecord, AuditSubject, AuditValue, Ts, UserId,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;

/// Something that was done to an account or a team.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct AuditEntryResponse {
    /// Its id; a larger one was written later.
    #[schema(value_type = schema::Id)]
    id: AuditId,
    /// When it was done.
    #[schema(value_type = schema::Time)]
    at: Ts,
    /// What was done.
    #[schema(value_type = schema::AuditKind)]
    kind: AuditKind,
    /// Who did it.
    actor: AuditActorResponse,
    /// What it was done to.
    subject: AuditSubjectResponse,
    /// Which fields changed, and how.
    changes: Vec<AuditChangeResponse>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditActor)]
struct AuditActorResponse {
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

/// What it was done to. It may be gone by now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditSubject)]
struct AuditSubjectResponse {
    /// `user` or `team`.
    #[schema(example = "user")]
    kind: &'static str,
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: i64,
    /// What it was called then: an account's e-mail address, a team's name.
    #[schema(example = "ada@example.com")]
    label: String,
}

/// One field's change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditChange)]
struct AuditChangeResponse {
    /// The field.
    #[schema(value_type = String, example = "role")]
    field: Cow<'static, str>,
    /// Before; `null` if there was nothing.
    #[schema(value_type = schema::AuditValue, required = true)]
    from: Option<AuditValueResponse>,
    /// After; `null` if there is nothing.
    #[schema(value_type = schema::AuditValue, required = true)]
    to: Option<AuditValueResponse>,
}

/// A value before or after a change.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum AuditValueResponse {
    Text(String),
    Flag(bool),
    Id(i64),
}

impl From<AuditValue> for AuditValueResponse {
    fn from(value: AuditValue) -> Self {
        match value {
            AuditValue::Text(text) => Self::Text(text),
            AuditValue::Flag(flag) => Self::Flag(flag),
            AuditValue::Id(id) => Self::Id(id),
        }
    }
}

impl From<AuditChange> for AuditChangeResponse {
    fn from(change: AuditChange) -> Self {
        Self { field: change.field, from: change.from.map(Into::into), to: change.to.map(Into::into) }
    }
}

impl AuditSubjectResponse {
    fn new(subject: AuditSubject, label: String) -> Self {
        Self { kind: subject.kind(), id: subject.id(), label }
    }
}

impl From<AuditRecord> for AuditEntryResponse {
    fn from(AuditRecord { id, entry, actor_name }: AuditRecord) -> Self {
        Self {
            id,
            at: entry.at,
            kind: entry.kind,
            actor: AuditActorResponse { kind: entry.actor.kind, id: entry.actor.id, name: actor_name },
            subject: AuditSubjectResponse::new(entry.subject, entry.label),
            changes: entry.changes.into_iter().map(Into::into).collect(),
        }
    }
}
