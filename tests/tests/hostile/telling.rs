//! A defect tells its cause to the log, and nothing to the caller.

use helpdesk_tests::{World, on_both_stores, wait_until};
use serde_json::json;

on_both_stores! {
    fn a_failure_inside_is_a_500_that_tells_nothing(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let ticket = world.open_ticket(&customer, "Mine");
        let own = format!("/customer/tickets/{ticket}");
        // A table that is gone, and a row that the rules do not allow: tags are words.
        world.database.execute("ALTER TABLE comments RENAME TO canary_table");
        world.database.execute("UPDATE tickets SET tags = '[{\"canary\": 1}]'");

        let traced = |id: &str, method: &str, path: &str, body: Option<&serde_json::Value>| {
            let body = body.map(ToString::to_string);
            let headers = [("X-Request-Id", id), ("Content-Type", "application/json")];
            customer.send(method, path, &headers, body.as_deref().map(str::as_bytes))
        };
        let comment = json!({"body": "B"});
        let answers = [
            ("gone-1", traced("gone-1", "GET", &own, None)),
            ("gone-2", traced("gone-2", "GET", &format!("{own}/comments"), None)),
            ("gone-3", traced("gone-3", "POST", &format!("{own}/comments"), Some(&comment))),
            ("odd-1", traced("odd-1", "GET", "/customer/tickets", None)),
            ("odd-2", world.admin.send("GET", "/admin/tickets", &[("X-Request-Id", "odd-2")], None)),
        ];
        for (id, answer) in &answers {
            // This looks for words from the inside, too.
            assert_eq!(answer.problem(500), "internal_error", "{id}");
            assert!(!answer.text().contains("canary") && !answer.text().contains("comments"), "{}", answer.text());
            wait_until("the cause in the log", || {
                world.server.log().lines().any(|line| line.contains(id) && line.contains(" status=500 cause="))
            });
        }
        // The process goes on, and so does what does not need either.
        world.server.client().get("/health/live").expect(200);
        world.server.client().get("/health/ready").expect(200);
        world.database.execute("ALTER TABLE canary_table RENAME TO comments");
        world.database.execute("UPDATE tickets SET tags = '[]'");
        wait_until("it to be as before", || customer.get(&own).status == 200);
    }
}
