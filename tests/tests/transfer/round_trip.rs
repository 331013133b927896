//! From one store to another, and back.

use std::collections::HashMap;

use helpdesk_tests::{Account, Client, PASSWORD, StoreKind, World, on_both_stores};
use serde_json::{Value, json};

use crate::{file, import, import_command, imported, name};

/// What the export says, line by line.
fn exported(admin: &Client) -> String {
    let answer = admin.get("/admin/export/tickets");
    assert_eq!(answer.status, 200);
    String::from_utf8(answer.body).unwrap()
}

/// The same without what differs from store to store: ids, and what the store is called.
fn without_ids(export: &str) -> Vec<Value> {
    let mut tickets = HashMap::new();
    let mut lines: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.remove(0)["kind"], "begin");
    for line in &mut lines {
        let nth = tickets.len();
        match line["kind"].as_str().unwrap() {
            "ticket" => {
                tickets.insert(line["id"].as_i64().unwrap(), nth);
                line["id"] = json!(nth);
                if let Some(first) = line["follow_up_of"].as_i64() {
                    line["follow_up_of"] = json!(tickets[&first]);
                }
            }
            "comment" => {
                line["id"] = json!(null);
                line["ticket_id"] = json!(tickets[&line["ticket_id"].as_i64().unwrap()]);
            }
            _ => assert_eq!(line["kind"], "end"),
        }
    }
    lines
}

/// Tickets in every status, with all that a ticket can have.
fn live(world: &World) {
    let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
    let (grace, gone) = (world.join("grace", "agent"), world.join("gone", "agent"));
    let night = world.team("Night");
    for (number, status) in ["open", "in_progress", "pending", "resolved", "closed"].into_iter().enumerate() {
        let customer = if number % 2 == 0 { &ada } else { &eve };
        let ticket = world.open_ticket(customer, &format!("{status} 🔥 \"quoted\" ünïcode = {number}"));
        world.assign(ticket, &grace);
        comment(&grace, "agent", ticket, &json!({"body": "Off and on?\r\n\"Really\"."}));
        comment(&grace, "agent", ticket, &json!({"body": "Arson?", "is_internal": true}));
        comment(customer, "customer", ticket, &json!({"body": "=1+1"}));
        comment(&world.admin, "admin", ticket, &json!({"body": "On it."}));
        let change = json!({"tags": ["vip", "fire"], "team_id": night, "priority": "urgent"});
        world.admin.put(&format!("/admin/tickets/{ticket}"), &change).expect(200);
        if status != "open" {
            world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"status": status})).expect(200);
        }
    }
    let reopened = world.open_ticket(&ada, "Reopened");
    world.admin.put(&format!("/admin/tickets/{reopened}"), &json!({"status": "resolved"})).expect(200);
    comment(&ada, "customer", reopened, &json!({"body": "Not at all."}));
    let closed = world.open_ticket(&ada, "Closed by its customer");
    world.assign(closed, &gone);
    ada.put(&format!("/customer/tickets/{closed}"), &json!({"status": "closed"})).expect(200);
    let follow_up = json!({"subject": "Again", "description": "And again.", "follow_up_of": closed});
    ada.post("/customer/tickets", &follow_up).expect(201);
    // A closed ticket keeps its agent, whatever becomes of the agent.
    world.admin.put(&format!("/admin/users/{}", gone.id), &json!({"is_active": false})).expect(200);
}

fn comment(by: &Account, role: &str, ticket: i64, body: &Value) {
    by.post(&format!("/{role}/tickets/{ticket}/comments"), body).expect(201);
}

