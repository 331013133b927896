//! Guessing passwords, from one address and from many.

use helpdesk_tests::{Answer, Client, PASSWORD, StoreKind, World, on_both_stores, sign_in};
use serde_json::json;

use crate::times;

const WRONG: &str = "not the password at all";
const PAIR: &str = "HELPDESK_SIGN_IN_LIMIT_PAIR";
const ADDRESS: &str = "HELPDESK_SIGN_IN_LIMIT_ADDRESS";
const ACCOUNT: &str = "HELPDESK_SIGN_IN_LIMIT_ACCOUNT";
/// Whoever runs these tests is the proxy.
const PROXY: (&str, &str) = ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1");
const OFF: &str = "off";

/// What is allowed a minute is so little that no test runs into more.
fn world(store: StoreKind, limits: [&str; 3]) -> World {
    let [pair, address, account] = limits;
    World::with(store, &[(PAIR, pair), (ADDRESS, address), (ACCOUNT, account), PROXY])
}

fn from(world: &World, address: &str) -> Client {
    world.server.client().forwarded_for(address)
}

#[track_caller]
fn assert_limited(answer: &Answer) {
    assert_eq!(answer.problem(429), "too_many_attempts");
    assert!((1..=600).contains(&answer.retry_after()), "{}", answer.retry_after());
}

/// The answer to an attempt once the hasher has room for it.
fn attempt(client: &Client, email: &str, password: &str) -> Answer {
    loop {
        let answer = sign_in(client, email, password);
        if answer.status != 503 {
            return answer;
        }
        assert_eq!(answer.problem(503), "busy");
    }
}

/// Guesses wrong so often, which is let through, and once more, which is not.
#[track_caller]
fn exhaust(client: &Client, email: &str, allowed: usize) {
    for number in 0..allowed {
        let answer = attempt(client, email, WRONG);
        assert_eq!(answer.status, 401, "{number}: {}", answer.text());
        assert_eq!(answer.problem(401), "invalid_credentials");
    }
    assert_limited(&attempt(client, email, WRONG));
}

