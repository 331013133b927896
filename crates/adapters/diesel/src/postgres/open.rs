//! Opening tickets: all that wait, by one statement.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz};
use helpdesk_domain::{Opening, Person, TeamId, TeamRef, Ticket, TicketId, TicketRecord};
use helpdesk_ports::{Cause, StoreError};
use serde_json::Value;

use super::bulk::columns;
use super::dialect::{Conn, Tsvector, transaction};
use super::shared::{Failure, NewEventRow, NewTicketRow, Origin, StoredTs, TextWords, TicketChangeset};
use crate::executor::Caller;

/// Opens them in a transaction of its own. Whose account is gone by then gets an error, and harms nobody else.
pub(super) fn open_all(
    conn: &mut Conn,
    openings: &[Opening],
    callers: &dyn Caller,
) -> Result<Vec<Result<Ticket, StoreError>>, StoreError> {
    Ok(transaction(conn, callers, |conn| open_each(conn, openings))?)
}

/// Opens one in the caller's transaction.
pub(super) fn open(conn: &mut Conn, opening: Opening) -> Result<Ticket, Failure> {
    let opened = open_each(conn, &[opening])?.pop();
    Ok(opened.unwrap_or_else(|| Err(StoreError::Fault(Cause::new("nothing was opened"))))?)
}

fn open_each(conn: &mut Conn, openings: &[Opening]) -> Result<Vec<Result<Ticket, StoreError>>, Failure> {
    // The database knows the ids and the names; until then any will do.
    let id = TicketId::new(1).map_err(|error| StoreError::Fault(Cause::new(error)))?;
    let team = TeamId::new(1).map_err(|error| StoreError::Fault(Cause::new(error)))?;
    let mut columns = OpenTickets::default();
    let mut drafts = Vec::with_capacity(openings.len());
    for (n, opening) in (0..).zip(openings) {
        let requester = Person::new(opening.requester(), String::new(), String::new());
        let draft = opening.clone().into_ticket(id, requester, TeamRef::new(team, String::new()));
        columns.add(n, &draft, NewEventRow::new(&draft, opening.event(), None));
        drafts.push(Some(draft.record().clone()));
    }
    let rows: Vec<Opened> = columns.load(conn)?;
    let mut results: Vec<_> = drafts.iter().map(|_| None).collect();
    for row in rows {
        let at = usize::try_from(row.n).ok().filter(|n| *n < drafts.len());
        if let Some((n, draft)) = at.and_then(|n| Some((n, drafts[n].take()?))) {
            results[n] = Some(row.complete(draft));
        }
    }
    let nobody =
        || Err(StoreError::Fault(Cause::new("the requester has no account, or there is no default team")));
    Ok(results.into_iter().map(|result| result.unwrap_or_else(nobody)).collect())
}

/// What became of one.
#[derive(Queryable)]
struct Opened {
    n: i64,
    id: i64,
    requester_name: String,
    requester_email: String,
    team_id: i64,
    team_name: String,
}

impl Opened {
    fn complete(self, draft: TicketRecord) -> Result<Ticket, StoreError> {
        let origin = Origin::new("tickets", self.id);
        Ok(Ticket::from_stored(TicketRecord {
            id: origin.id("id", self.id, TicketId::new)?,
            requester: Person::new(draft.requester.id(), self.requester_name, self.requester_email),
            team: TeamRef::new(origin.id("team_id", self.team_id, TeamId::new)?, self.team_name),
            ..draft
        }))
    }
}

columns!(
    OpenTickets,
    // Which of them it is: no order of rows is promised.
    n: i64 as BigInt = "bigint[]",
    subject: String as Text = "text[]",
    description: String as Text = "text[]",
    requester_id: i64 as BigInt = "bigint[]",
    follow_up_of: Option<i64> as Nullable<BigInt> = "bigint[]",
    created_at: StoredTs as Timestamptz = "timestamptz[]",
    status: &'static str as Text = "text[]",
    priority: &'static str as Text = "text[]",
    tags: Value as Jsonb = "jsonb[]",
    assignee_id: Option<i64> as Nullable<BigInt> = "bigint[]",
    version: i64 as BigInt = "bigint[]",
    public_version: i64 as BigInt = "bigint[]",
    updated_at: StoredTs as Timestamptz = "timestamptz[]",
    public_updated_at: StoredTs as Timestamptz = "timestamptz[]",
    first_responded_at: Option<StoredTs> as Nullable<Timestamptz> = "timestamptz[]",
    resolved_at: Option<StoredTs> as Nullable<Timestamptz> = "timestamptz[]",
    closed_at: Option<StoredTs> as Nullable<Timestamptz> = "timestamptz[]",
    reopen_count: i64 as BigInt = "bigint[]",
    words: TextWords as Tsvector = "tsvector[]",
    event_ids: &'static str as Text = "text[]",
    event_is_internal: bool as Bool = "boolean[]",
    event_kind: &'static str as Text = "text[]",
    event_actor_kind: &'static str as Text = "text[]",
    event_actor_id: Option<i64> as Nullable<BigInt> = "bigint[]",
    event_at: StoredTs as Timestamptz = "timestamptz[]",
    event_changes: Value as Jsonb = "jsonb[]"
);