/// Whoever was imported is invited, and goes on where they were.
fn customers_go_on(world: &World) {
    let users = world.admin.get("/admin/users?q=ada@example.com").expect(200);
    let ada = &users["data"][0];
    let reset = world.admin.send("POST", &format!("/admin/users/{}/password-reset", ada["id"]), &[], None);
    let invitation = reset.expect(200);
    let token = invitation["invitation"]["token"].as_str().unwrap_or_else(|| panic!("{invitation}"));
    let client = world.server.client();
    client.post("/invitations/accept", &json!({"token": token, "password": PASSWORD})).expect(200);
    let login = client.post("/login", &json!({"email": "ada@example.com", "password": PASSWORD})).expect(200);
    let ada = client.with_token(login["access_token"].as_str().unwrap());
    let tickets = ada.get("/customer/tickets?sort=created_at").expect(200)["data"].clone();
    assert_eq!(tickets.as_array().unwrap().len(), 6);
    let first = ada.get(&format!("/customer/tickets/{}", tickets[0]["id"])).expect(200);
    assert!(!first.to_string().contains("Arson") && !first.to_string().contains("vip"), "{first}");
    assert_eq!(first["comments"]["data"].as_array().unwrap().len(), 3);
    let history = ada.get(&format!("/customer/tickets/{}/history", tickets[0]["id"])).expect(200);
    let kinds: Vec<&str> =
        history["data"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds[0], "created");
    assert_eq!(kinds.iter().filter(|kind| **kind == "commented").count(), 3);
    let path = format!("/customer/tickets/{}/comments", tickets[0]["id"]);
    ada.post(&path, &json!({"body": "Still there?"})).expect(201);
}

on_both_stores! {
    fn what_is_moved_to_the_other_store_and_back_is_the_same(store) {
        let other = match store {
            StoreKind::Sqlite => StoreKind::Postgres,
            StoreKind::Postgres => StoreKind::Sqlite,
        };
        let world = World::new(store);
        live(&world);
        let export = exported(&world.admin);
        let lines = without_ids(&export);
        assert_eq!(lines.last().unwrap(), &json!({"kind": "end", "tickets": 8, "comments": 21}));
        drop(world);

        // Beside a running server, from a file.
        let moved = World::new(other);
        let path = file(&moved.database, &export);
        let output = import_command(&moved.database, &[name(&path)]).output().unwrap();
        let said = imported(&output);
        assert!(said.starts_with("Imported 8 tickets and 21 comments.\nMade 4 accounts and 1 team."), "{said}");
        let again = exported(&moved.admin);
        assert_eq!(without_ids(&again), lines);

        // Once more changes nothing.
        let output = import_command(&moved.database, &[name(&path)]).output().unwrap();
        let expected = "Imported 0 tickets and 0 comments; 8 tickets and 21 comments were there already.\n";
        assert_eq!(imported(&output), expected);
        assert_eq!(exported(&moved.admin), again);

        // And back, into a store of the first kind.
        let back = World::new(store);
        imported(&import(&back.database, &[], &again));
        assert_eq!(without_ids(&exported(&back.admin)), lines);
        customers_go_on(&back);
    }

    /// What came in since the last time is added, and what was done here meanwhile stays.
    fn a_later_export_adds_what_is_new(store) {
        let source = World::new(store);
        let ada = source.join("ada", "customer");
        let first = source.open_ticket(&ada, "First");
        let target = World::new(store);
        imported(&import(&target.database, &[], &exported(&source.admin)));
        let here = target.admin.get("/admin/tickets").expect(200)["data"][0]["id"].clone();
        target.admin.put(&format!("/admin/tickets/{here}"), &json!({"priority": "low"})).expect(200);

        comment(&ada, "customer", first, &json!({"body": "One more thing."}));
        source.admin.put(&format!("/admin/tickets/{first}"), &json!({"priority": "urgent"})).expect(200);
        source.open_ticket(&ada, "Second");
        let said = imported(&import(&target.database, &[], &exported(&source.admin)));
        assert_eq!(said, "Imported 1 ticket and 1 comment; 1 ticket and 0 comments were there already.\n");
        let tickets = target.admin.get("/admin/tickets?sort=created_at").expect(200);
        assert_eq!(tickets["data"].as_array().unwrap().len(), 2);
        assert_eq!(tickets["data"][0]["priority"], "low");
        let comments = target.admin.get(&format!("/admin/tickets/{here}/comments")).expect(200);
        assert_eq!(comments["data"][0]["body"], "One more thing.");
    }
}
