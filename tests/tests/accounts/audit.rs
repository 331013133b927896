//! The trail of what was done to accounts and teams.

use helpdesk_tests::{PASSWORD, World, on_both_stores};
use serde_json::{Value, json};

use crate::texts;

/// Kind, actor, subject and changes of each entry, oldest first.
fn trail(world: &World) -> Vec<Value> {
    let page = world.admin.get("/admin/audit?limit=100").expect(200);
    assert_eq!(page["next_cursor"], Value::Null);
    let mut entries: Vec<Value> = page["data"].as_array().unwrap().clone();
    entries.reverse();
    entries
}

fn change(field: &str, from: impl Into<Value>, to: impl Into<Value>) -> Value {
    let (from, to) = (from.into(), to.into());
    json!({"field": field, "from": from, "to": to})
}

on_both_stores! {
    fn each_act_leaves_an_entry_with_who_what_and_how(store) {
        let world = World::new(store);
        let admin = json!({"kind": "admin", "id": world.admin.id, "name": "Admin"});
        let begin = trail(&world).len();
        let user = json!({"email": "grace@example.com", "name": "Grace", "role": "agent", "password": PASSWORD});
        let grace = world.admin.post("/admin/users", &user).expect(201)["id"].clone();
        let subject = json!({"kind": "user", "id": grace, "label": "grace@example.com"});
        let path = format!("/admin/users/{grace}");
        let team = world.team("Second line");
        let team_path = format!("/admin/teams/{team}");
        let team_subject = |name: &str| json!({"kind": "team", "id": team, "label": name});
        world.admin.send("PUT", &format!("{team_path}/members/{grace}"), &[], None).expect_nothing();
        world.admin.put(&team_path, &json!({"name": "Third line"})).expect(200);
        world.admin.delete(&format!("{team_path}/members/{grace}")).expect_nothing();
        world.admin.delete(&team_path).expect_nothing();
        world.admin.put(&path, &json!({"name": "Grace H.", "role": "customer", "is_active": false})).expect(200);
        world.admin.put(&path, &json!({"is_active": true})).expect(200);
        world.admin.post_nothing(&format!("{path}/password-reset")).expect(200);

        let entries = trail(&world);
        let seen: Vec<Value> = entries[begin..]
            .iter()
            .map(|entry| json!([entry["kind"], entry["actor"], entry["subject"], entry["changes"]]))
            .collect();
        let expected = [
            json!(["user_created", admin, subject, []]),
            json!(["team_created", admin, team_subject("Second line"), [change("name", Value::Null, "Second line")]]),
            json!(["team_member_added", admin, team_subject("Second line"), [change("member_id", Value::Null, grace.clone())]]),
            json!(["team_renamed", admin, team_subject("Second line"), [change("name", json!("Second line"), json!("Third line"))]]),
            json!(["team_member_removed", admin, team_subject("Third line"), [change("member_id", grace.clone(), Value::Null)]]),
            json!(["team_deleted", admin, team_subject("Third line"), []]),
            json!(["user_updated", admin, subject, [
                change("name", json!("Grace"), json!("Grace H.")), change("role", json!("agent"), json!("customer")), change("is_active", json!(true), json!(false)),
            ]]),
            json!(["user_updated", admin, subject, [change("is_active", json!(false), json!(true))]]),
            json!(["password_reset", admin, subject, []]),
        ];
        // What an account was made with is looked at apart: its fields have no value before.
        let mut seen = seen;
        let made = seen[0][3].take();
        seen[0][3] = json!([]);
        assert!(made.as_array().unwrap().iter().all(|change| change["from"] == Value::Null), "{made}");
        for (field, value) in [("name", "Grace"), ("role", "agent")] {
            assert!(made.as_array().unwrap().contains(&change(field, Value::Null, json!(value))), "{made}");
        }
        assert_eq!(seen, expected);
        for entry in &entries {
            let mut members: Vec<_> = entry.as_object().unwrap().keys().cloned().collect();
            members.sort();
            assert_eq!(members, ["actor", "at", "changes", "id", "kind", "subject"]);
        }
    }

    fn what_failed_or_changed_nothing_leaves_none(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let before = trail(&world);
        let own = format!("/admin/users/{}", world.admin.id);
        for (method, path, body) in [
            ("POST", "/admin/users".to_owned(), json!({"email": ada.email, "name": "N", "role": "agent"})),
            ("POST", "/admin/users".to_owned(), json!({"email": "x@example.com", "name": "N", "role": "agent", "team_ids": [99_999]})),
            ("PUT", own.clone(), json!({"role": "agent"})),
            ("PUT", own.clone(), json!({"is_active": true})),
            ("PUT", own.clone(), json!({})),
            ("POST", format!("{own}/password-reset"), json!({})),
            ("POST", "/admin/users/99999/password-reset".to_owned(), json!({})),
            ("POST", "/admin/teams".to_owned(), json!({"name": "Support"})),
            ("PUT", "/admin/teams/1".to_owned(), json!({"name": "Support"})),
            ("DELETE", "/admin/teams/1".to_owned(), json!({})),
            ("PUT", format!("/admin/teams/1/members/{}", ada.id), json!({})),
            ("PUT", format!("/admin/teams/1/members/{}", grace.id), json!({})),
            ("DELETE", format!("/admin/teams/1/members/{}", ada.id), json!({})),
        ] {
            let answer = world.admin.send(method, &path, &[("Content-Type", "application/json")], Some(body.to_string().as_bytes()));
            assert!(answer.status < 500, "{method} {path}: {}", answer.text());
        }
        ada.put("/me/password", &json!({"current_password": "not the password at all", "new_password": "quite another battery staple"})).problem(422);
        ada.put("/me", &json!({"name": "ada"})).expect(200);
        world.server.client().post("/invitations/accept", &json!({"token": "x", "password": PASSWORD})).problem(422);
        assert_eq!(trail(&world), before);
    }

    fn it_is_filtered_and_read_page_by_page_newest_first(store) {
        let world = World::new(store);
        let second = world.join("root", "admin");
        for number in 0..5 {
            let by = if number % 2 == 0 { &world.admin } else { &second };
            by.post("/admin/teams", &json!({"name": format!("Team {number}")})).expect(201);
            by.put(&format!("/admin/users/{}", second.id), &json!({"name": format!("Root {number}")})).expect(200);
        }
        let get = |query: &str| world.admin.get(&format!("/admin/audit?{query}")).expect(200);
        let all = get("limit=100");
        let ids: Vec<i64> = all["data"].as_array().unwrap().iter().map(|entry| entry["id"].as_i64().unwrap()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "{ids:?}");
        let times = texts(&all, "at");
        assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "{times:?}");

        for filter in ["", "&kind=team_created", &format!("&actor_id={}", second.id), &format!("&actor_id={}&kind=user_updated", world.admin.id)] {
            let whole = get(&format!("limit=100{filter}"));
            let mut paged: Vec<Value> = Vec::new();
            let mut path = format!("/admin/audit?limit=2{filter}");
            loop {
                let page = world.admin.get(&path).expect(200);
                paged.extend(page["data"].as_array().unwrap().iter().cloned());
                // Whatever is written meanwhile does not move what comes after.
                if paged.len() == 2 {
                    world.admin.put("/me", &json!({"name": format!("Admin {filter}")})).expect(200);
                }
                let Some(cursor) = page["next_cursor"].as_str() else { break };
                path = format!("/admin/audit?limit=2{filter}&cursor={cursor}");
            }
            let strip = |entries: &[Value]| entries.iter().map(|entry| entry["id"].clone()).collect::<Vec<_>>();
            assert_eq!(strip(&paged), strip(whole["data"].as_array().unwrap()), "{filter}");
        }
        assert_eq!(get("kind=team_created")["data"].as_array().unwrap().len(), 5);
        assert_eq!(get(&format!("kind=team_created&actor_id={}", second.id))["data"].as_array().unwrap().len(), 2);
        assert_eq!(get("actor_id=99999")["data"], json!([]));

        let cursor = get("limit=1")["next_cursor"].as_str().unwrap().to_owned();
        assert_eq!(world.admin.get(&format!("/admin/audit?limit=1&kind=team_created&cursor={cursor}")).problem(400), "invalid_cursor");
        assert_eq!(second.get(&format!("/admin/audit?limit=1&cursor={cursor}")).problem(400), "invalid_cursor");
        for bad in ["kind=nonsense", "kind=", "actor_id=0", "actor_id=x", "actor_id=1&actor_id=2", "sort=id", "subject_id=1", "limit=0", "limit=101"] {
            assert_eq!(world.admin.get(&format!("/admin/audit?{bad}")).problem(400), "invalid_query", "{bad}");
        }
        // There is nothing else to do with it.
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            assert_eq!(world.admin.send(method, "/admin/audit", &[], None).problem(405), "method_not_allowed");
        }
    }

    fn nothing_secret_is_in_it(store) {
        const CANARY: &str = "canary kumquat";
        let world = World::with(store, &[("HELPDESK_REGISTRATION", "on")]);
        let client = world.server.client();
        let password = |name: &str| format!("{CANARY} {name} password");
        let user = json!({"email": "ada@example.com", "name": "Ada", "role": "customer", "password": password("first")});
        let id = world.admin.post("/admin/users", &user).expect(201)["id"].clone();
        let session = helpdesk_tests::Session::open(&client, "ada@example.com", &password("first"));
        session.put("/me/password", &json!({"current_password": password("first"), "new_password": password("second")})).expect(200);
        let invited = world.admin.post_nothing(&format!("/admin/users/{id}/password-reset")).expect(200);
        let token = invited["invitation"]["token"].as_str().unwrap().to_owned();
        client.post("/invitations/accept", &json!({"token": token, "password": password("third")})).expect(200);
        client.post("/register", &json!({"email": "eve@example.com", "name": "Eve", "password": password("fourth")})).expect(201);
        let next = helpdesk_tests::Session::open(&client, "ada@example.com", &password("third"));
        next.refreshed().assert_alive();
        next.refresh().expect_dead_token();
        let output = world.user_command(&["set-password", "--email", "ada@example.com", "--password-stdin"], &password("fifth"));
        assert!(output.status.success());

        let told = world.admin.get("/admin/audit?limit=100").text();
        let kept = match store {
            helpdesk_tests::StoreKind::Sqlite => "SELECT group_concat(label || changes, ' ') AS value FROM audit_entries",
            helpdesk_tests::StoreKind::Postgres => "SELECT string_agg(label || changes, ' ') AS value FROM audit_entries",
        };
        let kept = world.database.query(kept);
        let hash = world.database.query("SELECT password_hash AS value FROM users WHERE email = 'ada@example.com'");
        for kind in ["user_created", "password_changed", "password_reset", "invitation_accepted", "user_registered", "refresh_token_replayed"] {
            assert!(told.contains(kind), "{kind} is missing: {told}");
        }
        for text in [&told, &kept] {
            for secret in [CANARY, &token, &session.refresh_token, &next.refresh_token, &hash, "$2b$"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }

    fn what_the_command_line_does_is_the_systems(store) {
        let world = World::new(store);
        let email = "ada@example.com";
        let run = |arguments: &[&str], input: &str| assert!(world.user_command(arguments, input).status.success(), "{arguments:?}");
        run(&["create", "--email", email, "--name", "Ada", "--role", "agent", "--password-stdin"], PASSWORD);
        run(&["create", "--email", "eve@example.com", "--name", "Eve", "--role", "agent", "--invite"], "");
        run(&["disable", "--email", email], "");
        run(&["enable", "--email", email], "");
        run(&["set-password", "--email", email, "--password-stdin"], PASSWORD);
        let entries = trail(&world);
        let system = json!({"kind": "system", "id": null, "name": null});
        assert!(entries.iter().all(|entry| entry["actor"] == system), "{entries:?}");
        let kinds: Vec<&str> = entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        // The first is the admin of this world, who was invited.
        assert_eq!(kinds, ["user_invited", "user_created", "user_invited", "user_updated", "user_updated", "password_changed"]);
        // What failed or changed nothing leaves none here either.
        assert!(!world.user_command(&["create", "--email", email, "--name", "N", "--role", "agent", "--invite"], "").status.success());
        run(&["enable", "--email", email], "");
        assert_eq!(trail(&world).len(), entries.len());
    }
}