impl OpenTickets {
    fn add(&mut self, n: i64, draft: &Ticket, event: NewEventRow) {
        // Every field by name, so that none can be forgotten.
        let NewTicketRow { id: _, subject, description, requester_id, follow_up_of, created_at, changes } =
            draft.record().into();
        let TicketChangeset {
            status,
            priority,
            tags,
            assignee_id,
            team_id: _,
            version,
            public_version,
            updated_at,
            public_updated_at,
            first_responded_at,
            resolved_at,
            closed_at,
            reopen_count,
        } = changes;
        self.n.push(n);
        self.words.push(TextWords::of_ticket(&subject, &description));
        self.subject.push(subject);
        self.description.push(description);
        self.requester_id.push(requester_id);
        self.follow_up_of.push(follow_up_of);
        self.created_at.push(created_at);
        self.status.push(status);
        self.priority.push(priority);
        self.tags.push(tags);
        self.assignee_id.push(assignee_id);
        self.version.push(version);
        self.public_version.push(public_version);
        self.updated_at.push(updated_at);
        self.public_updated_at.push(public_updated_at);
        self.first_responded_at.push(first_responded_at);
        self.resolved_at.push(resolved_at);
        self.closed_at.push(closed_at);
        self.reopen_count.push(reopen_count);
        self.event_ids.push(event.ids().name());
        // Its versions are the ticket's, and it tells of no comment.
        let NewEventRow {
            ticket_id: _,
            is_internal,
            kind,
            actor_kind,
            actor_id,
            at,
            version: _,
            public_version: _,
            comment_id: _,
            changes,
        } = event;
        self.event_is_internal.push(is_internal);
        self.event_kind.push(kind);
        self.event_actor_kind.push(actor_kind);
        self.event_actor_id.push(actor_id);
        self.event_at.push(at);
        self.event_changes.push(changes);
    }
}

impl QueryFragment<Pg> for OpenTickets {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH new AS MATERIALIZED (SELECT nextval('tickets_id_seq') AS id, new.*, \
             users.name AS requester_name, users.email AS requester_email, \
             teams.id AS team_id, teams.name AS team_name",
        );
        self.push(&mut out)?;
        out.push_sql(
            " JOIN users ON users.id = new.requester_id JOIN teams ON teams.is_default), \
             opened AS (INSERT INTO tickets (id, subject, description, requester_id, follow_up_of, created_at, status, \
             priority, tags, assignee_id, team_id, version, public_version, updated_at, public_updated_at, \
             first_responded_at, resolved_at, closed_at, reopen_count) \
             SELECT id, subject, description, requester_id, follow_up_of, created_at, status, \
             priority, tags, assignee_id, team_id, version, public_version, updated_at, public_updated_at, \
             first_responded_at, resolved_at, closed_at, reopen_count FROM new), \
             searchable AS (INSERT INTO ticket_texts (ticket_id, words) SELECT id, words FROM new), \
             told AS (INSERT INTO ticket_events (id, ticket_id, is_internal, kind, actor_kind, actor_id, at, version, \
             public_version, comment_id, changes) \
             SELECT nextval(event_ids::regclass), id, event_is_internal, event_kind, event_actor_kind, event_actor_id, \
             event_at, version, public_version, NULL, event_changes FROM new) \
             SELECT n, id, requester_name, requester_email, team_id, team_name FROM new",
        );
        Ok(())
    }
}

impl Query for OpenTickets {
    type SqlType = (BigInt, BigInt, Text, Text, BigInt, Text);
}

impl RunQueryDsl<Conn> for OpenTickets {}
