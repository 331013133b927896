//! The audit trail.

use async_trait::async_trait;
use diesel::prelude::*;
use helpdesk_domain::{AdminActor, AuditEntry, AuditId, AuditRecord, UserId};
use helpdesk_ports::{AuditQuery, AuditRepository, Page, StoreError};

use super::Failure;
use super::dialect::Conn;
use super::rows::{AuditRow, JoinedAuditEntry, NewAuditRow};
use super::schema::{audit_entries, users};
use super::tickets::one_more_than;
use crate::executor::Lanes;

pub(super) struct DieselAudit {
    lanes: Lanes<Conn>,
}

impl DieselAudit {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
    }
}

#[async_trait]
impl AuditRepository for DieselAudit {
    async fn list(
        &self,
        _by: AdminActor,
        query: AuditQuery,
    ) -> Result<Page<AuditRecord, AuditId>, StoreError> {
        self.lanes.reads.call(move |conn| list(conn, &query)).await
    }
}

/// Writes an entry, in the transaction of what it tells of.
pub(super) fn record(conn: &mut Conn, entry: &AuditEntry) -> Result<(), Failure> {
    diesel::insert_into(audit_entries::table).values(NewAuditRow::from(entry)).execute(conn)?;
    Ok(())
}

fn list(conn: &mut Conn, asked: &AuditQuery) -> Result<Page<AuditRecord, AuditId>, Failure> {
    let mut query = audit_entries::table
        .left_join(users::table)
        .order(audit_entries::id.desc())
        .limit(one_more_than(asked.page.limit))
        .select((AuditRow::as_select(), users::name.nullable()))
        .into_boxed();
    if let Some(actor) = asked.filter.actor.map(UserId::get) {
        // What the help desk did itself compares as unknown, which a filter takes for no.
        query = query.filter(audit_entries::actor_id.assume_not_null().eq(actor));
    }
    if let Some(kind) = asked.filter.kind {
        query = query.filter(audit_entries::kind.eq(kind.as_str()));
    }
    if let Some(after) = asked.page.after {
        query = query.filter(audit_entries::id.lt(after.get()));
    }
    let rows: Vec<JoinedAuditEntry> = query.load(conn)?;
    let entries = rows.into_iter().map(AuditRecord::try_from).collect::<Result<_, _>>()?;
    Ok(Page::of_rows_read_ahead(entries, asked.page.limit, |record: &AuditRecord| record.id))
}
