//! Opening a ticket: the ticket, its words for searches, and its event, in one transaction.

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement};

use super::connect;

/// How many transactions a worker has under way at once.
const CONNECTIONS: usize = 4;

/// Connections that write.
pub(crate) struct Writer {
    customer: i64,
    connections: Vec<Mutex<Connection>>,
    next: std::cell::Cell<usize>,
}

struct Connection {
    client: Client,
    ticket: Statement,
    words: Statement,
    event: Statement,
}

/// What a customer says.
#[derive(Deserialize)]
pub(crate) struct NewTicket {
    subject: String,
    description: String,
}

/// What came of it.
#[derive(Serialize)]
pub(crate) struct Opened {
    id: i64,
}

const TICKET: &str = "\
    INSERT INTO tickets (subject, description, status, priority, tags, requester_id, team_id, version, public_version, \
        created_at, updated_at, public_updated_at, reopen_count) \
    SELECT $1::text, $2::text, 'open', 'normal', '[]', $3::bigint, teams.id, 1, 1, now(), now(), now(), 0 FROM teams WHERE is_default \
    RETURNING id";

/// The server takes the words out by itself.
const WORDS: &str = "INSERT INTO ticket_texts (ticket_id, words) VALUES ($1, to_tsvector('simple', $2::text || ' ' || $3::text))";

const EVENT: &str = "\
    INSERT INTO ticket_events (id, ticket_id, is_internal, kind, actor_kind, actor_id, at, version, public_version, changes) \
    VALUES (nextval('ticket_events_public_ids'), $1, false, 'created', 'customer', $2, now(), 1, 1, '[]')";

impl Writer {
    pub(crate) async fn new(url: &str, customer: i64) -> Self {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let client = connect(url).await;
            let ticket = client.prepare(TICKET).await.expect("a statement");
            let words = client.prepare(WORDS).await.expect("a statement");
            let event = client.prepare(EVENT).await.expect("a statement");
            connections.push(Mutex::new(Connection { client, ticket, words, event }));
        }
        Self { customer, connections, next: std::cell::Cell::new(0) }
    }

    pub(crate) async fn open(&self, new: &NewTicket) -> Opened {
        let turn = self.next.get();
        self.next.set((turn + 1) % CONNECTIONS);
        let mut connection = self.connections[turn].lock().await;
        let Connection { client, ticket, words, event } = &mut *connection;
        let transaction = client.transaction().await.expect("the database answers");
        let row = transaction.query_one(&*ticket, &[&new.subject, &new.description, &self.customer]).await;
        let id: i64 = row.expect("the database answers").get(0);
        // Both are sent before either is answered.
        let (of_words, of_event): ([&(dyn ToSql + Sync); 3], [&(dyn ToSql + Sync); 2]) =
            ([&id, &new.subject, &new.description], [&id, &self.customer]);
        let behind =
            try_join(transaction.execute(&*words, &of_words), transaction.execute(&*event, &of_event));
        behind.await.expect("the database answers");
        transaction.commit().await.expect("the database answers");
        Opened { id }
    }
}
