//! What the workflow says, the API does.

use helpdesk_tests::{World, on_both_stores};
use serde_json::{Value, json};

on_both_stores! {
    fn every_transition_is_as_the_workflow_says(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let workflow = ada.get("/meta/ticket-workflow").expect(200);
        for who in [&grace, &world.admin] {
            assert_eq!(who.get("/meta/ticket-workflow").expect(200), workflow);
        }
        let words = |value: &Value| -> Vec<String> {
            value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
        };
        let statuses = words(&workflow["statuses"]);
        assert_eq!(statuses, ["open", "in_progress", "pending", "resolved", "closed"]);
        assert_eq!(words(&workflow["priorities"]), ["low", "normal", "high", "urgent"]);
        let allowed = |role: &str, from: &str, to: &str| {
            workflow["transitions"].as_array().unwrap().iter()
                .any(|row| row["role"] == role && row["from"] == from && words(&row["to"]).iter().any(|word| word == to))
        };
        let brought_to = |status: &str| {
            let ticket = world.open_ticket(&ada, status);
            world.assign(ticket, &grace);
            if status != "open" {
                grace.put(&format!("/agent/tickets/{ticket}"), &json!({"status": status})).expect(200);
            }
            ticket
        };
        for (who, role) in [(&ada, "customer"), (&grace, "agent"), (&world.admin, "admin")] {
            for from in &statuses {
                for to in statuses.iter().filter(|to| *to != from) {
                    let ticket = brought_to(from);
                    let answer = who.put(&format!("/{role}/tickets/{ticket}"), &json!({"status": to}));
                    let is_allowed = allowed(role, from, to);
                    assert_eq!(answer.status == 200, is_allowed, "{role}: {from} to {to}: {}", answer.text());
                    if !is_allowed {
                        assert!([403, 409].contains(&answer.status), "{role}: {from} to {to}: {}", answer.text());
                    }
                    let now = world.admin.get(&format!("/admin/tickets/{ticket}")).expect(200)["status"].clone();
                    assert_eq!(&now, if is_allowed { to } else { from });
                }
            }
        }
        let reopened = words(&workflow["reopened_by_reply"]);
        for from in statuses.iter().filter(|status| *status != "closed") {
            let ticket = brought_to(from);
            ada.post(&format!("/customer/tickets/{ticket}/comments"), &json!({"body": "Reply"})).expect(201);
            let now = ada.get(&format!("/customer/tickets/{ticket}")).expect(200)["status"].clone();
            assert_eq!(now, if reopened.contains(from) { "open" } else { from.as_str() });
        }
    }
}
