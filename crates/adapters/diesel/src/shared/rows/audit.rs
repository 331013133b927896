use diesel::prelude::*;
use helpdesk_domain::{AuditEntry, AuditId, AuditRecord, AuditSubject, TeamId, UserId};
use helpdesk_ports::StoreError;
use serde_json::Value;

use super::Origin;
use crate::audit_changes;

use super::super::StoredTs;
use super::super::dialect::Db;
use super::super::schema::audit_entries;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = audit_entries, check_for_backend(Db))]
pub(in super::super) struct AuditRow {
    pub(super) id: i64,
    pub(super) at: StoredTs,
    pub(super) actor_kind: String,
    pub(super) actor_id: Option<i64>,
    pub(super) kind: String,
    pub(super) subject_kind: String,
    pub(super) subject_id: i64,
    pub(super) label: String,
    pub(super) changes: Value,
}

/// An entry with its actor's name of today.
#[derive(Clone, Queryable)]
pub(in super::super) struct JoinedAuditEntry {
    pub(super) entry: AuditRow,
    pub(super) actor_name: Option<String>,
}

impl TryFrom<JoinedAuditEntry> for AuditRecord {
    type Error = StoreError;

    fn try_from(joined: JoinedAuditEntry) -> Result<Self, StoreError> {
        let row = joined.entry;
        let origin = Origin::new("audit_entries", row.id);
        Ok(Self {
            id: origin.id("id", row.id, AuditId::new)?,
            entry: AuditEntry {
                at: origin.ts("at", row.at)?,
                actor: origin.actor(&row.actor_kind, row.actor_id, joined.actor_name.as_ref())?,
                kind: origin.word("kind", &row.kind)?,
                subject: subject(origin, &row.subject_kind, row.subject_id)?,
                label: row.label,
                changes: audit_changes::decode(row.changes).ok_or_else(|| origin.corrupt("changes"))?,
            },
            actor_name: joined.actor_name,
        })
    }
}

fn subject(origin: Origin, kind: &str, id: i64) -> Result<AuditSubject, StoreError> {
    match kind {
        "user" => Ok(AuditSubject::User(origin.id("subject_id", id, UserId::new)?)),
        "team" => Ok(AuditSubject::Team(origin.id("subject_id", id, TeamId::new)?)),
        _ => Err(origin.corrupt("subject_kind")),
    }
}

/// An entry to write. The database gives the id.
#[derive(Insertable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
pub(in super::super) struct NewAuditRow<'a> {
    at: StoredTs,
    actor_kind: &'static str,
    actor_id: Option<i64>,
    kind: &'static str,
    subject_kind: &'static str,
    subject_id: i64,
    label: &'a str,
    changes: Value,
}

impl<'a> From<&'a AuditEntry> for NewAuditRow<'a> {
    fn from(entry: &'a AuditEntry) -> Self {
        Self {
            at: entry.at.into(),
            actor_kind: entry.actor.kind.as_str(),
            actor_id: entry.actor.id.map(UserId::get),
            kind: entry.kind.as_str(),
            subject_kind: entry.subject.kind(),
            subject_id: entry.subject.id(),
            label: &entry.label,
            changes: audit_changes::encode(&entry.changes),
        }
    }
}
