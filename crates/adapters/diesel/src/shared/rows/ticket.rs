use diesel::prelude::*;
use helpdesk_domain::{
    AgentRef, Description, Person, Subject, TeamId, TeamRef, Ticket, TicketFacts, TicketId, TicketRecord,
    UserId,
};
use helpdesk_ports::StoreError;
use serde::Serialize;
use serde_json::Value;

use super::Origin;
use crate::field_changes;

use super::super::StoredTs;
use super::super::dialect::Db;
use super::super::schema::tickets;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = tickets, check_for_backend(Db))]
pub(in super::super::super) struct TicketRow {
    pub(in super::super::super) id: i64,
    pub(super) subject: String,
    pub(super) description: String,
    pub(super) status: String,
    pub(super) priority: String,
    pub(super) tags: Value,
    pub(in super::super::super) requester_id: i64,
    pub(in super::super::super) assignee_id: Option<i64>,
    pub(super) team_id: i64,
    pub(super) follow_up_of: Option<i64>,
    pub(super) version: i64,
    pub(super) public_version: i64,
    pub(super) created_at: StoredTs,
    pub(super) updated_at: StoredTs,
    pub(super) public_updated_at: StoredTs,
    pub(super) first_responded_at: Option<StoredTs>,
    pub(super) resolved_at: Option<StoredTs>,
    pub(super) closed_at: Option<StoredTs>,
    pub(super) reopen_count: i64,
}

/// A ticket with the names around it.
#[derive(Clone, Queryable)]
pub(in super::super::super) struct JoinedTicket {
    pub(in super::super::super) ticket: TicketRow,
    pub(super) requester_name: String,
    pub(super) requester_email: String,
    pub(super) assignee_name: Option<String>,
    pub(super) team_name: String,
}

impl TicketRow {
    /// What decides who may see it.
    pub(in super::super::super) fn facts(&self) -> Result<TicketFacts, StoreError> {
        let origin = Origin::new("tickets", self.id);
        let assignee = self.assignee_id.map(|id| origin.id("assignee_id", id, UserId::new));
        Ok(TicketFacts {
            requester: origin.id("requester_id", self.requester_id, UserId::new)?,
            assignee: assignee.transpose()?,
        })
    }
}

impl TryFrom<JoinedTicket> for Ticket {
    type Error = StoreError;

    fn try_from(joined: JoinedTicket) -> Result<Self, StoreError> {
        let row = joined.ticket;
        let origin = Origin::new("tickets", row.id);
        let requester = origin.id("requester_id", row.requester_id, UserId::new)?;
        let assignee = match (row.assignee_id, joined.assignee_name) {
            (Some(id), Some(name)) => Some(AgentRef::new(origin.id("assignee_id", id, UserId::new)?, name)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(origin.corrupt("assignee_id")),
        };
        Ok(Self::from_stored(TicketRecord {
            id: origin.id("id", row.id, TicketId::new)?,
            status: origin.word("status", &row.status)?,
            priority: origin.word("priority", &row.priority)?,
            tags: field_changes::stored_tags(row.tags).ok_or_else(|| origin.corrupt("tags"))?,
            requester: Person::new(requester, joined.requester_name, joined.requester_email),
            assignee,
            team: TeamRef::new(origin.id("team_id", row.team_id, TeamId::new)?, joined.team_name),
            follow_up_of: row
                .follow_up_of
                .map(|id| origin.id("follow_up_of", id, TicketId::new))
                .transpose()?,
            version: row.version,
            public_version: row.public_version,
            created_at: origin.ts("created_at", row.created_at)?,
            updated_at: origin.ts("updated_at", row.updated_at)?,
            public_updated_at: origin.ts("public_updated_at", row.public_updated_at)?,
            first_responded_at: origin.optional_ts("first_responded_at", row.first_responded_at)?,
            resolved_at: origin.optional_ts("resolved_at", row.resolved_at)?,
            closed_at: origin.optional_ts("closed_at", row.closed_at)?,
            reopen_count: row.reopen_count,
            subject: Subject::from_stored(row.subject),
            description: Description::from_stored(row.description),
        }))
    }
}

/// What a change writes of a ticket: everything that can change, so that it is never empty.
#[derive(AsChangeset, Insertable, Serialize)]
#[diesel(table_name = tickets, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(in super::super::super) struct TicketChangeset {
    pub(in super::super::super) status: &'static str,
    pub(in super::super::super) priority: &'static str,
    pub(in super::super::super) tags: Value,
    pub(in super::super::super) assignee_id: Option<i64>,
    pub(in super::super::super) team_id: i64,
    pub(in super::super::super) version: i64,
    pub(in super::super::super) public_version: i64,
    pub(in super::super::super) updated_at: StoredTs,
    pub(in super::super::super) public_updated_at: StoredTs,
    pub(in super::super::super) first_responded_at: Option<StoredTs>,
    pub(in super::super::super) resolved_at: Option<StoredTs>,
    pub(in super::super::super) closed_at: Option<StoredTs>,
    pub(in super::super::super) reopen_count: i64,
}

/// A ticket to write with an id that it was given, whatever has become of it.
#[derive(Insertable)]
#[diesel(table_name = tickets, treat_none_as_default_value = false)]
pub(in super::super::super) struct NewTicketRow {
    pub(in super::super::super) id: i64,
    pub(in super::super::super) subject: String,
    pub(in super::super::super) description: String,
    pub(in super::super::super) requester_id: i64,
    pub(in super::super::super) follow_up_of: Option<i64>,
    pub(in super::super::super) created_at: StoredTs,
    #[diesel(embed)]
    pub(in super::super::super) changes: TicketChangeset,
}

impl From<&TicketRecord> for NewTicketRow {
    fn from(record: &TicketRecord) -> Self {
        Self {
            id: record.id.get(),
            subject: record.subject.as_str().to_owned(),
            description: record.description.as_str().to_owned(),
            requester_id: record.requester.id().get(),
            follow_up_of: record.follow_up_of.map(TicketId::get),
            created_at: record.created_at.into(),
            changes: record.into(),
        }
    }
}

impl From<&TicketRecord> for TicketChangeset {
    fn from(record: &TicketRecord) -> Self {
        Self {
            status: record.status.as_str(),
            priority: record.priority.as_str(),
            tags: field_changes::tags(&record.tags),
            assignee_id: record.assignee.as_ref().map(|agent| agent.id().get()),
            team_id: record.team.id().get(),
            version: record.version,
            public_version: record.public_version,
            updated_at: record.updated_at.into(),
            public_updated_at: record.public_updated_at.into(),
            first_responded_at: record.first_responded_at.map(StoredTs::from),
            resolved_at: record.resolved_at.map(StoredTs::from),
            closed_at: record.closed_at.map(StoredTs::from),
            reopen_count: record.reopen_count,
        }
    }
}
