//! Writing many rows by one statement. Each column travels as one array, so that the statement is the same for any number.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz};
use serde_json::Value;

use super::dialect::Conn;
use super::shared::{IdSequence, NewCommentRow, NewEventRow, NewTicketRow, StoredTs, TicketChangeset};

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

pub(super) use columns;

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

/// Takes ids of a sequence.
#[derive(QueryId)]
struct TakeIds {
    sequence: &'static str,
    count: i64,
}

impl QueryFragment<Pg> for TakeIds {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT nextval(");
        out.push_bind_param::<Text, _>(&self.sequence)?;
        out.push_sql("::text::regclass) FROM generate_series(1, ");
        out.push_bind_param::<BigInt, _>(&self.count)?;
        out.push_sql(")");
        Ok(())
    }
}

impl Query for TakeIds {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for TakeIds {}

fn take_ids(conn: &mut Conn, sequence: &'static str, count: usize) -> QueryResult<Vec<i64>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    // No more than there can be in memory.
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let mut ids: Vec<i64> = TakeIds { sequence, count }.load(conn)?;
    ids.sort_unstable();
    Ok(ids)
}

/// The next ids for tickets, in order.
pub(super) fn next_ticket_ids(conn: &mut Conn, count: usize) -> QueryResult<Vec<i64>> {
    take_ids(conn, "tickets_id_seq", count)
}

/// The next ids of the sequence, in order.
pub(super) fn next_ids(conn: &mut Conn, sequence: IdSequence, count: usize) -> QueryResult<Vec<i64>> {
    take_ids(conn, sequence.name(), count)
}

/// Rows that are written as they are.
macro_rules! inserted_as_is {
    ($name:ident, $statement:literal) => {
        impl QueryFragment<Pg> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql($statement);
                out.push_sql(" SELECT *");
                self.push(&mut out)
            }
        }

        impl RunQueryDsl<Conn> for $name {}
    };
}

columns!(
    InsertTickets,
    id: i64 as BigInt = "bigint[]",
    subject: String as Text = "text[]",
    description: String as Text = "text[]",
    requester_id: i64 as BigInt = "bigint[]",
    follow_up_of: Option<i64> as Nullable<BigInt> = "bigint[]",
    created_at: StoredTs as Timestamptz = "timestamptz[]",
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

inserted_as_is!(
    InsertTickets,
    "INSERT INTO tickets (id, subject, description, requester_id, follow_up_of, created_at, status, priority, tags, \
     assignee_id, team_id, version, public_version, updated_at, public_updated_at, first_responded_at, resolved_at, \
     closed_at, reopen_count)"
);

/// Writes new tickets.
pub(super) fn insert_tickets(conn: &mut Conn, rows: &[NewTicketRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut columns = InsertTickets::default();
    for row in rows {
        // Every field by name, so that none can be forgotten.
        let NewTicketRow { id, subject, description, requester_id, follow_up_of, created_at, changes } = row;
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
        columns.subject.push(subject.clone());
        columns.description.push(description.clone());
        columns.requester_id.push(*requester_id);
        columns.follow_up_of.push(*follow_up_of);
        columns.created_at.push(*created_at);
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
    columns.execute(conn).map(drop)
}

columns!(
    InsertComments,
    id: i64 as BigInt = "bigint[]",
    ticket_id: i64 as BigInt = "bigint[]",
    author_id: i64 as BigInt = "bigint[]",
    author_role: &'static str as Text = "text[]",
    body: String as Text = "text[]",
    is_internal: bool as Bool = "boolean[]",
    created_at: StoredTs as Timestamptz = "timestamptz[]"
);

inserted_as_is!(
    InsertComments,
    "INSERT INTO comments (id, ticket_id, author_id, author_role, body, is_internal, created_at)"
);

/// Writes new comments.
pub(super) fn insert_comments(conn: &mut Conn, rows: &[NewCommentRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut columns = InsertComments::default();
    for row in rows {
        // Every field by name, so that none can be forgotten.
        let NewCommentRow { id, ticket_id, author_id, author_role, body, is_internal, created_at } = row;
        columns.id.push(*id);
        columns.ticket_id.push(*ticket_id);
        columns.author_id.push(*author_id);
        columns.author_role.push(author_role);
        columns.body.push(body.clone());
        columns.is_internal.push(*is_internal);
        columns.created_at.push(*created_at);
    }
    columns.execute(conn).map(drop)
}

columns!(
    InsertImportedTickets,
    source: i64 as BigInt = "bigint[]",
    original: i64 as BigInt = "bigint[]",
    ticket: i64 as BigInt = "bigint[]"
);

inserted_as_is!(InsertImportedTickets, "INSERT INTO imported_tickets (source_id, original_id, ticket_id)");

/// Notes what tickets are called at a source: by their ids there, and here.
pub(super) fn insert_imported_tickets(conn: &mut Conn, source: i64, rows: &[(i64, i64)]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (original, ticket) = rows.iter().copied().unzip();
    InsertImportedTickets { source: vec![source; rows.len()], original, ticket }.execute(conn).map(drop)
}

columns!(
    InsertImportedComments,
    source: i64 as BigInt = "bigint[]",
    original: i64 as BigInt = "bigint[]",
    comment: i64 as BigInt = "bigint[]"
);

inserted_as_is!(InsertImportedComments, "INSERT INTO imported_comments (source_id, original_id, comment_id)");

/// Notes what comments are called at a source.
pub(super) fn insert_imported_comments(conn: &mut Conn, source: i64, rows: &[(i64, i64)]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (original, comment) = rows.iter().copied().unzip();
    InsertImportedComments { source: vec![source; rows.len()], original, comment }.execute(conn).map(drop)
}
