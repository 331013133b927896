//! The process is killed in the middle of a storm of writes.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use helpdesk_tests::{Account, Answer, Client, Server, World, on_both_stores, wait_until};
use serde_json::{Value, json};

use crate::assert_nothing_is_half_written;

/// How often it is killed.
const KILLS: usize = 3;
/// How many write at once.
const WRITERS: usize = 6;
/// How many acknowledged writes there are before each kill.
const WRITES: usize = 120;

/// What a customer was told is written, and what it was told nothing of.
#[derive(Default)]
struct Acknowledged {
    /// Tickets by their subjects, each with its id and the comments on it.
    tickets: Mutex<BTreeMap<String, (i64, Vec<String>)>>,
    /// Requests whose answer never came. What each of them says is its key as well.
    unanswered: Mutex<Vec<Unanswered>>,
}

struct Unanswered {
    path: String,
    key: String,
    body: Value,
}

/// Sends a request that creates, under a key.
fn try_create(client: &Client, path: &str, key: &str, body: &Value) -> Result<Answer, ()> {
    let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)];
    client.try_send("POST", path, &headers, Some(body.to_string().as_bytes())).map_err(|_| ())
}

impl Acknowledged {
    /// The same, noted if no answer comes.
    fn create(&self, client: &Client, path: &str, key: &str, body: Value) -> Option<Value> {
        if let Ok(answer) = try_create(client, path, key, &body) {
            return Some(answer.expect(201));
        }
        let unanswered = Unanswered { path: path.to_owned(), key: key.to_owned(), body };
        self.unanswered.lock().unwrap().push(unanswered);
        None
    }
}

/// Writes tickets and comments until no answer comes any more.
fn write(client: &Client, name: &str, acknowledged: &Acknowledged, count: &AtomicUsize) {
    for n in 0.. {
        let subject = format!("{name}-{n}");
        let ticket = json!({"subject": subject, "description": "Storm"});
        let Some(ticket) = acknowledged.create(client, "/customer/tickets", &subject, ticket) else { return };
        let id = ticket["id"].as_i64().unwrap();
        acknowledged.tickets.lock().unwrap().insert(subject.clone(), (id, Vec::new()));
        count.fetch_add(1, Ordering::SeqCst);
        for comment in ["first", "second"] {
            let body = format!("{subject}-{comment}");
            let path = format!("/customer/tickets/{id}/comments");
            if acknowledged.create(client, &path, &body, json!({"body": body})).is_none() {
                return;
            }
            acknowledged.tickets.lock().unwrap().get_mut(&subject).unwrap().1.push(body);
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn assert_all_is_there(customer: &Client, acknowledged: &Acknowledged) {
    let tickets = acknowledged.tickets.lock().unwrap();
    for (subject, (id, comments)) in &*tickets {
        let ticket = customer.get(&format!("/customer/tickets/{id}")).expect(200);
        assert_eq!(ticket["subject"], subject.as_str());
        let bodies = ticket["comments"]["data"].as_array().unwrap();
        let bodies: Vec<_> = bodies.iter().map(|comment| comment["body"].as_str().unwrap()).collect();
        // One more may have been written whose answer was never heard.
        assert!(bodies.len() <= comments.len() + 1, "{bodies:?} and {comments:?}");
        assert_eq!(&bodies[..comments.len()], comments, "{subject}");
    }
}

/// Sends again what was never answered, whether it was written or not: now it is, and once. What was answered is answered the same.
fn send_again(customer: &Client, acknowledged: &Acknowledged) {
    for Unanswered { path, key, body } in acknowledged.unanswered.lock().unwrap().drain(..) {
        let first = try_create(customer, &path, &key, &body).unwrap();
        let created = first.expect(201);
        let again = try_create(customer, &path, &key, &body).unwrap();
        assert_eq!(
            (again.expect(201), again.header("idempotency-replayed")),
            (created.clone(), Some("true"))
        );
        let said = if path == "/customer/tickets" { "subject" } else { "body" };
        assert_eq!(created[said], key.as_str());
        if said == "subject" {
            let id = created["id"].as_i64().unwrap();
            acknowledged.tickets.lock().unwrap().insert(key, (id, Vec::new()));
        }
    }
    let tickets = acknowledged.tickets.lock().unwrap();
    let (subject, (id, _)) = tickets.last_key_value().unwrap();
    let ticket = json!({"subject": subject, "description": "Storm"});
    let again = try_create(customer, "/customer/tickets", subject, &ticket).unwrap();
    assert_eq!((&again.expect(201)["id"], again.header("idempotency-replayed")), (&json!(id), Some("true")));
}

on_both_stores! {
    fn every_acknowledged_write_is_there_whole_and_once(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let World { mut server, database, .. } = world;
        let acknowledged = Acknowledged::default();
        for kill in 1..=KILLS {
            let count = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                for writer in 0..WRITERS {
                    let client = signed_in(&server, &customer);
                    let (acknowledged, count) = (&acknowledged, &count);
                    scope.spawn(move || write(&client, &format!("{kill}-{writer}"), acknowledged, count));
                }
                wait_until("enough to be written", || count.load(Ordering::SeqCst) >= WRITES);
                server.signal("KILL");
            });
            server.wait();
            server = Server::start(&database);
            let client = signed_in(&server, &customer);
            assert_all_is_there(&client, &acknowledged);
            send_again(&client, &acknowledged);
            assert_nothing_is_half_written(&database);
            // Whatever was never acknowledged is there once at the most, like everything else.
            let twice = "SELECT CAST(count(*) - count(DISTINCT subject) AS text) AS value FROM tickets";
            assert_eq!(database.query(twice), "0");
            let twice = "SELECT CAST(count(*) - count(DISTINCT body) AS text) AS value FROM comments";
            assert_eq!(database.query(twice), "0");
        }
    }
}

/// Sessions are in the store: the token of an earlier process is good.
fn signed_in(server: &Server, account: &Account) -> Client {
    server.client().with_token(account.token().unwrap())
}