on_both_stores! {
    /// With what is set unless one says otherwise. Counted before the password is looked at: otherwise all would be let through
    /// that come before the first was found wrong.
    fn of_two_hundred_guesses_at_once_five_are_looked_at(store) {
        let world = World::with(store, &[(PAIR, ""), (ADDRESS, ""), (ACCOUNT, ""), PROXY]);
        let ada = world.join("ada", "customer");
        let answers = times(200, |_| sign_in(&from(&world, "192.0.2.1"), &ada.email, WRONG));
        let (mut wrong, mut limited, mut busy) = (0, 0, 0);
        for answer in &answers {
            match answer.status {
                401 => wrong += 1,
                429 => {
                    assert_limited(answer);
                    limited += 1;
                }
                // The hasher was busy: nothing was looked at, and nothing counted.
                _ => {
                    assert_eq!(answer.problem(503), "busy");
                    busy += 1;
                }
            }
        }
        assert_eq!(wrong + limited + busy, 200);
        // One more may have been earned meanwhile, on a slow machine: five a minute are.
        assert!((1..=6).contains(&wrong) && (wrong >= 5 || busy > 0), "{wrong} wrong, {limited} limited, {busy} busy");
        // The right password does not get in from there either, or else guessing would go on.
        assert_limited(&attempt(&from(&world, "192.0.2.1"), &ada.email, PASSWORD));
        // And whoever is signed in goes on.
        ada.get("/me").expect(200);
    }

    fn the_owner_gets_in_from_another_address(store) {
        let world = world(store, ["5/1", "30/1", "50/1"]);
        let ada = world.join("ada", "customer");
        exhaust(&from(&world, "192.0.2.1"), &ada.email, 5);
        let owner = from(&world, "198.51.100.7");
        sign_in(&owner, &ada.email, PASSWORD).expect(200);
        // Another account from the first address is another matter.
        sign_in(&from(&world, "192.0.2.1"), &world.admin.email, PASSWORD).expect(200);
        assert_limited(&sign_in(&from(&world, "192.0.2.1"), &ada.email, PASSWORD));
    }

    fn an_address_is_the_same_however_it_is_written(store) {
        let world = world(store, ["3/1", OFF, OFF]);
        let ada = world.join("ada", "customer");
        let client = from(&world, "192.0.2.1");
        for written in ["ada@example.com", " ADA@example.com", "Ada@Example.COM "] {
            assert_eq!(attempt(&client, written, WRONG).status, 401);
        }
        for written in ["ada@example.com", "\tada@EXAMPLE.com"] {
            assert_limited(&attempt(&client, written, WRONG));
        }
        // The caller's as well.
        assert_limited(&attempt(&from(&world, "::ffff:192.0.2.1"), &ada.email, WRONG));
        assert_limited(&attempt(&from(&world, "192.0.2.1:4711"), &ada.email, WRONG));
        assert_limited(&attempt(&from(&world, "198.51.100.1, 192.0.2.1"), &ada.email, WRONG));
        assert_limited(&attempt(&from(&world, "192.0.2.1, 127.0.0.1"), &ada.email, WRONG));
        assert_eq!(attempt(&from(&world, "192.0.2.2"), &ada.email, WRONG).status, 401);
    }

    fn what_a_stranger_says_of_its_address_counts_for_nothing(store) {
        for proxies in ["", "192.0.2.99"] {
            let limits = [(PAIR, "3/1"), (ADDRESS, OFF), (ACCOUNT, OFF), ("HELPDESK_TRUSTED_PROXIES", proxies)];
            let world = World::with(store, &limits);
            let ada = world.join("ada", "customer");
            for number in 0..3 {
                let client = from(&world, &format!("192.0.2.{number}"));
                assert_eq!(attempt(&client, &ada.email, WRONG).status, 401);
            }
            for number in 3..6 {
                assert_limited(&attempt(&from(&world, &format!("192.0.2.{number}")), &ada.email, WRONG));
            }
        }
    }

    fn one_address_over_many_accounts_is_stopped(store) {
        let world = world(store, ["5/1", "8/1", OFF]);
        let client = from(&world, "192.0.2.1");
        let ada = world.join("ada", "customer");
        for number in 0..8 {
            assert_eq!(attempt(&client, &format!("nobody{number}@example.com"), WRONG).status, 401);
        }
        for email in ["nobody9@example.com", "no address", "", &ada.email] {
            assert_limited(&attempt(&client, email, WRONG));
        }
        sign_in(&from(&world, "192.0.2.2"), &ada.email, PASSWORD).expect(200);
    }

    fn what_is_no_address_of_an_account_is_counted_by_where_it_comes_from(store) {
        let world = world(store, ["2/1", "4/1", OFF]);
        let client = from(&world, "192.0.2.1");
        for _ in 0..4 {
            assert_eq!(attempt(&client, "no address", WRONG).status, 401);
        }
        assert_limited(&attempt(&client, "no address", WRONG));
    }

    /// Whoever has an IPv6 address has a /64 full of them.
    fn a_network_of_ipv6_addresses_is_one(store) {
        let world = world(store, ["3/1", "5/1", OFF]);
        let ada = world.join("ada", "customer");
        for host in ["::1", "::2", ":ffff::3"] {
            let client = from(&world, &format!("2001:db8:0:1{host}"));
            assert_eq!(attempt(&client, &ada.email, WRONG).status, 401, "{host}");
        }
        assert_limited(&attempt(&from(&world, "2001:db8:0:1:9:9:9:9"), &ada.email, WRONG));
        for _ in 0..2 {
            assert_eq!(attempt(&from(&world, "2001:db8:0:1::77"), &world.admin.email, WRONG).status, 401);
        }
        assert_limited(&attempt(&from(&world, "2001:db8:0:1::78"), "nobody@example.com", WRONG));
        // The next one is another.
        sign_in(&from(&world, "2001:db8:0:2::1"), &ada.email, PASSWORD).expect(200);
    }

    fn past_the_bound_of_an_account_only_where_it_signs_in_from_is_let_in(store) {
        let world = world(store, [OFF, OFF, "10/1"]);
        let ada = world.join("ada", "customer");
        let home = from(&world, "198.51.100.7");
        let session = helpdesk_tests::Session::open(&home, &ada.email, PASSWORD);
        // Many machines, a few guesses each.
        for number in 0..10 {
            assert_eq!(attempt(&from(&world, &format!("192.0.2.{number}")), &ada.email, WRONG).status, 401, "{number}");
        }
        for number in 10..13 {
            let stranger = from(&world, &format!("192.0.2.{number}"));
            assert_limited(&attempt(&stranger, &ada.email, WRONG));
            assert_limited(&attempt(&stranger, &ada.email, PASSWORD));
        }
        // The owner's network is known, its session goes on, and so do other accounts.
        assert_eq!(attempt(&home, &ada.email, WRONG).status, 401);
        sign_in(&home, &ada.email, PASSWORD).expect(200);
        session.assert_alive();
        sign_in(&from(&world, "192.0.2.1"), &world.admin.email, PASSWORD).expect(200);
        // Where a session was refreshed is not: that took no password.
        let next = session.refreshed();
        helpdesk_tests::refresh(&from(&world, "203.0.113.5"), &next.refresh_token).expect(200);
        assert_limited(&attempt(&from(&world, "203.0.113.5"), &ada.email, PASSWORD));
    }

    /// Where a session is refreshed from proves no password, and takes the place of nothing.
    fn a_network_is_known_by_its_sign_in_wherever_the_session_went(store) {
        let world = world(store, [OFF, OFF, "3/1"]);
        let ada = world.join("ada", "customer");
        let (home, away) = (from(&world, "198.51.100.1"), from(&world, "203.0.113.9"));
        let session = sign_in(&home, &ada.email, PASSWORD).expect(200);
        away.post("/token/refresh", &json!({"refresh_token": session["refresh_token"]})).expect(200);
        for network in 1..=3 {
            assert_eq!(attempt(&from(&world, &format!("192.0.2.{network}")), &ada.email, WRONG).status, 401);
        }
        assert_limited(&attempt(&away, &ada.email, PASSWORD));
        sign_in(&home, &ada.email, PASSWORD).expect(200);
    }

    fn a_success_is_no_guess_and_leaves_those_before_it_counted(store) {
        let world = world(store, ["3/1", OFF, OFF]);
        let ada = world.join("ada", "customer");
        let client = from(&world, "192.0.2.1");
        for _ in 0..2 {
            assert_eq!(attempt(&client, &ada.email, WRONG).status, 401);
            for _ in 0..3 {
                sign_in(&client, &ada.email, PASSWORD).expect(200);
            }
        }
        assert_eq!(attempt(&client, &ada.email, WRONG).status, 401);
        assert_limited(&attempt(&client, &ada.email, PASSWORD));
        // But not those for another account.
        assert_eq!(attempt(&client, &world.admin.email, WRONG).status, 401);
    }

    /// An attacker with one good account must not reset the count of its address by it.
    fn a_success_buys_no_guesses_over_many_accounts(store) {
        let world = world(store, [OFF, "6/1", OFF]);
        let ada = world.join("ada", "customer");
        let client = from(&world, "192.0.2.1");
        for number in 0..6 {
            assert_eq!(attempt(&client, &format!("nobody{number}@example.com"), WRONG).status, 401, "{number}");
            if number < 5 {
                sign_in(&client, &ada.email, PASSWORD).expect(200);
            }
        }
        assert_limited(&attempt(&client, &ada.email, PASSWORD));
    }

    fn those_who_sign_in_rightly_are_not_limited(store) {
        let world = world(store, ["2/1", "2/1", "2/1"]);
        let ada = world.join("ada", "customer");
        for _ in 0..6 {
            sign_in(&from(&world, "192.0.2.1"), &ada.email, PASSWORD).expect(200);
        }
    }

    /// A stolen access token must not become the password.
    fn changing_ones_password_counts_like_signing_in(store) {
        let world = world(store, ["4/1", OFF, OFF]);
        let ada = world.join("ada", "customer");
        let client = from(&world, "192.0.2.1");
        let thief = helpdesk_tests::Session { client: client.with_token(ada.token().unwrap()), refresh_token: String::new() };
        let guess = |current: &str| {
            thief.put("/me/password", &json!({"current_password": current, "new_password": "quite another battery staple"}))
        };
        for _ in 0..2 {
            assert_eq!(guess(WRONG).fault().0, "current_password");
            assert_eq!(attempt(&client, &ada.email, WRONG).status, 401);
        }
        assert_limited(&guess(WRONG));
        assert_limited(&guess(PASSWORD));
        assert_limited(&attempt(&client, &ada.email, PASSWORD));
        // The owner, from elsewhere, may.
        let owner = from(&world, "198.51.100.7").with_token(ada.token().unwrap());
        owner.put("/me/password", &json!({"current_password": PASSWORD, "new_password": "quite another battery staple"})).expect(200);
    }

    /// What cannot be a new password is no attempt, and tells nothing of the current one.
    fn a_bad_new_password_is_no_guess(store) {
        let world = world(store, ["2/1", OFF, OFF]);
        let ada = world.join("ada", "customer");
        for current in [PASSWORD, WRONG, WRONG, WRONG, WRONG] {
            let change = json!({"current_password": current, "new_password": "short"});
            assert_eq!(ada.put("/me/password", &change).fault(), ("new_password".to_owned(), "too_short".to_owned()));
            let change = json!({"current_password": current, "new_password": "ada@example.com"});
            assert_eq!(ada.put("/me/password", &change).fault(), ("new_password".to_owned(), "too_guessable".to_owned()));
        }
        sign_in(&world.server.client(), &ada.email, PASSWORD).expect(200);
    }

    /// Whether there is such an account must not show in when the limit comes, nor in what it says.
    fn an_account_that_is_not_there_is_limited_like_one_that_is(store) {
        let world = world(store, ["3/1", OFF, "5/1"]);
        let ada = world.join("ada", "customer");
        let disabled = world.join("eve", "customer");
        world.admin.put(&format!("/admin/users/{}", disabled.id), &json!({"is_active": false})).expect(200);
        let seen = [&ada.email, "nobody@example.com", &disabled.email].map(|email| {
            let mut answers = Vec::new();
            for address in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
                for _ in 0..4 {
                    let answer = attempt(&from(&world, address), email, WRONG);
                    // How long is a matter of when it was asked.
                    let seconds = answer.header("retry-after").map(ToOwned::to_owned).unwrap_or_default();
                    let told = answer.comparable().replace(&format!("\"retry-after\", \"{seconds}\""), "");
                    answers.push(if answer.status == 429 { told.replace(&seconds, "#") } else { told });
                }
            }
            answers
        });
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0], seen[2]);
        let statuses: Vec<&str> = seen[0].iter().map(|answer| &answer[..3]).collect();
        assert_eq!(statuses, ["401", "401", "401", "429", "401", "401", "429", "429", "429", "429", "429", "429"]);
    }

    fn limits_that_are_off_limit_nothing(store) {
        let world = world(store, [OFF, OFF, OFF]);
        let ada = world.join("ada", "customer");
        for _ in 0..12 {
            assert_eq!(attempt(&from(&world, "192.0.2.1"), &ada.email, WRONG).status, 401);
        }
        sign_in(&from(&world, "192.0.2.1"), &ada.email, PASSWORD).expect(200);
    }
}
