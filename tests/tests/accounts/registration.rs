//! Making an account of one's own, where the operator wants that.

use helpdesk_tests::{Answer, Client, PASSWORD, Session, World, on_both_stores};
use serde_json::{Value, json};

use crate::{audit, count, times};

const ON: (&str, &str) = ("HELPDESK_REGISTRATION", "on");
const NO_LIMIT: (&str, &str) = ("HELPDESK_REGISTRATION_LIMIT", "off");

fn form(email: &str) -> Value {
    json!({"email": email, "name": "Ada", "password": PASSWORD})
}

fn register(client: &Client, email: &str) -> Answer {
    client.post("/register", &form(email))
}

on_both_stores! {
    fn where_it_is_off_there_is_no_such_route(store) {
        for settings in [&[][..], &[("HELPDESK_REGISTRATION", "off")], &[("HELPDESK_REGISTRATION", "")]] {
            let world = World::with(store, settings);
            let client = world.server.client();
            let json: &[(&str, &str)] = &[("Content-Type", "application/json")];
            let good = form("ada@example.com").to_string();
            let huge = "x".repeat(20_000);
            for (headers, body) in [
                (json, Some(good.as_bytes())),
                (json, Some(&b"{}"[..])),
                (json, Some(b"nonsense")),
                (json, Some(b"{\"password\": \"short\"}")),
                (json, Some(huge.as_bytes())),
                (&[], Some(b"x")),
                (&[], None),
            ] {
                let there = client.send("POST", "/register", headers, body);
                let nowhere = client.send("POST", "/nowhere", headers, body);
                assert_eq!(there.problem(404), "not_found");
                assert_eq!(there.comparable(), nowhere.comparable());
            }
            for method in ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"] {
                let [there, nowhere] = ["/register", "/nowhere"].map(|path| client.send(method, path, &[], None));
                assert_eq!(there.comparable(), nowhere.comparable(), "{method}");
            }
            assert_eq!(world.database.count("users"), 1);
        }
    }

    fn where_it_is_on_anybody_makes_a_customers_account(store) {
        let world = World::with(store, &[ON]);
        let client = world.server.client();
        let answer = register(&client, " Ada@Example.com ");
        let made = answer.expect(201);
        assert_eq!(answer.header("location"), Some("/me"));
        assert_eq!(made, json!({"id": made["id"], "email": "ada@example.com", "name": "Ada", "role": "customer"}));
        let session = Session::open(&client, "ada@example.com", PASSWORD);
        assert_eq!(session.get("/me").expect(200), made);
        session.get("/customer/tickets").expect(200);
        assert_eq!(session.get("/admin/users").problem(403), "forbidden");

        assert_eq!(register(&client, "ADA@example.com").problem(409), "email_taken");
        assert_eq!(register(&client, &world.admin.email).problem(409), "email_taken");
        let entries = audit(&world, "user_registered");
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0]["actor"], json!({"kind": "customer", "id": made["id"], "name": "Ada"}));
        assert_eq!(entries[0]["subject"], json!({"kind": "user", "id": made["id"], "label": "ada@example.com"}));
    }

    fn what_one_is_nobody_chooses(store) {
        let world = World::with(store, &[ON, NO_LIMIT]);
        for (field, value) in [("role", json!("admin")), ("role", json!("customer")), ("is_active", json!(true)), ("team_ids", json!([1])), ("id", json!(1)), ("is_admin", json!(true))] {
            let mut body = form("ada@example.com");
            body[field] = value;
            let answer = world.server.client().post("/register", &body);
            assert_eq!(answer.problem(400), "invalid_body");
            assert_eq!(answer.json()["errors"][0]["field"], field);
        }
        for (field, value) in [("email", "no address"), ("email", "\u{e4}@example.com"), ("name", " "), ("password", "short")] {
            let mut body = form("ada@example.com");
            body[field] = value.into();
            assert_eq!(world.server.client().post("/register", &body).fault().0, field);
        }
        assert_eq!(world.database.count("users"), 1);
    }

    fn of_twenty_who_register_one_address_one_does(store) {
        let world = World::with(store, &[ON, NO_LIMIT]);
        let answers = times(20, |number| {
            register(&world.server.client(), if number % 2 == 0 { "ada@example.com" } else { "ADA@example.com" })
        });
        for busy in answers.iter().filter(|answer| answer.status == 503) {
            assert_eq!(busy.problem(503), "busy");
        }
        assert_eq!(count(&answers, 201, &[201, 409, 503]), 1);
        assert_eq!(world.database.count("users"), 2);
    }

    /// Also because each attempt tells whether there is such an account.
    fn one_address_registers_only_so_often(store) {
        let limits = [ON, ("HELPDESK_REGISTRATION_LIMIT", "3/1"), ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1")];
        let world = World::with(store, &limits);
        let client = world.server.client().forwarded_for("2001:db8:0:1::1");
        register(&client, "one@example.com").expect(201);
        register(&client, "one@example.com").problem(409);
        register(&world.server.client().forwarded_for("2001:db8:0:1:ffff::2"), "two@example.com").expect(201);
        for email in ["one@example.com", "three@example.com"] {
            let answer = register(&client, email);
            assert_eq!(answer.problem(429), "too_many_attempts");
            assert!((1..=60).contains(&answer.retry_after()));
        }
        register(&client.forwarded_for("2001:db8:0:2::1"), "three@example.com").expect(201);
        // What was refused for its form was no attempt, and told nothing.
        let other = client.forwarded_for("192.0.2.1");
        for _ in 0..5 {
            other.post("/register", &json!({"email": "no", "name": "N", "password": PASSWORD})).problem(422);
        }
        register(&other, "four@example.com").expect(201);
    }
}
