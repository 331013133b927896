//! The statements, as the store has them, and what they give.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

/// All that a ticket's answer is made of.
macro_rules! ticket {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.subject, t.description, t.status, t.priority, t.tags, t.requester_id, t.assignee_id, t.team_id, \
             t.follow_up_of, t.version, t.created_at, t.updated_at, t.first_responded_at, t.resolved_at, t.closed_at, \
             t.reopen_count, r.name AS requester_name, r.email, a.name AS assignee_name, teams.name AS team_name \
             FROM tickets t LEFT JOIN users r ON r.id = t.requester_id LEFT JOIN users a ON a.id = t.assignee_id \
             LEFT JOIN teams ON teams.id = t.team_id ",
            $rest
        )
    };
}

pub(crate) const GET: &str = ticket!("WHERE t.id = ? AND t.assignee_id = ?");
pub(crate) const LIST: &str =
    ticket!("WHERE t.assignee_id = ? ORDER BY t.updated_at DESC, t.id DESC LIMIT 26");

pub(crate) const COMMENTS: &str = "\
    SELECT c.id, c.author_id, u.name, c.author_role, c.body, c.is_internal, c.created_at \
    FROM comments c JOIN users u ON u.id = c.author_id \
    WHERE c.ticket_id = ? ORDER BY c.created_at, c.id LIMIT 26";

pub(crate) const OPEN: &str = "\
    INSERT INTO tickets (subject, description, status, priority, tags, requester_id, team_id, version, public_version, \
        created_at, updated_at, public_updated_at, reopen_count) \
    SELECT ?, ?, 'open', 'normal', '[]', ?, teams.id, 1, 1, now.at, now.at, now.at, 0 \
    FROM teams, (SELECT CAST(unixepoch('subsec') * 1000000 AS integer) AS at) AS now WHERE teams.is_default \
    RETURNING id";

pub(crate) const NEXT_EVENT: &str =
    "UPDATE id_counters SET last = last + 2 WHERE name = 'ticket_events_public_ids' RETURNING last AS id";

/// As the store keeps words, from which searches are answered.
pub(crate) const INDEX: &str = "INSERT INTO ticket_texts (ticket_id, words) VALUES (?, ?)";

pub(crate) const TELL: &str = "\
    INSERT INTO ticket_events (id, ticket_id, is_internal, kind, actor_kind, actor_id, at, version, public_version, changes) \
    VALUES (?, ?, 0, 'created', 'customer', ?, CAST(unixepoch('subsec') * 1000000 AS integer), 1, 1, '[]')";

/// Read whole, and then thrown away.
#[derive(QueryableByName)]
#[expect(dead_code, reason = "reading them is what takes time")]
pub(crate) struct TicketRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    priority: String,
    #[diesel(sql_type = Text)]
    tags: String,
    #[diesel(sql_type = BigInt)]
    requester_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    assignee_id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    team_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    follow_up_of: Option<i64>,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = BigInt)]
    updated_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    first_responded_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    resolved_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    closed_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    reopen_count: i64,
    #[diesel(sql_type = Text)]
    requester_name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<Text>)]
    assignee_name: Option<String>,
    #[diesel(sql_type = Text)]
    team_name: String,
}

/// The same.
#[derive(QueryableByName)]
#[expect(dead_code, reason = "reading them is what takes time")]
pub(crate) struct CommentRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    author_id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    author_role: String,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Bool)]
    is_internal: bool,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
}

/// An id.
#[derive(QueryableByName)]
pub(crate) struct Id {
    #[diesel(sql_type = BigInt)]
    pub(crate) id: i64,
}

/// A setting.
#[derive(QueryableByName)]
pub(crate) struct Setting {
    #[diesel(sql_type = Text)]
    pub(crate) value: String,
}
