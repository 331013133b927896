//! Whether the time that a refused sign-in takes tells anything: `cargo xtask sign-in-timing`.
//!
//! Every kind of refusal is asked for in turn, on one connection, round after round, so that whatever else the machine does
//! falls on all of them alike. What is compared are the sums. It is no test, since a busy machine could fail it by chance.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use helpdesk_tests::{Client, PASSWORD, StoreKind, World};
use serde_json::{Value, json};

/// How many times each kind is asked for, unless it is said otherwise.
const ROUNDS: u32 = 60;
/// By how much the longest sum may exceed the shortest.
const TOLERANCE: f64 = 1.10;

/// A way to be refused.
struct Kind {
    name: &'static str,
    body: Value,
}

fn main() -> ExitCode {
    let rounds = std::env::args().nth(1).map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    let is_even = [StoreKind::Sqlite, StoreKind::Postgres].map(|store| measure(store, rounds));
    if is_even.into_iter().all(|is_even| is_even) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn kinds(world: &World) -> Vec<Kind> {
    // Not by `World::join`, which gives them passwords that are quick to check.
    let made = |name: &str| {
        let email = format!("{name}@example.com");
        let user = json!({"email": email, "name": name, "role": "customer", "password": PASSWORD});
        world.admin.post("/admin/users", &user).expect(201)["id"].as_i64().expect("an id")
    };
    made("wrong");
    let disabled = made("disabled");
    world.admin.put(&format!("/admin/users/{disabled}"), &json!({"is_active": false})).expect(200);
    let invited = json!({"email": "invited@example.com", "name": "I", "role": "customer"});
    world.admin.post("/admin/users", &invited).expect(201);

    let kind = |name, email: &str, password: &str| Kind {
        name,
        body: json!({"email": email, "password": password}),
    };
    vec![
        kind("wrong password", "wrong@example.com", "not the password"),
        kind("unknown address", "nobody@example.com", "not the password"),
        kind("no address at all", "nobody", "not the password"),
        kind("disabled, right password", "disabled@example.com", PASSWORD),
        kind("disabled, wrong password", "disabled@example.com", "not the password"),
        kind("invited, no password yet", "invited@example.com", "not the password"),
    ]
}

/// Prints the sums, and says whether they are alike.
fn measure(store: StoreKind, rounds: u32) -> bool {
    let world = World::new(store);
    let kinds = kinds(&world);
    let client = world.server.client();
    let mut sums = vec![Duration::ZERO; kinds.len()];
    for kind in &kinds {
        // Not counted: the first of everything takes longer.
        refused(&client, kind);
    }
    for round in 0..rounds as usize {
        for step in 0..kinds.len() {
            // Each kind comes behind each other one.
            let n = (step + round) % kinds.len();
            sums[n] += refused(&client, &kinds[n]);
        }
    }

    let (least, most) = (sums.iter().min().expect("kinds"), sums.iter().max().expect("kinds"));
    println!("{store:?}: {rounds} of each");
    for (kind, sum) in kinds.iter().zip(&sums) {
        println!(
            "  {:<26} {:>8.1} ms  {:.3}",
            kind.name,
            (*sum / rounds).as_secs_f64() * 1e3,
            ratio(sum, least)
        );
    }
    let is_even = ratio(most, least) <= TOLERANCE;
    println!(
        "  longest to shortest {:.3}, at most {TOLERANCE}: {}",
        ratio(most, least),
        if is_even { "good" } else { "BAD" }
    );
    is_even
}

fn ratio(a: &Duration, b: &Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

#[expect(clippy::disallowed_methods, reason = "this measures")]
fn refused(client: &Client, kind: &Kind) -> Duration {
    let start = Instant::now();
    let answer = client.post("/login", &kind.body);
    let took = start.elapsed();
    assert_eq!(answer.problem(401), "invalid_credentials", "{}", kind.name);
    took
}
