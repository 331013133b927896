//! Signing in, and what a token is good for.

use helpdesk_tests::{PASSWORD, World, on_both_stores};
use serde_json::{Value, json};

on_both_stores! {
    fn signing_in_gives_a_token_pair_and_the_account(store) {
        let world = World::new(store);
        let client = world.server.client();
        let login = json!({"email": "  ADMIN@Example.com ", "password": PASSWORD});
        let answer = client.post("/login", &login).expect(200);
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(900)));
        assert_eq!(answer["user"], json!({"id": world.admin.id, "email": "admin@example.com", "name": "Admin", "role": "admin"}));
        assert!(answer["refresh_token"].as_str().unwrap().len() >= 43);
        let token = answer["access_token"].as_str().unwrap();
        client.with_token(token).get("/admin/users").expect(200);
        // A refresh token is no access token.
        let refresh = client.with_token(answer["refresh_token"].as_str().unwrap());
        assert_eq!(refresh.get("/admin/users").status, 401);
    }

    fn unknown_wrong_and_disabled_are_one_answer(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let client = world.server.client();
        let login = |email: &str, password: &str| client.post("/login", &json!({"email": email, "password": password}));
        let wrong = login("ada@example.com", "not the password");
        assert_eq!(wrong.problem(401), "invalid_credentials");
        world.admin.put(&format!("/admin/users/{}", customer.id), &json!({"is_active": false})).expect(200);
        for other in [
            login("ada@example.com", PASSWORD),
            login("nobody@example.com", PASSWORD),
            login("no address", PASSWORD),
            login("", PASSWORD),
        ] {
            assert_eq!(other.comparable(), wrong.comparable());
        }
    }

    fn a_change_of_the_account_kills_its_tokens_on_the_next_request(store) {
        let world = World::new(store);
        let agent = world.join("grace", "agent");
        let user = format!("/admin/users/{}", agent.id);
        agent.get("/agent/tickets").expect(200);
        world.admin.put(&user, &json!({"role": "customer"})).expect(200);
        assert_eq!(agent.get("/agent/tickets").status, 401);
        assert_eq!(agent.get("/customer/tickets").status, 401);
        // A new name ends nothing.
        let customer = world.join("ada", "customer");
        world.admin.put(&format!("/admin/users/{}", customer.id), &json!({"name": "Ada L."})).expect(200);
        customer.get("/customer/tickets").expect(200);
        world.admin.put(&format!("/admin/users/{}", customer.id), &json!({"is_active": false})).expect(200);
        assert_eq!(customer.get("/customer/tickets").status, 401);
    }

    fn the_last_admin_stays(store) {
        let world = World::new(store);
        let user = format!("/admin/users/{}", world.admin.id);
        for change in [json!({"role": "agent"}), json!({"is_active": false})] {
            assert_eq!(world.admin.put(&user, &change).problem(409), "last_admin");
        }
        let second = world.join("root", "admin");
        second.put(&user, &json!({"is_active": false})).expect(200);
        assert_eq!(world.admin.get("/admin/users").status, 401);
        assert_eq!(second.put(&format!("/admin/users/{}", second.id), &json!({"role": "agent"})).problem(409), "last_admin");
    }

    fn an_address_belongs_to_one_account(store) {
        let world = World::new(store);
        let user = |email: &str| json!({"email": email, "name": "N", "role": "customer", "password": PASSWORD});
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let creations: Vec<_> = (0..20)
                .map(|n| {
                    let email = if n % 2 == 0 { "one@example.com" } else { " ONE@Example.Com" };
                    let (admin, body) = (world.admin.clone(), user(email));
                    scope.spawn(move || admin.post("/admin/users", &body).status)
                })
                .collect();
            creations.into_iter().map(|creation| creation.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
        assert_eq!(world.admin.post("/admin/users", &user("one@example.com")).problem(409), "email_taken");
        let users = world.admin.get("/admin/users").expect(200);
        assert_eq!(users["data"].as_array().unwrap().len(), 2);
    }

    fn accounts_are_checked_and_never_show_secrets(store) {
        let world = World::new(store);
        let bad = json!({"email": "ad\u{e4}@example.com", "name": " ", "role": "customer", "password": "short"});
        let answer = world.admin.post("/admin/users", &bad);
        assert_eq!(answer.problem(422), "validation_failed");
        let mut fields: Vec<_> = answer.json()["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect();
        fields.sort();
        assert_eq!(fields, ["email", "name", "password"]);
        let extra = json!({"email": "a@example.com", "name": "A", "role": "customer", "password": PASSWORD, "is_active": true});
        assert_eq!(world.admin.post("/admin/users", &extra).status, 400);

        let made = json!({"email": "a@example.com", "name": "A", "role": "customer", "password": PASSWORD});
        let answer = world.admin.post("/admin/users", &made);
        let user = answer.expect(201);
        assert_eq!(answer.header("location"), Some(format!("/admin/users/{}", user["id"]).as_str()));
        let mut members: Vec<_> = user.as_object().unwrap().keys().cloned().collect();
        members.sort();
        assert_eq!(members, ["created_at", "email", "has_password", "id", "is_active", "name", "role", "updated_at"]);
        assert_eq!(world.admin.get(&format!("/admin/users/{}", user["id"])).expect(200), user);
        let listed = world.admin.get("/admin/users?limit=1").expect(200);
        assert_ne!(listed["next_cursor"], Value::Null);
        assert!(!world.server.log().contains(PASSWORD));
    }
}
