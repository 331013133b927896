//! Fields that are not the caller's to set, and ids of what is not the caller's.

use std::collections::BTreeSet;

use helpdesk_tests::{Account, Client, PASSWORD, World, on_both_stores};
use serde_json::{Value, json};

use crate::everything;

/// What somebody may try although no type of the contract has it: names of columns, and of other worlds.
const GUESSES: &[&str] = &[
    "requester_id",
    "requester",
    "assignee_id",
    "team_id",
    "author_id",
    "author",
    "is_internal",
    "role",
    "is_admin",
    "is_active",
    "password_hash",
    "password_scheme",
    "token_version",
    "public_version",
    "version",
    "reopen_count",
    "has_password",
    "invitation",
    "is_default",
    "expires_at",
    "session_id",
    "user",
    "follow_up_of",
    "id",
    "user_id",
    "created_at",
    "updated_at",
    "closed_at",
    "deleted_at",
    "Subject",
    "subject ",
    "__proto__",
    "constructor",
    "$where",
    "",
];

struct Body<'a> {
    by: &'a Client,
    method: &'static str,
    path: &'static str,
    /// What stands for `{id}`.
    id: i64,
    good: Value,
}

/// A good body for each operation that takes one.
fn bodies<'a>(world: &'a World, customer: &'a Account, agent: &'a Account, ticket: i64) -> Vec<Body<'a>> {
    let body = |by: &'a Account, method, path, id, good| Body { by: &by.client, method, path, id, good };
    let comment = json!({"body": "B"});
    let user = json!({"email": "new@example.com", "name": "N", "role": "customer", "password": PASSWORD});
    let own = json!({"email": "own@example.com", "name": "N", "password": PASSWORD});
    let invited = json!({"email": "invited@example.com", "name": "N", "role": "agent"});
    let invitation = world.admin.post("/admin/users", &invited).expect(201)["invitation"]["token"].clone();
    let refresh = json!({"refresh_token": world.session(customer).refresh_token});
    let passwords = json!({"current_password": PASSWORD, "new_password": format!("{PASSWORD} again")});
    let team = world.team("Second line");
    vec![
        body(customer, "POST", "/token/refresh", 0, refresh),
        body(customer, "POST", "/invitations/accept", 0, json!({"token": invitation, "password": PASSWORD})),
        body(customer, "POST", "/register", 0, own),
        body(agent, "PUT", "/me", 0, json!({"name": "Other"})),
        body(agent, "PUT", "/me/password", 0, passwords),
        body(&world.admin, "POST", "/admin/teams", 0, json!({"name": "Third line"})),
        body(&world.admin, "PUT", "/admin/teams/{id}", team, json!({"name": "Fourth line"})),
        body(customer, "POST", "/login", 0, json!({"email": customer.email, "password": PASSWORD})),
        body(customer, "POST", "/customer/tickets", 0, json!({"subject": "S", "description": "D"})),
        body(customer, "PUT", "/customer/tickets/{id}", ticket, json!({"status": "closed"})),
        body(customer, "POST", "/customer/tickets/{id}/comments", ticket, comment.clone()),
        body(agent, "PUT", "/agent/tickets/{id}", ticket, json!({"priority": "urgent"})),
        body(agent, "POST", "/agent/tickets/{id}/comments", ticket, comment.clone()),
        body(agent, "POST", "/agent/tickets/bulk", 0, json!({"ids": [ticket], "change": {"tags": ["vip"]}})),
        body(
            &world.admin,
            "POST",
            "/admin/tickets/bulk",
            0,
            json!({"ids": [ticket], "change": {"tags": ["wet"]}}),
        ),
        body(&world.admin, "PUT", "/admin/tickets/{id}", ticket, json!({"priority": "urgent"})),
        body(&world.admin, "POST", "/admin/tickets/{id}/comments", ticket, comment),
        body(&world.admin, "POST", "/admin/users", 0, user),
        body(&world.admin, "PUT", "/admin/users/{id}", customer.id, json!({"name": "Other"})),
    ]
}

