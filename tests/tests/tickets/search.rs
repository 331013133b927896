//! Looking for tickets by words, as everyone who has a list may.

use helpdesk_tests::{Account, World, on_both_stores};
use serde_json::json;

use crate::ids;

/// Percent-encoded, so that nothing in it means anything on the way.
fn encoded(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}

fn find(who: &Account, list: &str, text: &str) -> Vec<i64> {
    ids(&who.get(&format!("{list}?sort=created_at&q={}", encoded(text))).expect(200))
}

on_both_stores! {
    fn words_are_found_in_what_the_caller_may_see(store) {
        let world = World::new(store);
        let (ada, eve, grace) = (world.join("ada", "customer"), world.join("eve", "customer"), world.join("grace", "agent"));
        let open = |who: &Account, subject: &str, description: &str| {
            let new = json!({"subject": subject, "description": description});
            who.post("/customer/tickets", &new).expect(201)["id"].as_i64().unwrap()
        };
        let lift = open(&ada, "The lift is stuck", "Between the second and the third floor. Café Müller is waiting.");
        let printer = open(&ada, "Printer on fire 🔥", "東京タワー, second floor");
        let other = open(&eve, "Another lift", "It moves.");
        world.assign(lift, &grace);
        let comments = format!("/agent/tickets/{lift}/comments");
        grace.post(&comments, &json!({"body": "A technician is on the way"})).expect(201);
        grace.post(&comments, &json!({"body": "Ask for a new motor", "is_internal": true})).expect(201);

        let own = |text: &str| find(&ada, "/customer/tickets", text);
        assert_eq!(own("lift"), [lift]);
        assert_eq!(own("SECOND floor"), [lift, printer]);
        assert_eq!(own("floor seco"), [lift, printer]);
        assert_eq!(own("seco floor"), [0; 0], "only the last word may go on");
        assert_eq!(own("technician lift, cafe muller!"), [lift], "words of all its texts together");
        assert_eq!(own("🔥"), [printer]);
        assert_eq!(own("京"), [printer]);
        assert_eq!(own("motor"), [0; 0], "an internal comment is not a customer's");
        assert_eq!(own("lift motor"), [0; 0]);
        assert_eq!(own("moves"), [0; 0], "nor is another's ticket");
        assert_eq!(find(&grace, "/agent/tickets", "motor lift"), [lift]);
        assert_eq!(find(&grace, "/agent/tickets", "printer"), [0; 0], "what is not assigned is not the agent's");
        assert_eq!(find(&grace, "/agent/queue", "printer"), [printer]);
        assert_eq!(find(&grace, "/agent/queue", "lift"), [other]);
        assert_eq!(find(&world.admin, "/admin/tickets", "lift"), [lift, other]);
        assert_eq!(find(&world.admin, "/admin/tickets", "new motor"), [lift]);

        // With other filters, and page by page.
        world.admin.put(&format!("/admin/tickets/{other}"), &json!({"priority": "urgent"})).expect(200);
        assert_eq!(ids(&world.admin.get("/admin/tickets?q=lift&priority=urgent").expect(200)), [other]);
        let first = world.admin.get("/admin/tickets?q=lift&limit=1&sort=created_at").expect(200);
        assert_eq!(ids(&first), [lift]);
        let cursor = first["next_cursor"].as_str().unwrap();
        let next = world.admin.get(&format!("/admin/tickets?q=LIFT&limit=1&sort=created_at&cursor={cursor}")).expect(200);
        assert_eq!((ids(&next), next["next_cursor"].is_null()), (vec![other], true));
        let refused = world.admin.get(&format!("/admin/tickets?q=lif&limit=1&sort=created_at&cursor={cursor}"));
        assert_eq!(refused.problem(400), "invalid_cursor");
    }

    fn what_is_no_search_is_refused(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let lists = [(&ada, "/customer/tickets"), (&grace, "/agent/tickets"), (&grace, "/agent/queue"), (&world.admin, "/admin/tickets")];
        let many = (0..21).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        for (who, list) in lists {
            for text in ["", " ", "%", "\"\"", "***", "\0", "a\0b", &"x".repeat(201), &many] {
                let answer = who.get(&format!("{list}?q={}", encoded(text)));
                assert_eq!(answer.problem(400), "invalid_query", "{list} {text:?}");
                assert_eq!(answer.json()["errors"][0]["field"], "q", "{list} {text:?}");
            }
            assert_eq!(who.get(&format!("{list}?q=%FF")).problem(400), "invalid_query");
            assert_eq!(find(who, list, &"x".repeat(200)), [0; 0]);
        }
    }
}
