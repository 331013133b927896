//! Teams and their members, and the tickets that are theirs.

use helpdesk_tests::{Answer, World, on_both_stores};
use serde_json::{Value, json};

use crate::{audit, texts};

fn put_member(world: &World, team: i64, user: i64) -> Answer {
    world.admin.send("PUT", &format!("/admin/teams/{team}/members/{user}"), &[], None)
}

fn members(world: &World, team: i64) -> Vec<String> {
    texts(&world.admin.get(&format!("/admin/teams/{team}/members")).expect(200), "name")
}

on_both_stores! {
    fn a_team_is_made_renamed_and_deleted(store) {
        let world = World::new(store);
        let answer = world.admin.post("/admin/teams", &json!({"name": "  Second line "}));
        let team = answer.expect(201);
        let path = format!("/admin/teams/{}", team["id"]);
        assert_eq!(answer.header("location"), Some(path.as_str()));
        assert_eq!((&team["name"], &team["is_default"]), (&json!("Second line"), &json!(false)));
        assert_eq!(world.admin.get(&path).expect(200), team);
        let renamed = world.admin.put(&path, &json!({"name": "Third line"})).expect(200);
        assert_eq!((&renamed["id"], &renamed["name"]), (&team["id"], &json!("Third line")));
        assert_eq!(world.admin.put(&path, &json!({"name": "Third line"})).expect(200), renamed);
        assert_eq!(texts(&world.admin.get("/admin/teams").expect(200), "name"), ["Support", "Third line"]);

        for name in ["Support", "Third line"] {
            assert_eq!(world.admin.post("/admin/teams", &json!({"name": name})).problem(409), "team_name_taken");
        }
        assert_eq!(world.admin.put(&path, &json!({"name": "Support"})).problem(409), "team_name_taken");
        for bad in ["", " ", &"x".repeat(101), "a\0b"] {
            assert_eq!(world.admin.post("/admin/teams", &json!({"name": bad})).fault().0, "name");
            assert_eq!(world.admin.put(&path, &json!({"name": bad})).fault().0, "name");
        }
        assert_eq!(world.admin.put(&path, &json!({})).problem(422), "validation_failed");
        assert_eq!(world.admin.post("/admin/teams", &json!({"name": "N", "is_default": true})).problem(400), "invalid_body");

        world.admin.delete(&path).expect_nothing();
        assert_eq!(world.admin.get(&path).problem(404), "not_found");
        assert_eq!(world.admin.delete(&path).problem(404), "not_found");
        assert_eq!(world.admin.put(&path, &json!({"name": "N"})).problem(404), "not_found");
        assert_eq!(world.admin.get(&format!("{path}/members")).problem(404), "not_found");
        for (kind, count) in [("team_created", 1), ("team_renamed", 1), ("team_deleted", 1)] {
            assert_eq!(audit(&world, kind).len(), count, "{kind}");
        }
    }

    fn the_default_team_may_be_renamed_and_stays(store) {
        let world = World::new(store);
        assert_eq!(world.admin.delete("/admin/teams/1").problem(409), "default_team");
        let renamed = world.admin.put("/admin/teams/1", &json!({"name": "First line"})).expect(200);
        assert_eq!(renamed, json!({"id": 1, "name": "First line", "is_default": true}));
        let customer = world.join("ada", "customer");
        let ticket = world.open_ticket(&customer, "T");
        assert_eq!(world.admin.get(&format!("/admin/tickets/{ticket}")).expect(200)["team"], json!({"id": 1, "name": "First line"}));
        world.join("grace", "agent");
        assert_eq!(members(&world, 1), ["grace"]);
        assert_eq!(world.admin.delete("/admin/teams/1").problem(409), "default_team");
    }

    fn agents_join_and_leave_and_nobody_else(store) {
        let world = World::new(store);
        let (grace, ada) = (world.join("grace", "agent"), world.join("ada", "customer"));
        let team = world.team("Second line");
        for _ in 0..2 {
            put_member(&world, team, grace.id).expect_nothing();
            assert_eq!(members(&world, team), ["grace"]);
        }
        for other in [ada.id, world.admin.id] {
            assert_eq!(put_member(&world, team, other).fault(), ("user_id".to_owned(), "not_an_agent".to_owned()));
        }
        assert_eq!(put_member(&world, team, 99_999).problem(404), "not_found");
        assert_eq!(put_member(&world, 99_999, grace.id).problem(404), "not_found");
        for path in [format!("/admin/teams/{team}/members/0"), format!("/admin/teams/x/members/{}", grace.id), format!("/admin/teams/{team}/members/9007199254740992")] {
            assert_eq!(world.admin.send("PUT", &path, &[], None).problem(404), "not_found", "{path}");
        }
        for _ in 0..2 {
            world.admin.delete(&format!("/admin/teams/{team}/members/{}", grace.id)).expect_nothing();
            assert_eq!(members(&world, team), Vec::<String>::new());
        }
        // Twice the same is one change.
        assert_eq!(audit(&world, "team_member_added").len(), 1);
        let left = audit(&world, "team_member_removed");
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["changes"], json!([{"field": "member_id", "from": grace.id, "to": null}]));
        assert_eq!(left[0]["subject"], json!({"kind": "team", "id": team, "label": "Second line"}));
    }

    fn members_are_listed_page_by_page(store) {
        let world = World::new(store);
        for name in ["a-agent", "b-agent", "c-agent"] {
            world.join(name, "agent");
        }
        let team = world.team("Second line");
        let first = world.admin.get("/admin/teams/1/members?limit=2").expect(200);
        assert_eq!(texts(&first, "name"), ["a-agent", "b-agent"]);
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = world.admin.get(&format!("/admin/teams/1/members?limit=2&cursor={cursor}")).expect(200);
        assert_eq!((texts(&second, "name"), &second["next_cursor"]), (vec!["c-agent".to_owned()], &Value::Null));
        let other = world.admin.get(&format!("/admin/teams/{team}/members?limit=2&cursor={cursor}"));
        assert_eq!(other.problem(400), "invalid_cursor");
        assert!(first["data"][0].get("password_hash").is_none() && first["data"][0]["role"] == "agent");
    }

    fn a_team_with_tickets_or_members_is_not_deleted(store) {
        let world = World::new(store);
        let (customer, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let team = world.team("Second line");
        let path = format!("/admin/teams/{team}");
        put_member(&world, team, grace.id).expect_nothing();
        assert_eq!(world.admin.delete(&path).problem(409), "team_not_empty");
        world.admin.delete(&format!("{path}/members/{}", grace.id)).expect_nothing();
        let ticket = world.open_ticket(&customer, "T");
        let move_to = |team: i64| world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"team_id": team}));
        assert_eq!(move_to(team).expect(200)["team"], json!({"id": team, "name": "Second line"}));
        assert_eq!(world.admin.delete(&path).problem(409), "team_not_empty");
        // A closed ticket is still the team's.
        world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"status": "closed"})).expect(200);
        assert_eq!(world.admin.delete(&path).problem(409), "team_not_empty");
        let other = world.open_ticket(&customer, "U");
        world.admin.put(&format!("/admin/tickets/{other}"), &json!({"team_id": team})).expect(200);
        world.admin.put(&format!("/admin/tickets/{other}"), &json!({"team_id": 1})).expect(200);
        assert_eq!(world.admin.delete(&path).problem(409), "team_not_empty");
        assert!(audit(&world, "team_deleted").is_empty());
    }

    fn a_ticket_goes_to_a_team_that_is_there_or_nowhere(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let agent = world.join("grace", "agent");
        let team = world.team("Second line");
        let ticket = world.open_ticket(&customer, "T");
        world.assign(ticket, &agent);
        let path = format!("/admin/tickets/{ticket}");
        let before = world.admin.get(&path).expect(200);
        let fault = ("team_id".to_owned(), "unknown_team".to_owned());
        for unknown in [99_999_i64, 9_007_199_254_740_991] {
            assert_eq!(world.admin.put(&path, &json!({"team_id": unknown})).fault(), fault);
            assert_eq!(world.admin.put(&path, &json!({"team_id": unknown, "priority": "urgent"})).fault(), fault);
        }
        for number in [0_i64, -1, 9_007_199_254_740_992] {
            assert_eq!(world.admin.put(&path, &json!({"team_id": number})).fault().0, "team_id");
        }
        assert_eq!(world.admin.put(&path, &json!({"team_id": null})).problem(400), "invalid_body");
        assert_eq!(world.admin.get(&path).expect(200), before, "never half");
        // An agent, a customer: not theirs to say.
        assert_eq!(agent.put(&format!("/agent/tickets/{ticket}"), &json!({"team_id": team})).problem(400), "invalid_body");
        assert_eq!(customer.put(&format!("/customer/tickets/{ticket}"), &json!({"team_id": team})).problem(400), "invalid_body");
        // Who works on it goes on with it, in whatever team.
        let moved = world.admin.put(&path, &json!({"team_id": team})).expect(200);
        assert_eq!((&moved["team"]["id"], &moved["assignee"]["id"]), (&json!(team), &json!(agent.id)));
        assert_eq!(agent.get(&format!("/agent/tickets/{ticket}")).expect(200)["team"]["name"], "Second line");
        world.admin.put(&format!("/admin/teams/{team}"), &json!({"name": "Renamed"})).expect(200);
        assert_eq!(agent.get(&format!("/agent/tickets/{ticket}")).expect(200)["team"]["name"], "Renamed");
    }
}
