//! Bodies that are larger than they may be, or than they say.

use std::io::Write as _;
use std::net::TcpStream;

use helpdesk_tests::{RawConnection, World, on_both_stores, wait_until};

fn head(token: &str, length: &str) -> String {
    format!(
        "POST /customer/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
    )
}

/// A mebibyte of body, in one chunk.
fn mebibyte() -> Vec<u8> {
    [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat()
}

on_both_stores! {
    fn a_body_that_is_too_large_is_refused_before_it_is_there(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let token = customer.token().unwrap();
        let answer_to = |length: &str, body: &[u8]| {
            let mut connection = RawConnection::open(world.server.address());
            connection.send(head(token, length));
            connection.send(body);
            let answer = connection.answer();
            assert!(connection.is_closed(), "{length}");
            answer
        };
        // Announced: not all of it, or nothing, was sent.
        for length in ["262145", "4294967296", "9223372036854775807", "18446744073709551615"] {
            for sent in [&b""[..], b"{\"subject\": "] {
                let answer = answer_to(&format!("Content-Length: {length}"), sent);
                assert_eq!(answer.problem(413), "payload_too_large", "{length}");
            }
        }
        // In chunks: there is no end to it.
        let answer = answer_to("Transfer-Encoding: chunked", &mebibyte());
        assert_eq!(answer.problem(413), "payload_too_large");
        // Nor is there for those who may not even begin.
        let mut connection = RawConnection::open(world.server.address());
        connection.send(head("forged", "Transfer-Encoding: chunked"));
        assert_eq!(connection.answer().problem(401), "invalid_token");
        assert!(connection.is_closed());
        assert_eq!(customer.get("/customer/tickets").expect(200)["data"].as_array().unwrap().len(), 0);
    }

    fn a_length_that_is_no_number_is_no_request(store) {
        let world = World::new(store);
        let token = world.join("ada", "customer").token().unwrap().to_owned();
        for length in ["18446744073709551616", "-1", "+5", "0x10", "5, 5", "five", ""] {
            let mut connection = RawConnection::open(world.server.address());
            connection.send(head(&token, &format!("Content-Length: {length}")));
            connection.send("{\"subject\": \"S\", \"description\": \"D\"}");
            assert_eq!(connection.answer().status, 400, "{length:?}");
            assert!(connection.is_closed(), "{length:?}");
        }
    }
}

/// Many who push as much as they can: only so much of it is ever kept, and others are served. (How much a process keeps is
/// only told by Linux.)
#[cfg(target_os = "linux")]
#[test]
fn the_memory_does_not_grow_with_what_is_pushed() {
    const SENDERS: usize = 8;
    let world = World::new(helpdesk_tests::StoreKind::Sqlite);
    let customer = world.join("ada", "customer");
    let peak = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", world.server.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
    };
    let before = peak();
    std::thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| {
                let mut stream = TcpStream::connect(world.server.address()).unwrap();
                let head = head(customer.token().unwrap(), "Transfer-Encoding: chunked");
                stream.write_all(head.as_bytes()).unwrap();
                let chunk = mebibyte();
                wait_until("the connection to end", || stream.write_all(&chunk).is_err());
            });
        }
        customer.get("/customer/tickets").expect(200);
    });
    let grown = peak() - before;
    assert!(grown < 64, "{grown} MiB more than before");
}
