//! What ends a session ends it for the very next request.

use std::sync::atomic::{AtomicBool, Ordering};

use helpdesk_tests::{Account, Answer, PASSWORD, Session, World, on_both_stores, sign_in};
use serde_json::json;

const OTHER: &str = "quite another battery staple";

/// Ends all sessions of an account in one of the ways that an admin has.
fn end(world: &World, account: &Account, how: &str) -> Answer {
    let user = format!("/admin/users/{}", account.id);
    match how {
        "a new role" => world.admin.put(&user, &json!({"role": "customer"})),
        "disabling" => world.admin.put(&user, &json!({"is_active": false})),
        "a reset" => world.admin.post_nothing(&format!("{user}/password-reset")),
        other => panic!("{other} is no way"),
    }
}

on_both_stores! {
    fn a_change_of_an_account_kills_access_and_refresh_tokens(store) {
        let world = World::new(store);
        for (number, how) in ["a new role", "disabling", "a reset"].into_iter().enumerate() {
            let agent = world.join(&format!("grace{number}"), "agent");
            let sessions = [world.session(&agent), world.session(&agent).refreshed()];
            // Just now the server knew them all.
            for session in &sessions {
                session.get("/me").expect(200);
            }
            end(&world, &agent, how).expect(200);
            for session in &sessions {
                session.assert_dead();
            }
            agent.get("/me").expect_dead_token();
        }
    }

    /// An account that was disabled and enabled again is no way back into its old sessions.
    fn what_was_ended_stays_ended(store) {
        let world = World::new(store);
        let agent = world.join("grace", "agent");
        let session = world.session(&agent);
        let user = format!("/admin/users/{}", agent.id);
        for (there, back) in [(json!({"is_active": false}), json!({"is_active": true})), (json!({"role": "admin"}), json!({"role": "agent"}))] {
            world.admin.put(&user, &there).expect(200);
            world.admin.put(&user, &back).expect(200);
            session.assert_dead();
        }
        Session::open(&world.server.client(), &agent.email, PASSWORD).assert_alive();
    }

    /// However many requests are under way: none that begins after the answer is let in.
    fn no_request_that_begins_after_the_answer_is_let_in(store) {
        const CALLERS: usize = 8;
        const AFTERWARDS: usize = 20;
        let world = World::new(store);
        for round in ["disable", "role", "reset", "logout", "end", "password"] {
            let agent = world.join(&format!("grace-{round}"), "agent");
            let (session, other) = (world.session(&agent), world.session(&agent));
            let user = format!("/admin/users/{}", agent.id);
            let id = session.id();
            let end = || match round {
                "disable" => world.admin.put(&user, &json!({"is_active": false})),
                "role" => world.admin.put(&user, &json!({"role": "customer"})),
                "reset" => world.admin.post_nothing(&format!("{user}/password-reset")),
                "logout" => session.post_nothing("/logout"),
                "end" => other.delete(&format!("/me/sessions/{id}")),
                _ => other.put("/me/password", &json!({"current_password": PASSWORD, "new_password": OTHER})),
            };
            let is_over = AtomicBool::new(false);
            let late: Vec<Answer> = std::thread::scope(|scope| {
                let callers: Vec<_> = (0..CALLERS)
                    .map(|number| {
                        let (client, is_over) = (session.client.clone(), &is_over);
                        let path = if number % 2 == 0 { "/me" } else { "/me/sessions" };
                        scope.spawn(move || {
                            let mut late = Vec::new();
                            while late.len() < AFTERWARDS {
                                // Looked at before the request is sent: if it is over now, this one must not get in.
                                let began_late = is_over.load(Ordering::SeqCst);
                                let answer = client.get(path);
                                if began_late {
                                    late.push(answer);
                                } else {
                                    assert!([200, 401].contains(&answer.status), "{}", answer.text());
                                }
                            }
                            late
                        })
                    })
                    .collect();
                let answer = end();
                is_over.store(true, Ordering::SeqCst);
                assert!([200, 204].contains(&answer.status), "{round}: {}", answer.text());
                callers.into_iter().flat_map(|caller| caller.join().expect("a caller")).collect()
            });
            for answer in late {
                answer.expect_dead_token();
            }
            session.assert_dead();
        }
    }

    fn who_is_disabled_cannot_sign_in_and_who_is_enabled_can(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let user = format!("/admin/users/{}", ada.id);
        let client = world.server.client();
        world.admin.put(&user, &json!({"is_active": false})).expect(200);
        assert_eq!(sign_in(&client, &ada.email, PASSWORD).problem(401), "invalid_credentials");
        world.admin.put(&user, &json!({"is_active": true})).expect(200);
        Session::open(&client, &ada.email, PASSWORD).assert_alive();
    }
}
