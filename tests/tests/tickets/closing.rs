//! Tickets that close by themselves.

use helpdesk_tests::{Server, World, on_both_stores, wait_until};
use serde_json::{Value, json};

on_both_stores! {
    fn what_was_resolved_long_ago_is_closed_by_the_system(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let tickets: Vec<i64> = (0..4).map(|number| world.open_ticket(&ada, &format!("T{number}"))).collect();
        let [old, young, reopened, pending] = tickets[..] else { unreachable!() };
        for &ticket in &tickets {
            world.assign(ticket, &grace);
            let status = if ticket == pending { "pending" } else { "resolved" };
            grace.put(&format!("/agent/tickets/{ticket}"), &json!({"status": status})).expect(200);
        }
        let World { server, database, admin } = world;
        for (ticket, hours) in [(old, 49), (young, 47), (reopened, 49)] {
            database.execute(&format!("UPDATE tickets SET resolved_at = {} WHERE id = {ticket}", database.hours_ago(hours)));
        }
        ada.post(&format!("/customer/tickets/{reopened}/comments"), &json!({"body": "Not yet"})).expect(201);
        drop(server);

        // Never, if told so.
        let settings = |days| [("HELPDESK_CLOSE_RESOLVED_AFTER_DAYS", days)];
        let server = Server::start_with(&database, &settings("0"));
        let status = |server: &Server, ticket: i64| {
            let client = server.client().with_token(admin.token().unwrap());
            client.get(&format!("/admin/tickets/{ticket}")).expect(200)["status"].clone()
        };
        assert_eq!(status(&server, old), "resolved");
        drop(server);

        // Two at once close it once.
        let servers = [Server::start_with(&database, &settings("2")), Server::start_with(&database, &settings("2"))];
        wait_until("the ticket to be closed", || status(&servers[0], old) == "closed");
        for (ticket, expected) in [(young, "resolved"), (reopened, "open"), (pending, "pending")] {
            assert_eq!(status(&servers[1], ticket), expected);
        }
        let client = servers[1].client().with_token(admin.token().unwrap());
        let history = client.get(&format!("/admin/tickets/{old}/history?limit=100")).expect(200);
        let closings: Vec<&Value> = history["data"].as_array().unwrap().iter()
            .filter(|event| event["changes"].as_array().unwrap().iter().any(|change| change["to"] == "closed")).collect();
        let [closing] = closings[..] else { panic!("{history}") };
        assert_eq!(closing["actor"], json!({"kind": "system", "id": null, "name": null}));
        assert_eq!(closing["changes"], json!([{"field": "status", "from": "resolved", "to": "closed"}]));
        let client = servers[1].client().with_token(ada.token().unwrap());
        let own = client.get(&format!("/customer/tickets/{old}/history?limit=100")).expect(200);
        let last = own["data"].as_array().unwrap().last().unwrap();
        assert_eq!(last["actor"], json!({"kind": "system", "name": null}));
        assert!(client.get(&format!("/customer/tickets/{old}")).expect(200)["closed_at"].is_string());
    }
}
