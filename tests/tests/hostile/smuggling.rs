//! Requests that one reader would take for one and another for two (RFC 9112, section 11.2).

use helpdesk_tests::{RawConnection, World, on_both_stores};

/// What an attacker hides behind a request.
const HIDDEN: &str = "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: smuggled\r\n\r\n";

fn assert_nothing_was_smuggled(world: &World) {
    assert!(!world.server.log().contains("smuggled"), "{}", world.server.log());
}

on_both_stores! {
    fn a_request_with_two_readings_is_refused_and_the_connection_closed(store) {
        let world = World::new(store);
        for headers in [
            // Two lengths, or a length and chunks.
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5, 5",
            "Content-Length: 0\r\nContent-Length: 5",
            // Codings that some would not take for chunks.
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked;x=1",
            // Names and values that some would read otherwise.
            "Transfer-Encoding : chunked",
            " Transfer-Encoding: chunked",
            "Transfer-Encoding\t: chunked",
            "Transfer-Encoding:\x0bchunked",
            "Transfer-Encoding: chunked\x0b",
            "Content-Length: 5\x00",
            "Content\x00-Length: 5",
            "Content_Length: 5\x01",
            "X: y\rContent-Length: 5",
            // Folded lines.
            "Content-Length: 5\r\n folded",
            "X-Folded: a\r\n b",
            "X-Folded: a\r\n\tTransfer-Encoding: chunked",
            "Transfer-Encoding:\r\n chunked",
            // Whose host is it?
            "Host: y",
        ] {
            let request = format!("POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n\r\n0\r\n\r\n{HIDDEN}");
            let mut connection = RawConnection::open(world.server.address());
            connection.send(request);
            assert_eq!(connection.answer().status, 400, "{headers:?}");
            assert!(connection.is_closed(), "{headers:?}");
        }
        assert_nothing_was_smuggled(&world);
    }

    fn what_is_hardly_http_is_refused_and_the_connection_closed(store) {
        let world = World::new(store);
        let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(300_000));
        let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(10_000));
        for request in [
            "GET /health/live HTTP/1.1\r\n\r\n",
            "GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET /health/live\r\n\r\n",
            "GET  /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /health/ live HTTP/1.1\r\nHost: x\r\n\r\n",
            "GE\x00T /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03\r\n\r\n",
            &long,
            &many,
        ] {
            let mut connection = RawConnection::open(world.server.address());
            connection.send(request);
            let answer = connection.answer();
            assert!((400..500).contains(&answer.status), "{request:.80?}: {}", answer.status);
            assert!(connection.is_closed(), "{request:.80?}");
        }
        world.server.client().get("/health/live").expect(200);
    }

    /// An answer that needs no body comes before it; what then arrives is still that body, and no request.
    fn the_body_of_a_refused_request_is_never_a_request(store) {
        let world = World::new(store);
        let admin = world.admin.token().unwrap();
        for (method, path, token, status) in [
            ("POST", "/customer/tickets", None, 401),
            ("POST", "/customer/tickets", Some(admin), 403),
            ("POST", "/nowhere", None, 404),
            ("DELETE", "/login", None, 405),
            ("GET", "/health/live", None, 200),
            ("PUT", "/admin/users/99999", Some(admin), 415),
        ] {
            let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
            let head = |length: &str| format!("{method} {path} HTTP/1.1\r\nHost: x\r\n{token}{length}\r\n\r\n");
            let sized = head(&format!("Content-Length: {}", HIDDEN.len()));
            let chunked = head("Transfer-Encoding: chunked");
            let chunk = format!("{:x}\r\n{HIDDEN}\r\n0\r\n\r\n", HIDDEN.len());
            for parts in [[sized.as_str(), HIDDEN], [chunked.as_str(), chunk.as_str()]] {
                // At once, and with the body after the answer.
                let mut connection = RawConnection::open(world.server.address());
                connection.send(parts.concat());
                assert_eq!(connection.answer().status, status, "{method} {path}");
                let mut connection = RawConnection::open(world.server.address());
                connection.send(parts[0]);
                assert_eq!(connection.answer().status, status, "{method} {path}");
                connection.send(parts[1]);
                // Whether or not the connection is kept: the next answer is to the next request.
                connection.send("GET /health/ready HTTP/1.1\r\nHost: x\r\nX-Request-Id: next-one\r\nConnection: close\r\n\r\n");
                if let Some(answer) = connection.next_answer() {
                    assert_eq!(answer.header("x-request-id"), Some("next-one"), "{method} {path}");
                }
                assert!(connection.is_closed());
            }
        }
        assert_nothing_was_smuggled(&world);
    }

    fn chunks_are_read_strictly(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let body = "{\"subject\": \"S\", \"description\": \"D\"}";
        let size = format!("{:x}", body.len());
        for chunks in [
            format!("0x{size}\r\n{body}\r\n0\r\n\r\n"),
            format!("+{size}\r\n{body}\r\n0\r\n\r\n"),
            format!("-{size}\r\n{body}\r\n0\r\n\r\n"),
            format!("FFFFFFFFFFFFFFFFF\r\n{body}\r\n0\r\n\r\n"),
            format!("{size}{body}\r\n0\r\n\r\n"),
            format!("{size}\r\n{body}xx0\r\n\r\n"),
            format!("\r\n{size}\r\n{body}\r\n0\r\n\r\n"),
            format!("g\r\n{body}\r\n0\r\n\r\n"),
        ] {
            let head = format!(
                "POST /customer/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
                customer.token().unwrap()
            );
            let mut connection = RawConnection::open(world.server.address());
            connection.send(format!("{head}{chunks}{HIDDEN}"));
            // Or the connection ends, since what is in it is no HTTP.
            if let Some(answer) = connection.next_answer() {
                assert_eq!(answer.status, 400, "{chunks:?}");
            }
            assert!(connection.is_closed(), "{chunks:?}");
        }
        assert_nothing_was_smuggled(&world);
        assert_eq!(customer.get("/customer/tickets").expect(200)["data"].as_array().unwrap().len(), 0);
    }
}
