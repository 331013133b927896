//! The process is killed in the middle of a storm of writes.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use helpdesk_tests::{Account, Client, Server, World, on_both_stores, wait_until};
use serde_json::json;

use crate::assert_nothing_is_half_written;

/// How often it is killed.
const KILLS: usize = 3;
/// How many write at once.
const WRITERS: usize = 6;
/// How many acknowledged writes there are before each kill.
const WRITES: usize = 120;

/// What a customer was told is written: tickets by their subjects, each with its id and the comments on it.
#[derive(Default)]
struct Acknowledged(Mutex<BTreeMap<String, (i64, Vec<String>)>>);

/// Writes tickets and comments until no answer comes any more.
fn write(client: &Client, name: &str, acknowledged: &Acknowledged, count: &AtomicUsize) {
    for n in 0.. {
        let subject = format!("{name}-{n}");
        let ticket = json!({"subject": subject, "description": "Storm"});
        let Ok(answer) = client.try_post("/customer/tickets", &ticket) else { return };
        let id = answer.expect(201)["id"].as_i64().unwrap();
        acknowledged.0.lock().unwrap().insert(subject.clone(), (id, Vec::new()));
        count.fetch_add(1, Ordering::SeqCst);
        for comment in ["first", "second"] {
            let body = format!("{subject}-{comment}");
            let path = format!("/customer/tickets/{id}/comments");
            let Ok(answer) = client.try_post(&path, &json!({"body": body})) else { return };
            answer.expect(201);
            acknowledged.0.lock().unwrap().get_mut(&subject).unwrap().1.push(body);
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn assert_all_is_there(customer: &Client, acknowledged: &Acknowledged) {
    let acknowledged = acknowledged.0.lock().unwrap();
    for (subject, (id, comments)) in &*acknowledged {
        let ticket = customer.get(&format!("/customer/tickets/{id}")).expect(200);
        assert_eq!(ticket["subject"], subject.as_str());
        let bodies = ticket["comments"]["data"].as_array().unwrap();
        let bodies: Vec<_> = bodies.iter().map(|comment| comment["body"].as_str().unwrap()).collect();
        // One more may have been written whose answer was never heard.
        assert!(bodies.len() <= comments.len() + 1, "{bodies:?} and {comments:?}");
        assert_eq!(&bodies[..comments.len()], comments, "{subject}");
    }
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
            assert_all_is_there(&signed_in(&server, &customer), &acknowledged);
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
