//! What a signed-in account sees of itself and changes in it.

use helpdesk_tests::{PASSWORD, Session, World, on_both_stores, sign_in};
use serde_json::{Value, json};

use crate::{audit, texts};

const OTHER: &str = "quite another battery staple";

fn change(by: &helpdesk_tests::Client, current: &str, new: &str) -> helpdesk_tests::Answer {
    by.put("/me/password", &json!({"current_password": current, "new_password": new}))
}

on_both_stores! {
    fn everyone_reads_and_renames_themselves_and_nothing_else(store) {
        let world = World::new(store);
        let people = [world.join("ada", "customer"), world.join("grace", "agent"), world.join("root", "admin")];
        for (person, role) in people.iter().zip(["customer", "agent", "admin"]) {
            let account = person.get("/me").expect(200);
            assert_eq!(account["role"], role);
            let renamed = person.put("/me", &json!({"name": "  New Name "})).expect(200);
            assert_eq!(renamed, json!({"id": person.id, "email": person.email, "name": "New Name", "role": role}));
            assert_eq!(person.get("/me").expect(200), renamed);
            for (field, value) in [("role", json!("admin")), ("email", json!("x@example.com")), ("is_active", json!(true)), ("id", json!(1))] {
                let answer = person.put("/me", &json!({"name": "N", field: value}));
                assert_eq!(answer.problem(400), "invalid_body");
            }
            assert_eq!(person.put("/me", &json!({})).problem(422), "validation_failed");
            for name in ["", " ", &"x".repeat(101), "a\0b"] {
                assert_eq!(person.put("/me", &json!({"name": name})).fault().0, "name");
            }
            assert_eq!(person.get("/me").expect(200), renamed);
        }
        // It ends no session, and the trail has it as the account's own doing.
        let entries = audit(&world, "user_updated");
        assert_eq!(entries.len(), 3);
        assert_eq!(entries[2]["actor"], json!({"kind": "customer", "id": people[0].id, "name": "New Name"}));
        assert_eq!(entries[2]["changes"], json!([{"field": "name", "from": "ada", "to": "New Name"}]));
    }

    fn another_password_ends_every_session_but_the_one_that_changed_it(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let (here, there) = (world.session(&ada), world.session(&ada));
        let before = here.id();
        there.get("/me").expect(200);
        let answer = change(&here, PASSWORD, OTHER).expect(200);
        assert_eq!(answer["id"], ada.id);
        there.assert_dead();
        ada.get("/me").expect_dead_token();
        here.get("/me").expect(200);
        let next = here.refreshed();
        assert_eq!(next.id(), before);
        assert_eq!(texts(&next.get("/me/sessions").expect(200), "id"), [before]);

        let client = world.server.client();
        assert_eq!(sign_in(&client, &ada.email, PASSWORD).problem(401), "invalid_credentials");
        Session::open(&client, &ada.email, OTHER).assert_alive();
        let entries = audit(&world, "password_changed");
        assert_eq!((entries.len(), &entries[0]["actor"]["id"], &entries[0]["changes"]), (1, &json!(ada.id), &json!([])));
    }

    fn a_password_changes_only_for_who_knows_the_current_one(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let (session, other) = (world.session(&ada), world.session(&ada));
        let fault = change(&session, "not the password at all", OTHER).fault();
        assert_eq!(fault, ("current_password".to_owned(), "wrong_password".to_owned()));
        for bad in ["short", "helpdesk1234", "password1234", &"x".repeat(129), "nul\0nul\0nul\0nul"] {
            assert_eq!(change(&session, PASSWORD, bad).fault().0, "new_password", "{bad}");
        }
        for body in [json!({"new_password": OTHER}), json!({"current_password": PASSWORD}), json!({"current_password": PASSWORD, "new_password": Value::Null})] {
            assert_eq!(session.put("/me/password", &body).problem(400), "invalid_body");
        }
        other.assert_alive();
        Session::open(&world.server.client(), &ada.email, PASSWORD).assert_alive();
        assert!(audit(&world, "password_changed").is_empty());
    }

    /// Somebody who only wants all other devices signed out may do so.
    fn the_same_password_again_is_a_change_like_any_other(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let (here, there) = (world.session(&ada), world.session(&ada));
        change(&here, PASSWORD, PASSWORD).expect(200);
        there.assert_dead();
        here.assert_alive();
    }

    fn a_stranger_learns_nothing_of_an_account(store) {
        let world = World::new(store);
        let nobody = world.server.client();
        for (method, path) in [("GET", "/me"), ("PUT", "/me"), ("PUT", "/me/password"), ("GET", "/me/sessions"), ("DELETE", "/me/sessions/1"), ("POST", "/logout")] {
            let answer = nobody.send(method, path, &[("Content-Type", "application/json")], Some(b"{}"));
            assert_eq!(answer.problem(401), "unauthenticated", "{method} {path}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
    }
}
