//! What goes wrong around the server, or at the wrong moment: nothing that was acknowledged is lost, callers are told to come
//! back, and it recovers by itself.

mod at_once;
mod killed;
mod postgres;
mod sqlite;
mod stopping;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use helpdesk_tests::{Account, Answer, Client, World, wait_until};
use serde_json::{Value, json};

/// For how long a caller waits before it gives up. Who depends on the store is to be told well before.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request that needs the store.
struct Call {
    client: Client,
    method: &'static str,
    path: String,
    body: Option<Value>,
    /// What it is answered with when all is well.
    status: u16,
}

impl Call {
    fn send(&self) -> Answer {
        let body = self.body.as_ref().map(Value::to_string);
        let headers: &[_] = if body.is_some() { &[("Content-Type", "application/json")] } else { &[] };
        self.client.send(self.method, &self.path, headers, body.as_deref().map(str::as_bytes))
    }

    /// Polls until it succeeds; until then it is only ever unavailable.
    fn recovers(&self) {
        wait_until(&format!("{} {} to recover", self.method, self.path), || {
            let answer = self.send();
            answer.status == self.status || {
                assert_unavailable(&answer);
                false
            }
        });
    }
}

#[track_caller]
fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.problem(503), "store_unavailable");
}

/// What is sent in this test, all at once.
fn send_all(calls: &[Call]) -> Vec<Answer> {
    std::thread::scope(|scope| {
        let sent: Vec<_> = calls.iter().map(|call| scope.spawn(|| call.send())).collect();
        sent.into_iter().map(|answer| answer.join().unwrap()).collect()
    })
}

/// Reads of each kind.
fn reads(world: &World, customer: &Account, ticket: i64) -> Vec<Call> {
    let read = |account: &Account, path: String| {
        let client = account.client.with_patience(PATIENCE);
        Call { client, method: "GET", path, body: None, status: 200 }
    };
    vec![
        read(customer, "/customer/tickets".to_owned()),
        read(customer, format!("/customer/tickets/{ticket}")),
        read(customer, format!("/customer/tickets/{ticket}/comments")),
        read(customer, format!("/customer/tickets/{ticket}/history")),
        read(&world.admin, format!("/admin/tickets/{ticket}/history")),
        read(&world.admin, "/admin/users".to_owned()),
        read(&world.admin, "/admin/audit".to_owned()),
        read(&world.admin, "/admin/teams/1/members".to_owned()),
        read(customer, "/me/sessions".to_owned()),
    ]
}

/// Writes of each kind, signing in included, which writes a session. Each time others: the same change twice would be none.
fn writes(world: &World, customer: &Account, ticket: i64) -> Vec<Call> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let write = |account: &Account, method, path: String, body, status| {
        let client = account.client.with_patience(PATIENCE);
        Call { client, method, path, body: Some(body), status }
    };
    let name = format!("Ada {}", NEXT.fetch_add(1, Ordering::Relaxed));
    let login = json!({"email": customer.email, "password": helpdesk_tests::PASSWORD});
    vec![
        write(
            customer,
            "POST",
            "/customer/tickets".to_owned(),
            json!({"subject": "S", "description": "D"}),
            201,
        ),
        write(customer, "POST", format!("/customer/tickets/{ticket}/comments"), json!({"body": "B"}), 201),
        write(&world.admin, "PUT", format!("/admin/users/{}", customer.id), json!({"name": name}), 200),
        write(customer, "POST", "/login".to_owned(), login, 200),
        write(&world.admin, "POST", "/admin/teams".to_owned(), json!({"name": name}), 201),
    ]
}

/// Rules across tables that hold after every transaction: each is a query that gives 0.
fn assert_nothing_is_half_written(world: &helpdesk_tests::Database) {
    for rule in [
        // Each ticket has the one event that tells of its creation, each comment the one that tells of it.
        "SELECT t.id FROM tickets t LEFT JOIN ticket_events e ON e.ticket_id = t.id AND e.kind = 'created' \
         GROUP BY t.id HAVING count(e.id) <> 1",
        "SELECT c.id FROM comments c LEFT JOIN ticket_events e ON e.comment_id = c.id AND e.kind = 'commented' \
         AND e.ticket_id = c.ticket_id AND e.is_internal = c.is_internal GROUP BY c.id HAVING count(e.id) <> 1",
        "SELECT e.id FROM ticket_events e WHERE e.kind = 'commented' AND e.comment_id IS NULL",
        // The versions of a ticket's changes have no gap, and the ticket is at the last one.
        "SELECT t.id FROM tickets t JOIN ticket_events e ON e.ticket_id = t.id GROUP BY t.id, t.version \
         HAVING count(DISTINCT e.version) <> t.version OR min(e.version) <> 1 OR max(e.version) <> t.version",
        "SELECT t.id FROM tickets t JOIN ticket_events e ON e.ticket_id = t.id WHERE e.is_internal = (1 = 0) \
         GROUP BY t.id, t.public_version HAVING count(*) <> t.public_version",
        // Each account and each team has the one entry that tells how it came to be; but the team that was always there.
        "SELECT u.id FROM users u LEFT JOIN audit_entries e ON e.subject_kind = 'user' AND e.subject_id = u.id \
         AND e.kind IN ('user_created', 'user_invited', 'user_registered') GROUP BY u.id HAVING count(e.id) <> 1",
        "SELECT t.id FROM teams t LEFT JOIN audit_entries e ON e.subject_kind = 'team' AND e.subject_id = t.id \
         AND e.kind = 'team_created' GROUP BY t.id, t.is_default HAVING count(e.id) <> CASE WHEN t.is_default THEN 0 ELSE 1 END",
        // What is not closed is with nobody, or with an agent who can work on it.
        "SELECT t.id FROM tickets t JOIN users u ON u.id = t.assignee_id WHERE t.status <> 'closed' \
         AND NOT (u.is_active AND u.role = 'agent')",
        // Each session has one refresh token that counts.
        "SELECT s.id FROM sessions s LEFT JOIN refresh_tokens r ON r.session_id = s.id AND r.generation = s.generation \
         AND NOT r.is_superseded GROUP BY s.id HAVING count(r.digest) <> 1",
    ] {
        let broken = world.query(&format!("SELECT CAST(count(*) AS text) AS value FROM ({rule}) AS broken"));
        assert_eq!(broken, "0", "{rule}");
    }
}
