//! Role × operation, walked from the OpenAPI document: an operation without a case fails, and so does a status that the document
//! does not list for its operation, since the clients compare every answer with it.
//!
//! The result is kept in `tests/snapshots/authorisation.txt`, to be read. After a change of the contract,
//! `UPDATE_SNAPSHOTS=1 cargo xtask test` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use helpdesk_tests::{Account, Client, PASSWORD, World, expired, on_both_stores};
use serde_json::{Value, json};

/// One cell of the table. What its request needs is made for it alone: one caller's success must not change what the next one
/// sees.
struct Case<'a> {
    world: &'a World,
    /// Who requested the ticket of the case, and whose session it is that a case ends.
    customer: &'a Account,
    /// To whom the ticket is assigned.
    agent: &'a Account,
    unique: usize,
}

impl Case<'_> {
    /// Makes something, and gives its id.
    fn made(&self, path: &str, body: &Value) -> i64 {
        self.world.admin.post(path, body).expect(201)["id"].as_i64().unwrap()
    }

    fn ticket(&self) -> i64 {
        let ticket = self.world.open_ticket(self.customer, "A case");
        self.world.assign(ticket, self.agent);
        ticket
    }

    fn email(&self) -> String {
        format!("case{}@example.com", self.unique)
    }

    /// An account that was invited: its id and its token.
    fn invited(&self) -> (i64, String) {
        let user = json!({"email": self.email(), "name": "N", "role": "customer"});
        let made = self.world.admin.post("/admin/users", &user).expect(201);
        (made["id"].as_i64().unwrap(), made["invitation"]["token"].as_str().unwrap().to_owned())
    }

    fn team(&self) -> i64 {
        self.made("/admin/teams", &json!({"name": format!("Team {}", self.unique)}))
    }

    /// A request that the right caller would succeed with.
    fn request(&self, method: &str, path: &str) -> Option<(String, Option<Value>)> {
        let with = |id: i64| path.replace("{id}", &id.to_string());
        let (plain, none) = (path.to_owned(), None);
        Some(match (method, path) {
            ("POST", "/logout")
            | (
                "GET",
                "/health/live"
                | "/health/ready"
                | "/openapi.json"
                | "/agent/tickets"
                | "/customer/tickets"
                | "/agent/queue"
                | "/meta/ticket-workflow"
                | "/admin/tickets"
                | "/admin/users"
                | "/admin/teams"
                | "/admin/audit"
                | "/admin/export/tickets"
                | "/me"
                | "/me/sessions",
            ) => (plain, none),
            ("POST", "/login") => (plain, Some(json!({"email": "admin@example.com", "password": PASSWORD}))),
            ("POST", "/token/refresh") => {
                let session = self.world.session(self.customer);
                (plain, Some(json!({"refresh_token": session.refresh_token})))
            }
            ("POST", "/invitations/accept") => {
                (plain, Some(json!({"token": self.invited().1, "password": PASSWORD})))
            }
            ("POST", "/register") => {
                (plain, Some(json!({"email": self.email(), "name": "N", "password": PASSWORD})))
            }
            ("PUT", "/me") => (plain, Some(json!({"name": "New"}))),
            // It ends the account's other sessions; the one that asks goes on, and the password stays what it was.
            ("PUT", "/me/password") => {
                (plain, Some(json!({"current_password": PASSWORD, "new_password": PASSWORD})))
            }
            ("DELETE", "/me/sessions/{id}") => {
                (path.replace("{id}", &self.world.session(self.customer).id()), none)
            }
            ("GET", "/agent/tickets/{id}" | "/customer/tickets/{id}" | "/admin/tickets/{id}") => {
                (with(self.ticket()), none)
            }
            ("GET", path)
                if path.ends_with("/tickets/{id}/comments") || path.ends_with("/tickets/{id}/history") =>
            {
                (with(self.ticket()), none)
            }
            // Of the default team, in which every agent is, and with nobody: any agent may take it.
            ("POST", "/agent/tickets/{id}/claim") => {
                (with(self.world.open_ticket(self.customer, "Queued")), none)
            }
            ("POST", "/agent/tickets/{id}/release") => (with(self.ticket()), none),
            ("POST", path) if path.ends_with("/tickets/{id}/comments") => {
                (with(self.ticket()), Some(json!({"body": "A comment"})))
            }
            // What the caller may not see stands in the result of each ticket.
            ("POST", "/agent/tickets/bulk" | "/admin/tickets/bulk") => {
                (plain, Some(json!({"ids": [self.ticket()], "change": {"status": "pending"}})))
            }
            ("PUT", "/agent/tickets/{id}") => (with(self.ticket()), Some(json!({"status": "pending"}))),
            ("PUT", "/customer/tickets/{id}") => (with(self.ticket()), Some(json!({"status": "closed"}))),
            ("PUT", "/admin/tickets/{id}") => {
                (with(self.ticket()), Some(json!({"assignee_id": self.agent.id, "team_id": self.team()})))
            }
            ("POST", "/customer/tickets") => (plain, Some(json!({"subject": "S", "description": "D"}))),
            ("POST", "/admin/users") => {
                (plain, Some(json!({"email": self.email(), "name": "N", "role": "customer"})))
            }
            ("GET", "/admin/users/{id}") => (with(self.customer.id), none),
            ("PUT", "/admin/users/{id}") => (with(self.customer.id), Some(json!({"name": "New"}))),
            ("POST", "/admin/users/{id}/password-reset") => (with(self.invited().0), none),
            ("POST", "/admin/teams") => (plain, Some(json!({"name": format!("New team {}", self.unique)}))),
            ("GET" | "DELETE", "/admin/teams/{id}") | ("GET", "/admin/teams/{id}/members") => {
                (with(self.team()), none)
            }
            ("PUT", "/admin/teams/{id}") => {
                (with(self.team()), Some(json!({"name": format!("New name {}", self.unique)})))
            }
            ("PUT" | "DELETE", "/admin/teams/{id}/members/{user_id}") => {
                (with(self.team()).replace("{user_id}", &self.agent.id.to_string()), none)
            }
            _ => return None,
        })
    }
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
        let settings = [("HELPDESK_REGISTRATION", "on"), ("HELPDESK_REGISTRATION_LIMIT", "off")];
        let world = World::with(store, &settings);
        let customer = world.join("customer", "customer");
        let agent = world.join("agent", "agent");
        let (other_customer, other_agent) = (world.join("other-customer", "customer"), world.join("other-agent", "agent"));
        let nobody = world.server.client();
        let late = nobody.with_token(&expired(world.admin.token().unwrap()));
                let callers: [(&str, (Client, Option<&Account>)); 7] = [
            ("anonymous", (nobody, None)), ("expired", (late, None)), ("customer", (customer.client.clone(), Some(&customer))), ("other customer", (other_customer.client.clone(), Some(&other_customer))),
            ("agent", (agent.client.clone(), Some(&agent))), ("other agent", (other_agent.client.clone(), Some(&other_agent))), ("admin", (world.admin.client.clone(), Some(&world.admin))),
        ];

        let document = world.server.client().get("/openapi.json").expect(200);
        let mut table = format!("{:<43}", "operation");
        for (name, _) in &callers {
            let _ = write!(table, "{name:>16}");
        }
        table.push('\n');
        let mut unique = 0;
        for (method, path) in operations(&document) {
            let _ = write!(table, "{:<43}", format!("{method} {path}"));
            for (name, (client, account)) in &callers {
                unique += 1;
                let case = Case { world: &world, customer: &customer, agent: &agent, unique };
                let (url, body) = case.request(&method, &path).unwrap_or_else(|| panic!("{method} {path} has no case"));
                let body = body.map(|body| body.to_string());
                let headers: &[_] = if body.is_some() { &[("Content-Type", "application/json")] } else { &[] };
                // Who signs out has a session for it.
                let client = match account {
                    Some(account) if path == "/logout" => world.session(account).client,
                    _ => client.clone(),
                };
                let answer = client.send(&method, &url, headers, body.as_deref().map(str::as_bytes));
                assert!(answer.status < 500, "{name}: {method} {path}: {}", answer.text());
                let _ = write!(table, "{:>16}", answer.status);
            }
            table.push('\n');
        }
        for account in [&customer, &agent, &other_customer, &other_agent, &world.admin] {
            account.get("/me").expect(200);
        }
        compare_with_snapshot("authorisation.txt", &table);
    }
}
