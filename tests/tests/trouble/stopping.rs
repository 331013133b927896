//! The process is told to stop while requests are under way.

use std::net::TcpStream;

use helpdesk_tests::{Client, PASSWORD, RawConnection, World, on_both_stores, wait_until};
use serde_json::json;

/// The head of a POST whose body comes when the server asks for it; and the body.
fn announced(path: &str, token: Option<&str>, body: &serde_json::Value) -> (String, String) {
    let body = body.to_string();
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\n{token}Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    (head, body)
}

on_both_stores! {
    fn what_was_accepted_is_answered_before_it_ends(store) {
        let world = World::with(store, &[("HELPDESK_MANAGEMENT_BIND", "127.0.0.1:0")]);
        let customer = world.join("ada", "customer");
        let address = world.server.address().to_owned();
        let management = Client::of_management(world.server.management());
        management.get("/health/ready").expect(200);

        // Under way: the server has asked for each body. Some are slow: each sign-in hashes a password.
        let ticket = json!({"subject": "In time", "description": "D"});
        let login = json!({"email": customer.email, "password": PASSWORD});
        let mut requests = vec![announced("/customer/tickets", customer.token(), &ticket)];
        requests.extend((0..4).map(|_| announced("/login", None, &login)));
        let mut under_way: Vec<_> = requests
            .into_iter()
            .map(|(head, body)| {
                let mut connection = RawConnection::open(&address);
                connection.send(head);
                connection.wait_for_continue();
                (connection, body)
            })
            .collect();

        world.server.signal("TERM");
        wait_until("new connections to be refused", || TcpStream::connect(&address).is_err());
        assert_eq!(management.get("/health/ready").problem(503), "draining");
        management.get("/health/live").expect(200);

        for (connection, body) in &mut under_way {
            connection.send(&*body);
        }
        for (number, (connection, _)) in under_way.iter_mut().enumerate() {
            let answer = connection.answer();
            answer.expect(if number == 0 { 201 } else { 200 });
            assert!(connection.is_closed());
        }
        let World { server, database, .. } = world;
        assert_eq!(server.wait(), Some(0));
        let written = database.query("SELECT subject AS value FROM tickets");
        assert_eq!(written, "In time");
    }
}
