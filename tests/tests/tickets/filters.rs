//! What narrows lists, and that cursors stay with what they were made for.

use helpdesk_tests::{Account, World, on_both_stores};
use serde_json::json;

use crate::ids;

on_both_stores! {
    fn lists_are_narrowed_by_everything_that_is_promised(store) {
        let world = World::new(store);
        let (ada, eve, grace) = (world.join("ada", "customer"), world.join("eve", "customer"), world.join("grace", "agent"));
        let tickets: Vec<i64> = [&ada, &eve, &ada, &eve].iter().map(|who| world.open_ticket(who, "T")).collect();
        let team = world.team("Second line");
        world.assign(tickets[0], &grace);
        world.assign(tickets[1], &grace);
        grace.put(&format!("/agent/tickets/{}", tickets[0]), &json!({"tags": ["vip", "late"]})).expect(200);
        world.admin.put(&format!("/admin/tickets/{}", tickets[2]), &json!({"tags": ["VIP"]})).expect(200);
        world.admin.put(&format!("/admin/tickets/{}", tickets[3]), &json!({"team_id": team})).expect(200);
        let list = |who: &Account, path: &str, query: &str| ids(&who.get(&format!("{path}?sort=created_at&{query}")).expect(200));
        let all = |query: &str| list(&world.admin, "/admin/tickets", query);
        assert_eq!(all("tag=VIP"), [tickets[0], tickets[2]]);
        assert_eq!(all("tag=late"), [tickets[0]]);
        assert_eq!(all("tag=lat"), [0; 0]);
        assert_eq!(all(&format!("assignee_id={}", grace.id)), tickets[..2]);
        assert_eq!(all("assignee_id=none"), tickets[2..]);
        assert_eq!(all(&format!("requester_id={}", ada.id)), [tickets[0], tickets[2]]);
        assert_eq!(all(&format!("team_id={team}")), [tickets[3]]);
        assert_eq!(all(&format!("tag=vip&requester_id={}&assignee_id=none", ada.id)), [tickets[2]]);
        assert_eq!(list(&grace, "/agent/tickets", "tag=vip"), [tickets[0]]);
        assert_eq!(list(&grace, "/agent/queue", "tag=vip"), [tickets[2]]);
        assert_eq!(list(&grace, "/agent/queue", "tag=late"), [0; 0]);

        // The bounds in time are exclusive.
        let opened = world.admin.get(&format!("/admin/tickets/{}", tickets[1])).expect(200)["created_at"].as_str().unwrap().to_owned();
        assert_eq!(all(&format!("created_after={opened}")), tickets[2..]);
        assert_eq!(list(&eve, "/customer/tickets", &format!("created_after={opened}")), [tickets[3]]);
        let newest = ada.get("/customer/tickets?limit=1").expect(200)["data"][0]["updated_at"].as_str().unwrap().to_owned();
        assert_eq!(list(&ada, "/customer/tickets", &format!("updated_after={newest}")), [0; 0]);
        ada.post(&format!("/customer/tickets/{}/comments", tickets[2]), &json!({"body": "x"})).expect(201);
        assert_eq!(list(&ada, "/customer/tickets", &format!("updated_after={newest}")), [tickets[2]]);

        // A customer cannot ask for what it cannot see.
        for query in ["tag=vip", "team_id=1", "assignee_id=none", "requester_id=1"] {
            assert_eq!(ada.get(&format!("/customer/tickets?{query}")).problem(400), "invalid_query", "{query}");
        }
        for path in ["/agent/tickets", "/agent/queue"] {
            assert_eq!(grace.get(&format!("{path}?team_id=1")).problem(400), "invalid_query");
        }
    }

    fn cursors_stay_with_their_list_and_filter(store) {
        let world = World::new(store);
        let (ada, grace, alan) = (world.join("ada", "customer"), world.join("grace", "agent"), world.join("alan", "agent"));
        for number in 0..3 {
            let ticket = world.open_ticket(&ada, &format!("T{number}"));
            world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"tags": ["vip"]})).expect(200);
        }
        let since = "created_after=2020-01-01T00:00:00Z";
        let next = |who: &Account, path: &str, query: &str| {
            who.get(&format!("{path}?limit=1&{query}")).expect(200)["next_cursor"].as_str().expect("more").to_owned()
        };
        let refused = |who: &Account, path: &str, query: &str, cursor: &str| {
            assert_eq!(who.get(&format!("{path}?{query}&cursor={cursor}")).problem(400), "invalid_cursor", "{path} {query}");
        };
        let cursor = next(&grace, "/agent/queue", "tag=vip");
        assert_eq!(ids(&grace.get(&format!("/agent/queue?tag=vip&cursor={cursor}")).expect(200)).len(), 2);
        refused(&alan, "/agent/queue", "tag=vip", &cursor);
        refused(&grace, "/agent/tickets", "tag=vip", &cursor);
        refused(&grace, "/agent/queue", "tag=other", &cursor);
        refused(&grace, "/agent/queue", "limit=1", &cursor);
        refused(&grace, "/agent/queue", &format!("tag=vip&{since}"), &cursor);
        let cursor = next(&world.admin, "/admin/tickets", &format!("assignee_id=none&team_id=1&requester_id={}&{since}", ada.id));
        for query in [
            "limit=1".to_owned(),
            format!("assignee_id={}&team_id=1&requester_id={}&{since}", grace.id, ada.id),
            format!("assignee_id=none&team_id=2&requester_id={}&{since}", ada.id),
            format!("assignee_id=none&team_id=1&requester_id={}&{since}", grace.id),
            format!("assignee_id=none&team_id=1&requester_id={}&updated_after=2020-01-01T00:00:00Z", ada.id),
        ] {
            refused(&world.admin, "/admin/tickets", &query, &cursor);
        }
    }
}
