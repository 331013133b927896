use diesel::prelude::*;
use helpdesk_domain::{CommentId, Event, Ticket, UserId, Visibility};
use serde::Serialize;
use serde_json::Value;

use crate::field_changes;

use super::super::schema::ticket_events;
use super::super::{IdSequence, StoredTs};

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
