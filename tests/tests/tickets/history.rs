//! Who did what, when, from what, to what.

use helpdesk_tests::{World, on_both_stores};
use serde_json::{Value, json};

on_both_stores! {
    fn history_tells_staff_everything_and_the_customer_what_is_public(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let ticket = world.open_ticket(&ada, "Storied");
        let agents = format!("/agent/tickets/{ticket}");
        grace.post_nothing(&format!("{agents}/claim")).expect(200);
        let note = grace.post(&format!("{agents}/comments"), &json!({"body": "Secret note", "is_internal": true})).expect(201);
        let said = grace.post(&format!("{agents}/comments"), &json!({"body": "Hello"})).expect(201);
        // Of both kinds at once: two events.
        grace.put(&agents, &json!({"status": "pending", "tags": ["secret-tag"]})).expect(200);
        let team = world.team("Secret team");
        world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"team_id": team})).expect(200);

        let page = grace.get(&format!("{agents}/history?limit=100")).expect(200);
        assert_eq!(page, world.admin.get(&format!("/admin/tickets/{ticket}/history?limit=100")).expect(200));
        let events = page["data"].as_array().unwrap();
        let of = |field: &str| {
            let found: Vec<_> = events.iter().filter(|event| {
                event["changes"].as_array().unwrap().iter().any(|change| change["field"] == field)
            }).collect();
            let [event] = found[..] else { panic!("{field}: {found:?}") };
            let change = event["changes"].as_array().unwrap().iter().find(|change| change["field"] == field).unwrap();
            (event["actor"]["name"].clone(), event["is_internal"].clone(), change["from"].clone(), change["to"].clone())
        };
        let me = json!({"id": grace.id, "name": "grace"});
        assert_eq!(of("assignee"), (json!("grace"), json!(false), Value::Null, me));
        assert_eq!(of("status"), (json!("grace"), json!(false), json!("open"), json!("pending")));
        assert_eq!(of("tags"), (json!("grace"), json!(true), json!([]), json!(["secret-tag"])));
        let (actor, internal, from, to) = of("team");
        assert_eq!((actor, internal), (json!("Admin"), json!(true)));
        assert_eq!((&from["name"], &to["name"], &to["id"]), (&json!("Support"), &json!("Secret team"), &json!(team)));
        let written: Vec<_> = events.iter().filter(|event| event["kind"] == "commented").map(|event| (&event["comment_id"], &event["is_internal"])).collect();
        assert_eq!(written, [(&note["id"], &json!(true)), (&said["id"], &json!(false))]);
        assert_eq!((&events[0]["kind"], &events[0]["actor"]["kind"]), (&json!("created"), &json!("customer")));
        assert!(events.iter().all(|event| event["at"].as_str().unwrap().ends_with('Z')));

        let own = ada.get(&format!("/customer/tickets/{ticket}/history?limit=100"));
        let seen = own.expect(200);
        let public: Vec<_> = events.iter().filter(|event| event["is_internal"] == false).collect();
        let seen = seen["data"].as_array().unwrap();
        assert_eq!(seen.len(), public.len());
        for (seen, public) in seen.iter().zip(public) {
            assert_eq!((&seen["id"], &seen["kind"], &seen["at"]), (&public["id"], &public["kind"], &public["at"]));
            assert!(seen.get("is_internal").is_none() && seen["actor"].get("id").is_none(), "{seen}");
            assert_eq!(seen["id"].as_i64().unwrap() % 2, 1, "public ids are odd");
        }
        for word in ["secret", "Secret", "tags", "team"] {
            assert!(!own.text().contains(word), "{word}");
        }
        // Page by page it is the same.
        let (mut crawled, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = grace.get(&format!("{agents}/history?limit=1{cursor}")).expect(200);
            crawled.extend(page["data"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(&crawled, events);
        let eve = world.join("eve", "customer");
        assert_eq!(eve.get(&format!("/customer/tickets/{ticket}/history")).problem(404), "not_found");
    }
}
