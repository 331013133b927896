//! The main job: a ticket from sign-in to closure.

use helpdesk_tests::{World, on_both_stores};
use serde_json::{Value, json};

/// The words of a page's comments.
fn bodies(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|comment| comment["body"].as_str().unwrap()).collect()
}

on_both_stores! {
    fn a_ticket_lives_from_opening_to_closing(store) {
        let world = World::new(store);
        let agent = world.join("grace", "agent");
        let customer = world.join("ada", "customer");

        // The customer opens it.
        let new = json!({"subject": "  Printer on fire ", "description": "It really is.", "priority": "HIGH"});
        let answer = customer.post("/customer/tickets", &new);
        let opened = answer.expect(201);
        let id = opened["id"].as_i64().unwrap();
        assert_eq!(answer.header("location"), Some(format!("/customer/tickets/{id}").as_str()));
        assert_eq!(opened["subject"], "Printer on fire");
        assert_eq!((&opened["status"], &opened["priority"]), (&json!("open"), &json!("high")));
        assert_eq!(opened["requester"], json!({"id": customer.id, "name": "ada", "email": "ada@example.com"}));
        assert_eq!(opened["assignee"], Value::Null);
        assert_eq!(opened["version"], 1);
        assert_eq!(opened["comments"], json!({"data": [], "next_cursor": null}));
        for internal in ["tags", "team"] {
            assert!(opened.get(internal).is_none(), "{internal} in {opened}");
        }

        // Nobody works it yet: the agent does not see it, the admin does.
        let path = format!("/agent/tickets/{id}");
        assert_eq!(agent.get(&path).problem(404), "not_found");
        assert_eq!(agent.get("/agent/tickets").expect(200)["data"], json!([]));
        let seen = world.admin.get(&format!("/admin/tickets/{id}")).expect(200);
        assert_eq!(seen["team"]["name"], "Support");
        assert_eq!(seen["tags"], json!([]));

        // The admin assigns it; the agent sees it with the requester's name and e-mail.
        let assigned = world.assign(id, &agent);
        assert_eq!(assigned["assignee"], json!({"id": agent.id, "name": "grace"}));
        let seen = agent.get(&path).expect(200);
        assert_eq!(seen["requester"], json!({"id": customer.id, "name": "ada", "email": "ada@example.com"}));
        assert_eq!(agent.get("/agent/tickets").expect(200)["data"][0]["id"], id);
        let customers = customer.get(&format!("/customer/tickets/{id}")).expect(200);
        assert_eq!(customers["assignee"], json!({"name": "grace"}));

        // The agent works it: status, priority, an internal and a public comment.
        let worked = agent.put(&path, &json!({"status": "In Progress", "priority": "urgent"})).expect(200);
        assert_eq!((&worked["status"], &worked["priority"]), (&json!("in_progress"), &json!("urgent")));
        let comments = format!("{path}/comments");
        let note = agent.post(&comments, &json!({"body": "Arson?", "is_internal": true})).expect(201);
        assert_eq!(note["is_internal"], true);
        let answer = agent.post(&comments, &json!({"body": "Please pour water on it."})).expect(201);
        assert_eq!(answer["is_internal"], false);
        assert_eq!(answer["author"], json!({"id": agent.id, "name": "grace", "role": "agent"}));
        assert_eq!(bodies(&agent.get(&comments).expect(200)), ["Arson?", "Please pour water on it."]);
        assert!(agent.get(&path).expect(200)["first_responded_at"].is_string());
        agent.put(&path, &json!({"status": "resolved"})).expect(200);

        // The customer sees the public part, and reopens it by answering.
        let mine = format!("/customer/tickets/{id}");
        let seen = customer.get(&mine).expect(200);
        assert_eq!((&seen["status"], seen["resolved_at"].is_string()), (&json!("resolved"), true));
        assert_eq!(bodies(&seen["comments"]), ["Please pour water on it."]);
        let reply = customer.post(&format!("{mine}/comments"), &json!({"body": "Still burning.", "is_internal": false}));
        assert!(reply.expect(201).get("is_internal").is_none());
        let seen = customer.get(&mine).expect(200);
        assert_eq!((&seen["status"], &seen["reopen_count"], &seen["resolved_at"]), (&json!("open"), &json!(1), &Value::Null));

        // It closes it, which is final for everyone but an admin.
        let closed = customer.put(&mine, &json!({"status": "closed"})).expect(200);
        assert_eq!(closed["status"], "closed");
        let again = customer.put(&mine, &json!({"status": "Closed"})).expect(200);
        assert_eq!(again, closed, "closing twice changes nothing");
        assert_eq!(customer.post(&format!("{mine}/comments"), &json!({"body": "x"})).problem(409), "ticket_closed");
        assert_eq!(agent.post(&comments, &json!({"body": "x", "is_internal": true})).problem(409), "ticket_closed");
        assert_eq!(agent.put(&path, &json!({"status": "open"})).problem(409), "ticket_closed");
        assert_eq!(agent.put(&path, &json!({"priority": "low"})).problem(409), "ticket_closed");
        let reopened = world.admin.put(&format!("/admin/tickets/{id}"), &json!({"status": "open"})).expect(200);
        assert_eq!((&reopened["status"], &reopened["closed_at"]), (&json!("open"), &Value::Null));
        let all = world.admin.get(&format!("/admin/tickets/{id}/comments")).expect(200);
        assert_eq!(bodies(&all), ["Arson?", "Please pour water on it.", "Still burning."]);
    }

    fn a_customer_may_close_and_nothing_else(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let id = world.open_ticket(&customer, "Mine");
        let path = format!("/customer/tickets/{id}");

        assert_eq!(customer.put(&path, &json!({"status": "resolved"})).problem(403), "not_permitted");
        assert_eq!(customer.put(&path, &json!({"status": "open"})).problem(403), "not_permitted");
        assert_eq!(customer.put(&path, &json!({"priority": "low"})).status, 400);
        assert_eq!(customer.put(&path, &json!({})).problem(422), "validation_failed");
        let refused = customer.post(&format!("{path}/comments"), &json!({"body": "x", "is_internal": true}));
        assert_eq!(refused.problem(422), "validation_failed");
        assert_eq!(refused.json()["errors"][0]["field"], "is_internal");
        let seen = customer.get(&path).expect(200);
        assert_eq!((&seen["version"], &seen["comments"]["data"]), (&json!(1), &json!([])), "nothing was written");
    }

    fn others_tickets_do_not_exist(store) {
        let world = World::new(store);
        let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
        let (grace, mallory) = (world.join("grace", "agent"), world.join("mallory", "agent"));
        let id = world.open_ticket(&ada, "Private");
        world.assign(id, &grace);

        for suffix in ["", "/comments"] {
            let theirs = eve.get(&format!("/customer/tickets/{id}{suffix}"));
            let absent = eve.get(&format!("/customer/tickets/{}{suffix}", id + 1000));
            assert_eq!(theirs.problem(404), "not_found");
            assert_eq!(theirs.comparable(), absent.comparable());
            let unassigned = mallory.get(&format!("/agent/tickets/{id}{suffix}"));
            assert_eq!(unassigned.problem(404), "not_found");
        }
        let comment = json!({"body": "x"});
        let theirs = eve.post(&format!("/customer/tickets/{id}/comments"), &comment);
        assert_eq!(theirs.comparable(), eve.post("/customer/tickets/99999/comments", &comment).comparable());
        let close = json!({"status": "closed"});
        let theirs = eve.put(&format!("/customer/tickets/{id}"), &close);
        assert_eq!(theirs.comparable(), eve.put("/customer/tickets/99999", &close).comparable());
        assert_eq!(theirs.problem(404), "not_found");
        assert_eq!(mallory.put(&format!("/agent/tickets/{id}"), &close).problem(404), "not_found");
        assert_eq!(eve.get("/customer/tickets").expect(200)["data"], json!([]));

        // Reassigned: gone for the one on the very next call, there for the other.
        world.assign(id, &mallory);
        assert_eq!(grace.get(&format!("/agent/tickets/{id}")).problem(404), "not_found");
        assert_eq!(mallory.get(&format!("/agent/tickets/{id}")).expect(200)["id"], id);
        assert_eq!(ada.get(&format!("/customer/tickets/{id}")).expect(200)["status"], "open");
    }

    fn only_an_active_agent_can_be_assigned(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let agent = world.join("grace", "agent");
        let id = world.open_ticket(&customer, "Whose?");
        let path = format!("/admin/tickets/{id}");
        let refused = |assignee: i64| {
            let answer = world.admin.put(&path, &json!({"assignee_id": assignee}));
            assert_eq!(answer.problem(422), "validation_failed");
            assert_eq!(answer.json()["errors"][0]["field"], "assignee_id");
            answer.comparable()
        };
        // What is wrong with it is not said.
        assert_eq!(refused(customer.id), refused(99_999));
        assert_eq!(refused(world.admin.id), refused(99_999));

        // A disabled agent's tickets go back, and it gets no new ones.
        world.assign(id, &agent);
        world.admin.put(&format!("/admin/users/{}", agent.id), &json!({"is_active": false})).expect(200);
        assert_eq!(world.admin.get(&path).expect(200)["assignee"], Value::Null);
        refused(agent.id);
        assert_eq!(agent.get("/agent/tickets").problem(401), "invalid_token");

        // Nor does one that was closed come back to it when it is reopened.
        world.admin.put(&format!("/admin/users/{}", agent.id), &json!({"is_active": true})).expect(200);
        world.assign(id, &agent);
        world.admin.put(&path, &json!({"status": "closed"})).expect(200);
        world.admin.put(&format!("/admin/users/{}", agent.id), &json!({"is_active": false})).expect(200);
        let reopened = world.admin.put(&path, &json!({"status": "open"})).expect(200);
        assert_eq!((&reopened["status"], &reopened["assignee"]), (&json!("open"), &Value::Null));

        // By hand it can be taken away as well.
        world.admin.put(&format!("/admin/users/{}", agent.id), &json!({"is_active": true})).expect(200);
        world.assign(id, &agent);
        let freed = world.admin.put(&path, &json!({"assignee_id": null})).expect(200);
        assert_eq!(freed["assignee"], Value::Null);
    }
}
