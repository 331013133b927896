//! Nothing that is written internally changes one byte of what a customer can observe.

use helpdesk_tests::{Account, Answer, World, on_both_stores};
use serde_json::json;

const CANARY: &str = "canary-kumquat";

/// All that a customer can read, of everything and of one ticket.
fn readable(ticket: i64) -> Vec<String> {
    let mut paths =
        vec![format!("/customer/tickets/{ticket}"), format!("/customer/tickets/{ticket}/comments")];
    for sort in ["updated_at", "-updated_at", "created_at", "-created_at"] {
        paths.push(format!("/customer/tickets?sort={sort}"));
        paths.push(format!("/customer/tickets?sort={sort}&limit=1"));
    }
    paths
}

fn look(customer: &Account, ticket: i64) -> Vec<(String, Answer)> {
    readable(ticket).into_iter().map(|path| (path.clone(), customer.get(&path))).collect()
}

fn assert_same(before: &[(String, Answer)], after: &[(String, Answer)]) {
    for ((path, before), (_, after)) in before.iter().zip(after) {
        assert_eq!(before.comparable(), after.comparable(), "{path}");
        assert!(!after.text().contains(CANARY), "{path}");
    }
}

on_both_stores! {
    fn internal_work_changes_no_byte_for_the_customer(store) {
        let world = World::new(store);
        let agent = world.join("grace", "agent");
        let customer = world.join("ada", "customer");
        let tickets: Vec<i64> = (0..3).map(|n| world.open_ticket(&customer, &format!("Ticket {n}"))).collect();
        for &ticket in &tickets {
            world.assign(ticket, &agent);
            agent.post(&format!("/agent/tickets/{ticket}/comments"), &json!({"body": "Hello"})).expect(201);
        }

        // Internal work on the oldest one, which must not rise in the list, nor show in any other way.
        let ticket = tickets[0];
        let before = look(&customer, ticket);
        for n in 0..3 {
            let note = json!({"body": format!("{CANARY} {n}"), "is_internal": true});
            agent.post(&format!("/agent/tickets/{ticket}/comments"), &note).expect(201);
        }
        agent.put(&format!("/agent/tickets/{ticket}"), &json!({"tags": [CANARY]})).expect(200);
        world.admin.post(&format!("/admin/tickets/{ticket}/comments"), &json!({"body": CANARY, "is_internal": true})).expect(201);
        assert_same(&before, &look(&customer, ticket));

        // Staff sees it all.
        let seen = agent.get(&format!("/agent/tickets/{ticket}")).expect(200);
        assert_eq!(seen["comments"]["data"].as_array().unwrap().len(), 5);
        assert_eq!(seen["tags"], json!([CANARY]));

        // Not even the ids of what is written next tell of it: they are as far apart as without the internal ones.
        let next = |ticket: i64| {
            let path = format!("/customer/tickets/{ticket}/comments");
            customer.post(&path, &json!({"body": "And now?"})).expect(201)["id"].as_i64().unwrap()
        };
        let first = next(ticket);
        for n in 0..2 {
            let note = json!({"body": format!("{CANARY} {n}"), "is_internal": true});
            agent.post(&format!("/agent/tickets/{ticket}/comments"), &note).expect(201);
        }
        assert_eq!(next(ticket), first + 2);

        // A change of both kinds shows its public half alone.
        let version = |answer: &serde_json::Value| answer["version"].as_i64().unwrap();
        let before = customer.get(&format!("/customer/tickets/{ticket}")).expect(200);
        agent.put(&format!("/agent/tickets/{ticket}"), &json!({"tags": [], "priority": "low"})).expect(200);
        let after = customer.get(&format!("/customer/tickets/{ticket}")).expect(200);
        assert_eq!(version(&after), version(&before) + 1);
        assert_eq!(after["priority"], "low");
    }

    /// Two customers with like tickets, one of them worked on internally: a crawl page by page looks the same.
    fn a_twin_without_internal_work_looks_the_same(store) {
        let world = World::new(store);
        let agent = world.join("grace", "agent");
        let customer = world.join("ada", "customer");
        let (worked, left) = (world.open_ticket(&customer, "Twin"), world.open_ticket(&customer, "Twin"));
        for ticket in [worked, left] {
            world.assign(ticket, &agent);
        }
        for n in 0..30 {
            let note = json!({"body": format!("{CANARY} {n}"), "is_internal": true});
            agent.post(&format!("/agent/tickets/{worked}/comments"), &note).expect(201);
        }
        for ticket in [worked, left] {
            for n in 0..3 {
                agent.post(&format!("/agent/tickets/{ticket}/comments"), &json!({"body": format!("Answer {n}")})).expect(201);
            }
        }
        // What differs of right: ids, times, and with them cursors.
        let blur = |ticket: i64| {
            let seen = customer.get(&format!("/customer/tickets/{ticket}")).expect(200);
            let comments = seen["comments"]["data"].as_array().unwrap();
            let words: Vec<_> = comments.iter().map(|comment| comment["body"].clone()).collect();
            let page = customer.get(&format!("/customer/tickets/{ticket}/comments?limit=2")).expect(200);
            (seen["version"].clone(), words, seen["comments"]["next_cursor"].clone(), page["data"].as_array().unwrap().len())
        };
        assert_eq!(blur(worked), blur(left));
    }
}
