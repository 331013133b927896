//! What an admin does with accounts, and what becomes of an agent's tickets.

use helpdesk_tests::{Account, World, on_both_stores};
use serde_json::{Value, json};

use crate::{audit, texts};

/// The addresses of the accounts that a filter admits.
fn found(world: &World, query: &str) -> Vec<String> {
    texts(&world.admin.get(&format!("/admin/users?{query}")).expect(200), "email")
}

fn path(account: &Account) -> String {
    format!("/admin/users/{}", account.id)
}

on_both_stores! {
    fn accounts_are_found_by_role_activity_and_words(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        world.join("grace", "agent");
        world.join("adam", "agent");
        world.admin.put(&path(&ada), &json!({"is_active": false, "name": "Countess 100%_of \\ it"})).expect(200);
        let [admin, ada, adam, grace] = ["admin@example.com", "ada@example.com", "adam@example.com", "grace@example.com"];
        assert_eq!(found(&world, ""), [admin, ada, grace, adam]);
        assert_eq!(found(&world, "role=agent"), [grace, adam]);
        assert_eq!(found(&world, "role=customer"), [ada]);
        assert_eq!(found(&world, "is_active=false"), [ada]);
        assert_eq!(found(&world, "is_active=true&role=agent&q=ada"), [adam]);
        assert_eq!(found(&world, "q=ADA"), [ada, adam]);
        assert_eq!(found(&world, "q=countess"), [ada]);
        // What a pattern would take for a wildcard is a character like any other.
        for (text, hits) in [("100%25_of", 1), ("%25_", 1), ("%25", 1), ("_", 1), ("%5C", 1), ("%27", 0), ("a%25m", 0), ("a_am", 0)] {
            assert_eq!(found(&world, &format!("q={text}")).len(), hits, "{text}");
        }
        assert_eq!(found(&world, "role=admin&is_active=false"), Vec::<String>::new());

        // Page by page it is the same, and a cursor belongs to its filter.
        let first = world.admin.get("/admin/users?role=agent&limit=1").expect(200);
        let cursor = first["next_cursor"].as_str().unwrap();
        assert_eq!(found(&world, &format!("role=agent&limit=1&cursor={cursor}")), [adam]);
        assert_eq!(world.admin.get(&format!("/admin/users?role=customer&limit=1&cursor={cursor}")).problem(400), "invalid_cursor");
        for bad in ["role=boss", "role=", "is_active=1", "is_active=yes", "q=", "q=%00", "q=a&q=b", "sort=name", "email=x", &format!("q={}", "x".repeat(101))] {
            assert_eq!(world.admin.get(&format!("/admin/users?{bad}")).problem(400), "invalid_query", "{bad}");
        }
    }

    fn the_last_admin_stays_whatever_is_tried(store) {
        let world = World::new(store);
        world.join("grace", "agent");
        let own = path(&world.admin);
        for change in [json!({"role": "agent"}), json!({"is_active": false}), json!({"role": "customer", "is_active": false})] {
            assert_eq!(world.admin.put(&own, &change).problem(409), "last_admin", "{change}");
        }
        assert_eq!(world.admin.post_nothing(&format!("{own}/password-reset")).problem(409), "last_admin");
        // A disabled one is none who remains.
        let second = world.join("root", "admin");
        world.admin.put(&path(&second), &json!({"is_active": false})).expect(200);
        assert_eq!(world.admin.put(&own, &json!({"role": "agent"})).problem(409), "last_admin");
        world.admin.get("/me").expect(200);
        let kept = world.admin.get(&own).expect(200);
        assert_eq!((&kept["role"], &kept["is_active"], &kept["has_password"]), (&json!("admin"), &json!(true), &json!(true)));
        // What was refused left no trace.
        assert_eq!(audit(&world, "user_updated").len(), 1);
        assert!(audit(&world, "password_reset").is_empty());
    }

    fn an_agent_who_goes_gives_open_tickets_back_with_events_and_an_entry(store) {
        for change in [json!({"is_active": false}), json!({"role": "customer"})] {
            let world = World::new(store);
            let customer = world.join("ada", "customer");
            let (grace, edsger) = (world.join("grace", "agent"), world.join("edsger", "agent"));
            let team = world.team("Second line");
            let [open, pending, resolved, closed, other] =
                ["Open", "Pending", "Resolved", "Closed", "Other"].map(|subject| world.open_ticket(&customer, subject));
            for ticket in [open, pending, resolved, closed] {
                world.assign(ticket, &grace);
            }
            world.assign(other, &edsger);
            for (ticket, status) in [(pending, "pending"), (resolved, "resolved"), (closed, "closed")] {
                grace.put(&format!("/agent/tickets/{ticket}"), &json!({"status": status})).expect(200);
            }
            world.admin.put(&format!("/admin/tickets/{pending}"), &json!({"team_id": team})).expect(200);
            let seen = |ticket: i64| world.admin.get(&format!("/admin/tickets/{ticket}")).expect(200);
            let public = |ticket: i64| customer.get(&format!("/customer/tickets/{ticket}")).expect(200)["version"].as_i64().unwrap();
            let before: Vec<(i64, Value, i64)> =
                [open, pending, resolved, closed, other].map(|id| (id, seen(id), public(id))).into();

            world.admin.put(&path(&grace), &change).expect(200);

            for (id, old, old_public) in before {
                let new = seen(id);
                let is_given_back = [open, pending, resolved].contains(&id);
                assert_eq!(new["assignee"] == Value::Null, is_given_back, "{id}: {new}");
                assert_eq!((&new["status"], &new["team"]), (&old["status"], &old["team"]), "{id}: its team has it");
                let steps = i64::from(is_given_back);
                assert_eq!(new["version"].as_i64().unwrap(), old["version"].as_i64().unwrap() + steps);
                assert_eq!(public(id), old_public + steps, "that nobody has it now is the customer's to see");
                let events = format!(
                    "ticket_events WHERE ticket_id = {id} AND version = {} AND actor_id = {}", new["version"], world.admin.id
                );
                if is_given_back {
                    assert_eq!(world.database.count(&events), 1, "the event says who did it");
                }
            }
            grace.get("/agent/tickets").expect_dead_token();
            assert_eq!(edsger.get("/agent/tickets").expect(200)["data"].as_array().unwrap().len(), 1);
            let entries = audit(&world, "user_updated");
            assert_eq!((entries.len(), &entries[0]["subject"]["id"]), (1, &json!(grace.id)));
            // Nothing can be assigned to her any more.
            let refused = world.admin.put(&format!("/admin/tickets/{open}"), &json!({"assignee_id": grace.id}));
            assert_eq!(refused.fault(), ("assignee_id".to_owned(), "not_assignable".to_owned()));
        }
    }

    fn what_changes_nothing_leaves_no_trace(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let session = world.session(&ada);
        let before = world.admin.get(&path(&ada)).expect(200);
        let same = json!({"name": "ada", "role": "customer", "is_active": true});
        assert_eq!(world.admin.put(&path(&ada), &same).expect(200), before);
        session.assert_alive();
        assert!(audit(&world, "user_updated").is_empty());
        assert_eq!(world.admin.put(&path(&ada), &json!({})).problem(422), "validation_failed");
        assert_eq!(world.admin.put("/admin/users/99999", &same).problem(404), "not_found");
        assert_eq!(world.admin.post_nothing("/admin/users/99999/password-reset").problem(404), "not_found");
    }

    fn an_agents_teams_are_given_with_the_account(store) {
        let world = World::new(store);
        let (second, third) = (world.team("Second line"), world.team("Third line"));
        let create = |email: &str, role: &str, teams: Value| {
            let mut user = json!({"email": format!("{email}@example.com"), "name": email, "role": role});
            if teams != Value::Null {
                user["team_ids"] = teams;
            }
            world.admin.post("/admin/users", &user)
        };
        let members = |team: i64| texts(&world.admin.get(&format!("/admin/teams/{team}/members")).expect(200), "name");
        create("usual", "agent", Value::Null).expect(201);
        create("chosen", "agent", json!([second, third])).expect(201);
        create("none", "agent", json!([])).expect(201);
        create("customer", "customer", Value::Null).expect(201);
        assert_eq!((members(1), members(second), members(third)), (vec!["usual".to_owned()], vec!["chosen".to_owned()], vec!["chosen".to_owned()]));
        let fault = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        for teams in [json!([second]), json!([])] {
            assert_eq!(create("x", "customer", teams).fault(), fault("team_ids", "not_an_agent"));
        }
        for unknown in [json!([99_999]), json!([second, 99_999]), json!([0]), json!([-1])] {
            assert_eq!(create("x", "agent", unknown).fault(), fault("team_ids", "unknown_team"));
        }
        for wrong in [json!("1"), json!(1), json!(["1"]), json!([null])] {
            assert_eq!(create("x", "agent", wrong).problem(400), "invalid_body");
        }
        // The same one twice is in it once.
        create("twice", "agent", json!([second, second])).expect(201);
        assert_eq!(members(second), ["chosen", "twice"]);
        assert_eq!(found(&world, "q=x@").len(), 0);
    }

    fn who_becomes_an_agent_joins_a_team_and_who_stops_leaves_all(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let second = world.team("Second line");
        let is_member = |team: i64| {
            texts(&world.admin.get(&format!("/admin/teams/{team}/members")).expect(200), "email").contains(&ada.email)
        };
        world.admin.put(&path(&ada), &json!({"role": "agent"})).expect(200);
        assert!(is_member(1) && !is_member(second));
        world.admin.send("PUT", &format!("/admin/teams/{second}/members/{}", ada.id), &[], None).expect_nothing();
        // Who is only away for a while stays where it was.
        for is_active in [false, true] {
            world.admin.put(&path(&ada), &json!({"is_active": is_active})).expect(200);
            assert!(is_member(1) && is_member(second));
        }
        world.admin.put(&path(&ada), &json!({"role": "admin"})).expect(200);
        assert!(!is_member(1) && !is_member(second));
    }
}
