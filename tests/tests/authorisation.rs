//! Role × operation, walked from the OpenAPI document: an operation without a case fails.
//!
//! The result is kept in `tests/snapshots/authorisation.txt`, to be read. After a change of the contract,
//! `UPDATE_SNAPSHOTS=1 cargo xtask test` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use helpdesk_tests::{Account, Client, PASSWORD, World, expired, on_both_stores};
use serde_json::{Value, json};

/// What a request of a case needs: ids that exist, of a ticket that belongs to `customer` and is assigned to `agent`.
struct Ids {
    ticket: i64,
    user: i64,
    agent: i64,
    unique: usize,
}

/// A request that the right caller would succeed with.
fn request(method: &str, path: &str, ids: &Ids) -> Option<(String, Option<Value>)> {
    let ticket = path.replace("{id}", &ids.ticket.to_string());
    let user = path.replace("{id}", &ids.user.to_string());
    let none = None;
    Some(match (method, path) {
        (
            "GET",
            "/health/live" | "/health/ready" | "/openapi.json" | "/agent/tickets" | "/customer/tickets"
            | "/admin/tickets" | "/admin/users",
        ) => (path.to_owned(), none),
        ("POST", "/login") => {
            (path.to_owned(), Some(json!({"email": "admin@example.com", "password": PASSWORD})))
        }
        ("GET", "/agent/tickets/{id}" | "/customer/tickets/{id}" | "/admin/tickets/{id}") => (ticket, none),
        ("GET", path) if path.ends_with("/tickets/{id}/comments") => (ticket, none),
        ("POST", path) if path.ends_with("/tickets/{id}/comments") => {
            (ticket, Some(json!({"body": "A comment"})))
        }
        ("PUT", "/agent/tickets/{id}") => (ticket, Some(json!({"status": "pending"}))),
        ("PUT", "/customer/tickets/{id}") => (ticket, Some(json!({"status": "closed"}))),
        ("PUT", "/admin/tickets/{id}") => (ticket, Some(json!({"assignee_id": ids.agent}))),
        ("POST", "/customer/tickets") => (path.to_owned(), Some(json!({"subject": "S", "description": "D"}))),
        ("POST", "/admin/users") => {
            let email = format!("case{}@example.com", ids.unique);
            (
                path.to_owned(),
                Some(json!({"email": email, "name": "N", "role": "customer", "password": PASSWORD})),
            )
        }
        ("GET", "/admin/users/{id}") => (user, none),
        ("PUT", "/admin/users/{id}") => (user, Some(json!({"name": "New"}))),
        _ => return None,
    })
}

/// Every operation of the document, in the order of paths and methods.
fn operations(document: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "delete", "patch"] {
            if item.get(method).is_some() {
                all.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    all.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    all
}

fn compare_with_snapshot(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(text, kept, "{name} differs: see the head of this test");
}

on_both_stores! {
    fn every_operation_answers_each_caller_as_the_snapshot_says(store) {
        let world = World::new(store);
        let customer = world.join("customer", "customer");
        let agent = world.join("agent", "agent");
        let (other_customer, other_agent) = (world.join("other-customer", "customer"), world.join("other-agent", "agent"));
        let subject = world.join("subject", "customer");
        let nobody = world.server.client();
        let late = nobody.with_token(&expired(world.admin.token().unwrap()));
        let of = |account: &Account| account.client.clone();
        let callers: [(&str, Client); 7] = [
            ("anonymous", nobody), ("expired", late), ("customer", of(&customer)), ("other customer", of(&other_customer)),
            ("agent", of(&agent)), ("other agent", of(&other_agent)), ("admin", of(&world.admin)),
        ];

        let document = world.server.client().get("/openapi.json").expect(200);
        let mut table = format!("{:<36}", "operation");
        for (name, _) in &callers {
            let _ = write!(table, "{name:>16}");
        }
        table.push('\n');
        let mut unique = 0;
        for (method, path) in operations(&document) {
            let _ = write!(table, "{:<36}", format!("{method} {path}"));
            for (name, client) in &callers {
                // Each cell has a ticket of its own: one caller's success must not change what the next one sees.
                let ticket = world.open_ticket(&customer, "A case");
                world.assign(ticket, &agent);
                unique += 1;
                let ids = Ids { ticket, user: subject.id, agent: agent.id, unique };
                let (path, body) = request(&method, &path, &ids).unwrap_or_else(|| panic!("{method} {path} has no case"));
                let body = body.map(|body| body.to_string());
                let headers: &[_] = if body.is_some() { &[("Content-Type", "application/json")] } else { &[] };
                let answer = client.send(&method, &path, headers, body.as_deref().map(str::as_bytes));
                assert!(answer.status < 500, "{name}: {method} {path}: {}", answer.text());
                let _ = write!(table, "{:>16}", answer.status);
            }
            table.push('\n');
        }
        compare_with_snapshot("authorisation.txt", &table);
    }
}
