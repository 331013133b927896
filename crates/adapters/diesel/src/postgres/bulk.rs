//! Writing many rows by one statement. Each column travels as one array, so that the statement is the same for any number.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz};
use serde_json::Value;

use super::dialect::Conn;
use super::shared::{NewEventRow, StoredTs, TicketChangeset};

/// What is to become of a ticket that is at a version.
pub(super) struct TicketUpdate {
    pub(super) id: i64,
    pub(super) base_version: i64,
    pub(super) changes: TicketChangeset,
}

/// A struct of one array for each column, which is made from rows, and pushed as arguments of `unnest`.
macro_rules! columns {
    ($name:ident, $($column:ident: $rust:ty as $sql:ty = $arrays:literal),+) => {
        #[derive(Default, QueryId)]
        struct $name {
            $($column: Vec<$rust>,)+
        }

        impl $name {
            /// `FROM unnest(…) AS new (…)`.
            fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql(" FROM unnest(");
                let mut separator = "";
                $(
                    out.push_sql(separator);
                    out.push_bind_param::<Array<$sql>, _>(&self.$column)?;
                    // Said outright, so that the statement has one meaning wherever it is read.
                    out.push_sql(concat!("::", $arrays));
                    separator = ", ";
                )+
                out.push_sql(") AS new (");
                let mut after = "";
                for name in [$(stringify!($column)),+] {
                    out.push_sql(after);
                    out.push_sql(name);
                    after = separator;
                }
                out.push_sql(")");
                Ok(())
            }
        }
    };
}

columns!(
    UpdateTickets,
    id: i64 as BigInt = "bigint[]",
    base_version: i64 as BigInt = "bigint[]",
    status: &'static str as Text = "text[]",
    priority: &'static str as Text = "text[]",
    tags: Value as Jsonb = "jsonb[]",
    assignee_id: Option<i64> as Nullable<BigInt> = "bigint[]",
    team_id: i64 as BigInt = "bigint[]",
    version: i64 as BigInt = "bigint[]",
    public_version: i64 as BigInt = "bigint[]",
    updated_at: StoredTs as Timestamptz = "timestamptz[]",
    public_updated_at: StoredTs as Timestamptz = "timestamptz[]",
    first_responded_at: Option<StoredTs> as Nullable<Timestamptz> = "timestamptz[]",
    resolved_at: Option<StoredTs> as Nullable<Timestamptz> = "timestamptz[]",
    closed_at: Option<StoredTs> as Nullable<Timestamptz> = "timestamptz[]",
    reopen_count: i64 as BigInt = "bigint[]"
);

impl QueryFragment<Pg> for UpdateTickets {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE tickets SET status = new.status, priority = new.priority, tags = new.tags, \
             assignee_id = new.assignee_id, team_id = new.team_id, version = new.version, public_version = new.public_version, \
             updated_at = new.updated_at, public_updated_at = new.public_updated_at, \
             first_responded_at = new.first_responded_at, resolved_at = new.resolved_at, \
             closed_at = new.closed_at, reopen_count = new.reopen_count",
        );
        self.push(&mut out)?;
        out.push_sql(" WHERE tickets.id = new.id AND tickets.version = new.base_version");
        Ok(())
    }
}

impl RunQueryDsl<Conn> for UpdateTickets {}

/// Updates the tickets that still are at their versions, and says how many those are.
pub(super) fn update_tickets(conn: &mut Conn, updates: &[TicketUpdate]) -> QueryResult<usize> {
    let mut columns = UpdateTickets::default();
    for TicketUpdate { id, base_version, changes } in updates {
        // Every field by name, so that none can be forgotten.
        let TicketChangeset {
            status,
            priority,
            tags,
            assignee_id,
            team_id,
            version,
            public_version,
            updated_at,
            public_updated_at,
            first_responded_at,
            resolved_at,
            closed_at,
            reopen_count,
        } = changes;
        columns.id.push(*id);
        columns.base_version.push(*base_version);
        columns.status.push(status);
        columns.priority.push(priority);
        columns.tags.push(tags.clone());
        columns.assignee_id.push(*assignee_id);
        columns.team_id.push(*team_id);
        columns.version.push(*version);
        columns.public_version.push(*public_version);
        columns.updated_at.push(*updated_at);
        columns.public_updated_at.push(*public_updated_at);
        columns.first_responded_at.push(*first_responded_at);
        columns.resolved_at.push(*resolved_at);
        columns.closed_at.push(*closed_at);
        columns.reopen_count.push(*reopen_count);
    }
    columns.execute(conn)
}

columns!(
    InsertEvents,
    ids: &'static str as Text = "text[]",
    ticket_id: i64 as BigInt = "bigint[]",
    is_internal: bool as Bool = "boolean[]",
    kind: &'static str as Text = "text[]",
    actor_kind: &'static str as Text = "text[]",
    actor_id: Option<i64> as Nullable<BigInt> = "bigint[]",
    at: StoredTs as Timestamptz = "timestamptz[]",
    version: i64 as BigInt = "bigint[]",
    public_version: i64 as BigInt = "bigint[]",
    comment_id: Option<i64> as Nullable<BigInt> = "bigint[]",
    changes: Value as Jsonb = "jsonb[]"
);

impl QueryFragment<Pg> for InsertEvents {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO ticket_events \
             (id, ticket_id, is_internal, kind, actor_kind, actor_id, at, version, public_version, comment_id, \
              changes) \
             SELECT nextval(new.ids::regclass), new.ticket_id, new.is_internal, new.kind, new.actor_kind, \
             new.actor_id, new.at, new.version, new.public_version, new.comment_id, new.changes",
        );
        self.push(&mut out)
    }
}

impl RunQueryDsl<Conn> for InsertEvents {}

/// Writes the events, with ids in their order.
pub(super) fn insert_events(conn: &mut Conn, events: &[NewEventRow]) -> QueryResult<()> {
    let mut columns = InsertEvents::default();
    for event in events {
        // Every field by name, so that none can be forgotten.
        let NewEventRow {
            ticket_id,
            is_internal,
            kind,
            actor_kind,
            actor_id,
            at,
            version,
            public_version,
            comment_id,
            changes,
        } = event;
        columns.ids.push(event.ids().name());
        columns.ticket_id.push(*ticket_id);
        columns.is_internal.push(*is_internal);
        columns.kind.push(kind);
        columns.actor_kind.push(actor_kind);
        columns.actor_id.push(*actor_id);
        columns.at.push(*at);
        columns.version.push(*version);
        columns.public_version.push(*public_version);
        columns.comment_id.push(*comment_id);
        columns.changes.push(changes.clone());
    }
    columns.execute(conn).map(|_| ())
}
