//! What happens to bad requests: always a problem in the contract's form, and never a 500.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use helpdesk_tests::{World, on_both_stores};
use serde_json::json;

/// Sends bytes as they are and reads until the server closes or has sent this much of an answer.
fn raw(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    stream.write_all(request).unwrap();
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..count]);
        if answer.ends_with(b"}") {
            break;
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

on_both_stores! {
    fn guards_answer_before_anything_else(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let nobody = world.server.client();
        for (method, path) in [
            ("GET", "/agent/tickets"), ("GET", "/customer/tickets"), ("GET", "/admin/tickets"), ("GET", "/admin/users"),
            ("GET", "/agent/tickets/1"), ("GET", "/customer/tickets/1/comments"), ("GET", "/admin/tickets/1"),
        ] {
            let answer = nobody.send(method, path, &[], None);
            assert_eq!(answer.problem(401), "unauthenticated", "{path}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{path}");
            let answer = nobody.with_token("forged").send(method, path, &[], None);
            assert_eq!(answer.problem(401), "invalid_token", "{path}");
            assert!(answer.header("www-authenticate").unwrap().contains("error=\"invalid_token\""), "{path}");
        }
        for (who, path) in [(&customer, "/agent/tickets"), (&customer, "/admin/users"), (&world.admin, "/agent/tickets"), (&world.admin, "/customer/tickets")] {
            assert_eq!(who.get(path).problem(403), "forbidden", "{path}");
        }
        // A body that never comes is not waited for.
        let head = "POST /customer/tickets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n";
        assert!(raw(world.server.address(), head.as_bytes()).starts_with("HTTP/1.1 401"));
        let token = world.admin.token().unwrap();
        let head = head.replace("Host: x", &format!("Host: x\r\nAuthorization: Bearer {token}"));
        assert!(raw(world.server.address(), head.as_bytes()).starts_with("HTTP/1.1 403"));
    }

    fn every_error_is_a_problem(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        assert_eq!(customer.get("/nowhere").problem(404), "not_found");
        let answer = customer.send("DELETE", "/customer/tickets", &[], None);
        answer.problem(405);
        assert_eq!(answer.header("allow").map(|allow| allow.contains("GET") && allow.contains("POST")), Some(true), "{answer:?}");

        let json = ("Content-Type", "application/json");
        let post = |headers: &[(&str, &str)], body: &[u8]| customer.send("POST", "/customer/tickets", headers, Some(body));
        assert_eq!(post(&[("Content-Type", "text/plain")], b"{}").problem(415), "unsupported_media_type");
        assert_eq!(post(&[json, ("Content-Encoding", "gzip")], b"{}").problem(415), "unsupported_media_type");
        let huge = format!("{{\"subject\": \"{}\"}}", "x".repeat(300 * 1024));
        assert_eq!(post(&[json], huge.as_bytes()).problem(413), "payload_too_large");
        assert_eq!(customer.send("GET", "/customer/tickets", &[("Accept", "text/html")], None).problem(406), "not_acceptable");

        let deep = "[".repeat(100_000);
        for body in ["", "{", "[]", "null", "\"x\"", "[\"a\", \"b\", \"low\"]", "{\"subject\": 1, \"description\": \"d\"}",
            "{\"subject\": \"s\"}", "{\"subject\": \"s\", \"description\": \"d\", \"requester_id\": 1}",
            "{\"subject\": \"s\", \"subject\": \"t\", \"description\": \"d\"}", "{\"subject\": \"\\ud800\", \"description\": \"d\"}",
            "{\"subject\": 1e999, \"description\": \"d\"}", "{\"subject\": \"s\", \"description\": \"d\"} x", deep.as_str()] {
            let answer = post(&[json], body.as_bytes());
            assert_eq!(answer.status, 400, "{} for {:.60}", answer.text(), body);
            answer.problem(400);
        }
        post(&[json], b"{\"subject\": \"\xff\", \"description\": \"d\"}").problem(400);
        for (field, body) in [
            ("subject", json!({"subject": " ", "description": "d"})),
            ("subject", json!({"subject": "x".repeat(201), "description": "d"})),
            ("description", json!({"subject": "s", "description": "a\0b"})),
            ("priority", json!({"subject": "s", "description": "d", "priority": "soon"})),
        ] {
            let answer = customer.post("/customer/tickets", &body);
            assert_eq!(answer.problem(422), "validation_failed");
            assert_eq!(answer.json()["errors"][0]["field"], field);
        }
        assert_eq!(customer.get("/customer/tickets").expect(200)["data"], json!([]), "nothing was written");
    }

    fn odd_ids_are_absent_tickets(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let absent = customer.get("/customer/tickets/123456");
        assert_eq!(absent.problem(404), "not_found");
        for id in ["0", "-1", "2147483648", "9223372036854775808", "18446744073709551616", "1e3", "+1", "%D9%A3", "1%00", "x", "01"] {
            assert_eq!(customer.get(&format!("/customer/tickets/{id}")).comparable(), absent.comparable(), "{id}");
        }
    }

    fn every_answer_has_its_headers(store) {
        let world = World::new(store);
        let answers = [
            world.server.client().get("/health/live"), world.server.client().get("/health/ready"),
            world.server.client().get("/openapi.json"), world.server.client().get("/nowhere"),
            world.admin.get("/admin/users"), world.admin.get("/agent/tickets"), world.server.client().get("/admin/users"),
        ];
        for answer in &answers {
            assert!(answer.header("x-request-id").is_some_and(|id| !id.is_empty()), "{answer:?}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
            assert_eq!(answer.header("server"), None);
        }
        let echoed = |id: &str| world.admin.send("GET", "/admin/users", &[("X-Request-Id", id)], None).header("x-request-id").unwrap() == id;
        assert!(echoed("Trace-1"));
        assert!(!echoed("no spaces"));
        assert!(!echoed(&"x".repeat(65)));
        // A line for each request, with the route and never the raw path.
        world.admin.send("GET", "/admin/tickets/77?limit=5", &[("X-Request-Id", "find-me")], None);
        helpdesk_tests::wait_until("the line of the request", || world.server.log().contains("find-me"));
        let log = world.server.log();
        let line = log.lines().find(|line| line.contains("find-me")).unwrap();
        assert!(line.contains("GET") && line.contains("/admin/tickets/{id}") && line.contains("404"), "{line}");
        assert!(!log.contains(world.admin.token().unwrap()), "a token was logged");
    }
}
