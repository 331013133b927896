//! Two processes on one Postgres: what one ends, the other refuses within a second; and a store that is away is no yes.

use std::time::Duration;

use helpdesk_tests::{
    Answer, Client, Database, PASSWORD, Proxy, Server, StoreKind, World, on_both_stores, wait_until,
};
use serde_json::json;

const OTHER: &str = "quite another battery staple";
/// What the contract promises.
const PROMISED: Duration = Duration::from_secs(1);
/// A request that begins just before the second is over is answered a little later, and on a busy machine a thread may wait for
/// its turn. The time is measured to the beginning of the request, so this is for the clock's reading and the scheduler alone.
const ALLOWANCE: Duration = Duration::from_millis(250);

/// Asks until it is refused, and gives for how long after `since` requests were still let in. It is the one place where a test
/// measures time: the contract names it.
fn let_in_for(client: &Client, since: std::time::Instant) -> Duration {
    let mut last_yes = Duration::ZERO;
    wait_until("the other instance to refuse", || {
        let began = since.elapsed();
        let answer = client.get("/me");
        match answer.status {
            200 => last_yes = began,
            401 => answer.expect_dead_token(),
            _ => panic!("{}", answer.text()),
        }
        answer.status == 401
    });
    last_yes
}

#[expect(clippy::disallowed_methods, reason = "the contract names a time")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[test]
fn what_one_instance_ends_another_refuses_within_a_second() {
    let world = World::new(StoreKind::Postgres);
    let other = Server::start(&world.database);
    for round in ["disable", "role", "reset", "logout", "end", "password", "replay"] {
        let agent = world.join(&format!("grace-{round}"), "agent");
        let (session, second) = (world.session(&agent), world.session(&agent));
        let user = format!("/admin/users/{}", agent.id);
        let id = session.id();
        let there = other.client().with_token(session.token().unwrap());
        let next = session.refreshed().refreshed();
        // The other instance knows the session well.
        for _ in 0..5 {
            there.get("/me").expect(200);
        }
        let answer = match round {
            "disable" => world.admin.put(&user, &json!({"is_active": false})),
            "role" => world.admin.put(&user, &json!({"role": "customer"})),
            "reset" => world.admin.post_nothing(&format!("{user}/password-reset")),
            "logout" => next.post_nothing("/logout"),
            "end" => second.delete(&format!("/me/sessions/{id}")),
            "password" => {
                second.put("/me/password", &json!({"current_password": PASSWORD, "new_password": OTHER}))
            }
            _ => session.refresh(),
        };
        let since = now();
        assert!([200, 204, 401].contains(&answer.status), "{round}: {}", answer.text());
        let for_how_long = let_in_for(&there, since);
        assert!(for_how_long <= PROMISED + ALLOWANCE, "{round}: let in for {for_how_long:?}");
        // Once refused, it stays so.
        for _ in 0..5 {
            there.get("/me").expect_dead_token();
        }
        // Refresh tokens are looked up each time, so they end at once everywhere.
        helpdesk_tests::refresh(&there, &next.refresh_token).expect_dead_token();
    }
}

#[test]
fn sessions_are_good_at_every_instance_and_their_tokens_rotate_across_them() {
    let world = World::new(StoreKind::Postgres);
    let other = Server::start(&world.database);
    let ada = world.join("ada", "customer");
    let here = world.session(&ada);
    let there = helpdesk_tests::Session { client: other.client(), refresh_token: here.refresh_token.clone() };
    let there = there.refreshed();
    let here =
        helpdesk_tests::Session { client: here.client.clone(), refresh_token: there.refresh_token.clone() };
    let here = here.refreshed();
    here.get("/me").expect(200);
    other.client().with_token(here.token().unwrap()).get("/me").expect(200);
}

#[test]
fn while_the_store_is_away_nobody_is_let_in_on_what_was_known_before() {
    let database = Database::create(StoreKind::Postgres);
    let proxy = Proxy::to(&database.postgres_server());
    let url = database.postgres_url(None, &proxy.address());
    let world = World::on(database, &[("DATABASE_URL", &url)]);
    let ada = world.join("ada", "customer");
    let session = world.session(&ada);
    // What is not for a customer needs the store for nothing but who asks: 403 says that the token was taken.
    let ask = || session.get("/admin/users");
    // Disabled behind the server's back, and then the store is away before the server can hear of it.
    assert_eq!(ask().problem(403), "forbidden");
    world.database.execute(&format!(
        "UPDATE users SET is_active = false, token_version = token_version + 1 WHERE id = {}",
        ada.id
    ));
    proxy.cut();
    let since = now();
    let mut last_yes = Duration::ZERO;
    let mut refusal: Option<Answer> = None;
    wait_until("the end of what was known", || {
        let began = since.elapsed();
        let answer = ask();
        if answer.status == 403 {
            last_yes = began;
        } else {
            refusal = Some(answer);
        }
        refusal.is_some()
    });
    assert!(last_yes <= PROMISED + ALLOWANCE, "let in for {last_yes:?}");
    assert_eq!(refusal.unwrap().problem(503), "store_unavailable");
    for _ in 0..3 {
        assert_eq!(ask().problem(503), "store_unavailable");
        assert_eq!(session.get("/me").problem(503), "store_unavailable");
        assert_eq!(session.refresh().problem(503), "store_unavailable");
        assert_eq!(session.post_nothing("/logout").problem(503), "store_unavailable");
        assert_eq!(
            helpdesk_tests::sign_in(&world.server.client(), &ada.email, PASSWORD).problem(503),
            "store_unavailable"
        );
    }
    proxy.restore();
    wait_until("the store to be found again", || session.get("/me").status == 401);
    session.assert_dead();
    wait_until("the admin to be let in again", || world.admin.get("/me").status == 200);
}

on_both_stores! {
    /// Refreshing is a write that may come in twice because its answer was lost with the store: the token can be shown again.
    fn a_kill_between_asking_and_answering_costs_no_session(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let session = world.session(&ada);
        let lost = session.refreshed();
        let World { server, database, .. } = world;
        server.signal("KILL");
        server.wait();
        let server = Server::start(&database);
        let session = helpdesk_tests::Session { client: server.client(), refresh_token: session.refresh_token };
        session.refreshed().assert_alive();
        let lost = helpdesk_tests::Session { client: server.client().with_token(lost.token().unwrap()), ..lost };
        lost.refresh().expect_dead_token();
    }
}