/// The names of the properties of a schema.
fn properties(schema: &Value) -> BTreeSet<String> {
    schema["properties"].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default()
}

/// What a body of this operation may hold, by the OpenAPI document.
fn allowed(document: &Value, method: &str, path: &str) -> BTreeSet<String> {
    let operation = &document["paths"][path][method.to_lowercase()];
    let reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
    let reference = reference.unwrap_or_else(|| panic!("{method} {path} has no body"));
    properties(document.pointer(reference.trim_start_matches('#')).expect("the schema"))
}

on_both_stores! {
    fn a_body_carries_nothing_but_its_fields(store) {
        let settings = [("HELPDESK_REGISTRATION", "on"), ("HELPDESK_REGISTRATION_LIMIT", "off")];
        let world = World::with(store, &settings);
        let customer = world.join("ada", "customer");
        let agent = world.join("grace", "agent");
        let ticket = world.open_ticket(&customer, "Mine");
        world.assign(ticket, &agent);
        let document = customer.get("/openapi.json").expect(200);
        let bodies = bodies(&world, &customer, &agent, ticket);

        let mut documented = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if operation.get("requestBody").is_some() {
                    documented.insert((method.to_uppercase(), path.clone()));
                }
            }
        }
        let tried: BTreeSet<_> = bodies.iter().map(|body| (body.method.to_owned(), body.path.to_owned())).collect();
        assert_eq!(tried, documented, "each operation with a body is tried");

        let mut names: BTreeSet<String> = GUESSES.iter().map(|name| (*name).to_owned()).collect();
        for schema in document["components"]["schemas"].as_object().unwrap().values() {
            names.extend(properties(schema));
        }
        let before = everything(&world);
        for Body { by, method, path, id, good } in &bodies {
            let allowed = allowed(&document, method, path);
            assert!(!allowed.is_empty(), "{method} {path}");
            let url = path.replace("{id}", &id.to_string());
            for name in names.difference(&allowed) {
                for value in [json!(customer.id), json!("admin"), json!(true), Value::Null] {
                    let mut body = good.clone();
                    body[name] = value;
                    let answer = by.send(method, &url, &[("Content-Type", "application/json")], Some(body.to_string().as_bytes()));
                    assert_eq!(answer.problem(400), "invalid_body", "{name:?} to {method} {path}");
                    let error = &answer.json()["errors"][0];
                    assert_eq!((&error["field"], &error["code"]), (&json!(name), &json!("unknown_field")), "{method} {path}");
                }
            }
        }
        assert_eq!(everything(&world), before, "nothing was written");

        // Without the one field too many, each would have been done.
        for Body { by, method, path, id, good } in &bodies {
            let url = path.replace("{id}", &id.to_string());
            // Last, since it is final.
            if (*method, *path) != ("PUT", "/customer/tickets/{id}") {
                let answer = by.send(method, &url, &[("Content-Type", "application/json")], Some(good.to_string().as_bytes()));
                assert!([200, 201].contains(&answer.status), "{method} {path}: {}", answer.text());
            }
        }
    }

    fn what_is_anothers_is_neither_seen_nor_changed(store) {
        let world = World::new(store);
        let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
        let (grace, mallory) = (world.join("grace", "agent"), world.join("mallory", "agent"));
        let (assigned, unassigned) = (world.open_ticket(&ada, "Assigned"), world.open_ticket(&ada, "Queued"));
        world.assign(assigned, &grace);
        let before = everything(&world);
        let absent = 99_999;
        // What nobody works, an agent of the team may claim, but not put back.
        for ticket in [assigned, unassigned] {
            let release = |id: i64| mallory.post_nothing(&format!("/agent/tickets/{id}/release"));
            assert_eq!(release(ticket).problem(404), "not_found");
            // Whether the connection goes on depends on when the end of the empty body arrives, not on the ticket.
            let answer = |id: i64| release(id).comparable().replace("(\"connection\", \"close\"), ", "");
            assert_eq!(answer(ticket), answer(absent));
            for (by, group) in [(&eve, "customer"), (&mallory, "agent")] {
                let calls: [(&str, &str, Option<Value>); 6] = [
                    ("GET", "", None),
                    ("GET", "/comments", None),
                    ("GET", "/history", None),
                    ("POST", "/comments", Some(json!({"body": "x"}))),
                    // Not even a body that is wrong for a ticket in its state tells one from the other.
                    ("PUT", "", Some(json!({"status": "closed"}))),
                    ("PUT", "", Some(json!({"status": "open"}))),
                ];
                for (method, suffix, body) in calls {
                    let send = |id: i64| {
                        let body = body.as_ref().map(Value::to_string);
                        let headers: &[_] = if body.is_some() { &[("Content-Type", "application/json")] } else { &[] };
                        by.send(method, &format!("/{group}/tickets/{id}{suffix}"), headers, body.as_deref().map(str::as_bytes))
                    };
                    let theirs = send(ticket);
                    assert_eq!(theirs.problem(404), "not_found", "{method} {group} {suffix}");
                    assert_eq!(theirs.comparable(), send(absent).comparable(), "{method} {group} {suffix}");
                }
            }
        }
        assert_eq!(everything(&world), before, "nothing was written");
    }

    fn ids_in_a_body_are_checked_like_any_other_value(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let ticket = world.open_ticket(&customer, "Mine");
        let path = format!("/admin/tickets/{ticket}");
        let before = everything(&world);
        let send = |id: &str| {
            let body = format!("{{\"assignee_id\": {id}}}");
            world.admin.send("PUT", &path, &[("Content-Type", "application/json")], Some(body.as_bytes()))
        };
        let nobody = send("99999");
        assert_eq!(nobody.problem(422), "validation_failed");
        // An account that is none of an agent is told like one that does not exist.
        for id in [customer.id, world.admin.id, 9_007_199_254_740_991] {
            assert_eq!(send(&id.to_string()).comparable(), nobody.comparable(), "{id}");
        }
        for id in ["0", "-1", "9007199254740992", "9223372036854775807"] {
            let answer = send(id);
            assert_eq!(answer.problem(422), "validation_failed", "{id}");
            assert_eq!(answer.json()["errors"][0]["field"], "assignee_id", "{id}");
        }
        for id in ["9223372036854775808", "18446744073709551616", "1e3", "1.0", "\"1\"", "true", "[1]", "{\"id\": 1}", "1e999", "NaN", "01"] {
            send(id).problem(400);
        }
        assert_eq!(everything(&world), before, "nothing was written");
    }

    fn ids_of_teams_in_a_body_are_checked_like_any_other_value(store) {
        let world = World::new(store);
        let ticket = world.open_ticket(&world.join("ada", "customer"), "Mine");
        let before = everything(&world);
        let send = |method: &str, path: &str, body: &str| {
            world.admin.send(method, path, &[("Content-Type", "application/json")], Some(body.as_bytes()))
        };
        let of_a_ticket = |id: &str| send("PUT", &format!("/admin/tickets/{ticket}"), &format!("{{\"team_id\": {id}}}"));
        let of_a_user = |id: &str| {
            let body = format!("{{\"email\": \"x@example.com\", \"name\": \"X\", \"role\": \"agent\", \"team_ids\": [{id}]}}");
            send("POST", "/admin/users", &body)
        };
        for id in ["99999", "9007199254740991", "0", "-1", "9007199254740992", "9223372036854775807"] {
            assert_eq!(of_a_ticket(id).fault().0, "team_id", "{id}");
            assert_eq!(of_a_user(id).fault().0, "team_ids", "{id}");
        }
        for id in ["9223372036854775808", "18446744073709551616", "1e3", "1.0", "\"1\"", "true", "[1]", "{\"id\": 1}", "1e999", "NaN", "01"] {
            of_a_ticket(id).problem(400);
            of_a_user(id).problem(400);
        }
        let many = vec!["1"; 101].join(",");
        assert_eq!(of_a_user(&many).fault().0, "team_ids");
        assert_eq!(everything(&world), before, "nothing was written");
    }
}
