use diesel::prelude::*;
use helpdesk_domain::{CommentId, Event, EventId, EventRecord, FieldChange, Ticket, UserId, Visibility};
use helpdesk_ports::StoreError;
use serde::Serialize;
use serde_json::Value;

use super::Origin;
use crate::field_changes;

use super::super::dialect::Db;
use super::super::schema::ticket_events;
use super::super::{IdSequence, StoredTs};

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = ticket_events, check_for_backend(Db))]
pub(in super::super) struct EventRow {
    pub(super) id: i64,
    pub(super) is_internal: bool,
    pub(super) kind: String,
    pub(super) actor_kind: String,
    pub(super) actor_id: Option<i64>,
    pub(super) at: StoredTs,
    pub(super) comment_id: Option<i64>,
    pub(super) changes: Value,
}

/// An event with its actor's name of today.
#[derive(Clone, Queryable)]
pub(in super::super) struct JoinedEvent {
    pub(super) event: EventRow,
    pub(super) actor_name: Option<String>,
}

impl TryFrom<JoinedEvent> for EventRecord {
    type Error = StoreError;

    fn try_from(joined: JoinedEvent) -> Result<Self, StoreError> {
        let row = joined.event;
        let origin = Origin::new("ticket_events", row.id);
        let visibility = if row.is_internal { Visibility::Internal } else { Visibility::Public };
        let is_ours = |change: &FieldChange| change.visibility() == visibility;
        let changes = field_changes::decode(row.changes)
            .filter(|changes| changes.iter().all(is_ours))
            .ok_or_else(|| origin.corrupt("changes"))?;
        Ok(Self {
            id: origin.id("id", row.id, EventId::new)?,
            kind: origin.word("kind", &row.kind)?,
            visibility,
            actor: origin.actor(&row.actor_kind, row.actor_id, joined.actor_name.as_ref())?,
            actor_name: joined.actor_name,
            at: origin.ts("at", row.at)?,
            changes,
            comment: row.comment_id.map(|id| origin.id("comment_id", id, CommentId::new)).transpose()?,
        })
    }
}

/// An event to write. Its id is the store's to give, from [`NewEventRow::ids`].
#[derive(Insertable, Serialize)]
#[diesel(table_name = ticket_events, treat_none_as_default_value = false)]
pub(in super::super::super) struct NewEventRow {
    pub(in super::super::super) ticket_id: i64,
    pub(in super::super::super) is_internal: bool,
    pub(in super::super::super) kind: &'static str,
    pub(in super::super::super) actor_kind: &'static str,
    pub(in super::super::super) actor_id: Option<i64>,
    pub(in super::super::super) at: StoredTs,
    pub(in super::super::super) version: i64,
    pub(in super::super::super) public_version: i64,
    pub(in super::super::super) comment_id: Option<i64>,
    pub(in super::super::super) changes: Value,
}

impl NewEventRow {
    /// An event of this ticket, which is as it will be, and of the comment that the event tells of.
    pub(in super::super::super) fn new(ticket: &Ticket, event: &Event, comment: Option<CommentId>) -> Self {
        Self {
            ticket_id: ticket.id().get(),
            is_internal: event.visibility() == Visibility::Internal,
            kind: event.kind().as_str(),
            actor_kind: event.actor().kind.as_str(),
            actor_id: event.actor().id.map(UserId::get),
            at: event.at().into(),
            version: ticket.version(),
            public_version: ticket.public_version(),
            comment_id: comment.map(CommentId::get),
            changes: field_changes::encode(event.changes()),
        }
    }

    /// Where its id comes from.
    pub(in super::super::super) fn ids(&self) -> IdSequence {
        if self.is_internal { IdSequence::InternalEvents } else { IdSequence::PublicEvents }
    }
}
