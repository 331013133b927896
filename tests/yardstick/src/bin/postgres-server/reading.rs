//! Showing a ticket with its comments.

use chrono::{DateTime, Utc};
use futures_util::future::try_join;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

/// A connection that reads.
pub(crate) struct Reader {
    client: Client,
    agent: i64,
    ticket: Statement,
    comments: Statement,
}

/// A ticket, as the help desk shows it to its agent.
#[derive(Serialize)]
pub(crate) struct Ticket {
    id: i64,
    subject: String,
    description: String,
    status: String,
    priority: String,
    tags: Value,
    requester: Requester,
    assignee: Option<Named>,
    team: Named,
    follow_up_of: Option<i64>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    first_responded_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    reopen_count: i64,
    comments: Vec<Comment>,
}

#[derive(Serialize)]
struct Requester {
    id: i64,
    name: String,
    email: String,
}

#[derive(Serialize)]
struct Named {
    id: i64,
    name: String,
}

#[derive(Serialize)]
struct Comment {
    id: i64,
    author: Author,
    body: String,
    is_internal: bool,
    created_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Author {
    id: i64,
    name: String,
    role: String,
}

const TICKET: &str = "\
    SELECT t.id, t.subject, t.description, t.status, t.priority, t.tags, \
        r.id AS requester, r.name AS requester_name, r.email, a.id AS assignee, a.name AS assignee_name, \
        teams.id AS team, teams.name AS team_name, t.follow_up_of, t.version, t.created_at, t.updated_at, \
        t.first_responded_at, t.resolved_at, t.closed_at, t.reopen_count \
    FROM tickets t JOIN users r ON r.id = t.requester_id LEFT JOIN users a ON a.id = t.assignee_id \
        JOIN teams ON teams.id = t.team_id \
    WHERE t.id = $1 AND t.assignee_id = $2";

const COMMENTS: &str = "\
    SELECT c.id, u.id AS author, u.name, c.author_role, c.body, c.is_internal, c.created_at \
    FROM comments c JOIN users u ON u.id = c.author_id \
    WHERE c.ticket_id = $1 ORDER BY c.created_at, c.id LIMIT 26";

impl Reader {
    pub(crate) async fn new(client: Client, agent: i64) -> Self {
        let ticket = client.prepare(TICKET).await.expect("a statement");
        let comments = client.prepare(COMMENTS).await.expect("a statement");
        Self { client, agent, ticket, comments }
    }

    /// Both statements are sent before either is answered.
    pub(crate) async fn find(&self, id: i64) -> Option<Ticket> {
        let ids: [&(dyn ToSql + Sync); 2] = [&id, &self.agent];
        let ticket = self.client.query_opt(&self.ticket, &ids);
        let comments = self.client.query(&self.comments, &ids[..1]);
        let (ticket, comments) = try_join(ticket, comments).await.expect("the database answers");
        ticket.map(|row| of(&row, comments.iter().take(25).map(comment).collect()))
    }
}

fn of(row: &Row, comments: Vec<Comment>) -> Ticket {
    let assignee: Option<i64> = row.get("assignee");
    Ticket {
        id: row.get("id"),
        subject: row.get("subject"),
        description: row.get("description"),
        status: row.get("status"),
        priority: row.get("priority"),
        tags: row.get("tags"),
        requester: Requester {
            id: row.get("requester"),
            name: row.get("requester_name"),
            email: row.get("email"),
        },
        assignee: assignee.map(|id| Named { id, name: row.get("assignee_name") }),
        team: Named { id: row.get("team"), name: row.get("team_name") },
        follow_up_of: row.get("follow_up_of"),
        version: row.get("version"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        first_responded_at: row.get("first_responded_at"),
        resolved_at: row.get("resolved_at"),
        closed_at: row.get("closed_at"),
        reopen_count: row.get("reopen_count"),
        comments,
    }
}

fn comment(row: &Row) -> Comment {
    Comment {
        id: row.get("id"),
        author: Author { id: row.get("author"), name: row.get("name"), role: row.get("author_role") },
        body: row.get("body"),
        is_internal: row.get("is_internal"),
        created_at: row.get("created_at"),
    }
}
