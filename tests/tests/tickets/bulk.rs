//! The same change of several tickets.

use helpdesk_tests::{Account, World, on_both_stores};
use serde_json::{Value, json};

use crate::times;

fn bulk(by: &Account, group: &str, ids: &[i64], change: &Value) -> Vec<Value> {
    let answer =
        by.post(&format!("/{group}/tickets/bulk"), &json!({"ids": ids, "change": change})).expect(200);
    answer["results"].as_array().expect("results").clone()
}

fn statuses(results: &[Value]) -> Vec<i64> {
    results.iter().map(|result| result["status"].as_i64().expect("a status")).collect()
}

on_both_stores! {
    fn each_ticket_is_changed_or_told_why_not(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let tickets: Vec<i64> = (0..4).map(|n| world.open_ticket(&ada, &format!("Ticket {n}"))).collect();
        for ticket in &tickets[..3] {
            world.assign(*ticket, &grace);
        }
        grace.put(&format!("/agent/tickets/{}", tickets[1]), &json!({"status": "closed"})).expect(200);
        grace.put(&format!("/agent/tickets/{}", tickets[2]), &json!({"status": "pending", "priority": "high"})).expect(200);
        let before = grace.get(&format!("/agent/tickets/{}", tickets[2])).expect(200);

        let ids = [tickets[3], tickets[2], tickets[1], tickets[0], 99_999];
        let results = bulk(&grace, "agent", &ids, &json!({"status": "Pending", "priority": "high"}));
        assert_eq!(statuses(&results), [404, 200, 409, 200, 404]);
        assert_eq!(results.iter().map(|result| result["id"].as_i64().unwrap()).collect::<Vec<_>>(), ids);
        assert_eq!(results[2]["problem"]["code"], "ticket_closed");
        assert_eq!(results[1]["ticket"]["version"], before["version"], "nothing was to be changed");
        let mut read = grace.get(&format!("/agent/tickets/{}", tickets[0])).expect(200);
        read.as_object_mut().unwrap().remove("comments");
        assert_eq!(results[3]["ticket"], read, "what is told is what is there");
        assert_eq!((&read["status"], &read["priority"]), (&json!("pending"), &json!("high")));
        let history = grace.get(&format!("/agent/tickets/{}/history", tickets[0])).expect(200);
        let last = history["data"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["actor"]["name"], &last["kind"]), (&json!("grace"), &json!("updated")));
        assert_eq!(ada.get(&format!("/customer/tickets/{}", tickets[3])).expect(200)["status"], "open");

        // An admin sees them all, assigns them in one go, and reopens what is closed.
        let results = bulk(&world.admin, "admin", &tickets, &json!({"status": "open"}));
        assert_eq!(statuses(&results), [200; 4]);
        let alan = world.join("alan", "agent");
        let team = world.team("Second line");
        let results = bulk(&world.admin, "admin", &tickets, &json!({"assignee_id": alan.id, "team_id": team}));
        assert_eq!(statuses(&results), [200; 4]);
        for result in &results {
            assert_eq!(result["ticket"]["assignee"], json!({"id": alan.id, "name": "alan"}));
            assert_eq!(result["ticket"]["team"], json!({"id": team, "name": "Second line"}));
        }
        assert_eq!(statuses(&bulk(&grace, "agent", &tickets, &json!({"status": "pending"}))), [404; 4]);
        assert_eq!(statuses(&bulk(&alan, "agent", &tickets, &json!({"status": "pending"}))), [200; 4]);
    }

    /// Not to the byte, but for the number that was sent.
    fn nobody_learns_which_tickets_there_are(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let mallory = world.join("mallory", "agent");
        let (assigned, queued) = (world.open_ticket(&ada, "Assigned"), world.open_ticket(&ada, "Queued"));
        world.assign(assigned, &grace);
        let before = world.admin.get(&format!("/admin/tickets/{assigned}")).comparable();
        for change in [json!({"status": "closed"}), json!({"tags": ["mine"]}), json!({"priority": "low"})] {
            let told = |id: i64| {
                let body = json!({"ids": [id], "change": change});
                let answer = mallory.post("/agent/tickets/bulk", &body);
                answer.expect(200);
                let length = answer.body.len() - id.to_string().len();
                let id = format!("\"id\":{id},");
                (answer.text().replace(&id, "\"id\":<id>,"), length)
            };
            let absent = told(99_999);
            for id in [assigned, queued, 0, -1, i64::MAX] {
                assert_eq!(told(id), absent, "{id}: {change}");
            }
        }
        assert_eq!(world.admin.get(&format!("/admin/tickets/{assigned}")).comparable(), before, "nothing was written");
    }

    /// A hundred of them, in any order, by several at once and one by one: each change is made, and none is made by halves.
    fn many_at_once_all_come_through(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let mut tickets: Vec<i64> = (0..100).map(|n| world.open_ticket(&ada, &format!("Ticket {n}"))).collect();
        bulk(&world.admin, "admin", &tickets, &json!({"assignee_id": grace.id}));
        let forwards = tickets.clone();
        tickets.reverse();
        let answers = times(6, |number| match number {
            0 | 1 => statuses(&bulk(&grace, "agent", &forwards, &json!({"tags": [format!("grace-{number}")]}))),
            2 | 3 => statuses(&bulk(&world.admin, "admin", &tickets, &json!({"tags": [format!("admin-{number}")]}))),
            _ => tickets.iter().take(30).map(|ticket| {
                let note = json!({"body": "Note", "is_internal": true});
                i64::from(grace.post(&format!("/agent/tickets/{ticket}/comments"), &note).status)
            }).collect(),
        });
        for (number, statuses) in answers.iter().enumerate() {
            let expected = if number < 4 { vec![200; 100] } else { vec![201; 30] };
            assert_eq!(statuses, &expected, "{number}");
        }
        for (place, ticket) in tickets.iter().enumerate() {
            let read = grace.get(&format!("/agent/tickets/{ticket}")).expect(200);
            assert_eq!(read["version"], if place < 30 { 8 } else { 6 }, "{read}");
        }
    }
}
