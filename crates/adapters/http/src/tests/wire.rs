//! A real server on the loopback: what only shows in bytes and in time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use helpdesk_domain::{Role, Status};

use super::samples::with_comments;
use super::support::{Desk, token};
use crate::{HttpConfig, Listeners, ServerHandle, server};

/// A server in a thread of its own.
pub(super) struct Running {
    pub(super) api: SocketAddr,
    management: SocketAddr,
    handle: ServerHandle,
    thread: JoinHandle<std::io::Result<()>>,
}

pub(super) fn start(desk: Desk) -> Running {
    start_with(desk, HttpConfig::default().shutdown_timeout)
}

pub(super) fn start_with(desk: Desk, shutdown_timeout: Duration) -> Running {
    let listen = || TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let listeners = Listeners { api: listen(), management: Some(listen()) };
    let api = listeners.api.local_addr().unwrap();
    let management = listeners.management.as_ref().unwrap().local_addr().unwrap();
    let dependencies = desk.dependencies();
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let config = HttpConfig { workers: 1, shutdown_timeout, ..HttpConfig::default() };
            let server = server(&config, dependencies, listeners)?;
            sender.send(server.handle()).unwrap();
            server.run().await
        })
    });
    Running { api, management, handle: receiver.recv().unwrap(), thread }
}

impl Running {
    pub(super) fn stop(self) {
        actix_web::rt::System::new().block_on(self.handle.stop(true));
        self.thread.join().unwrap().unwrap();
    }
}

/// A connection. Reading gives up after a while, so that a server that does not answer fails the test.
pub(super) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// The head of an answer, and its body by its `Content-Length`.
fn read_answer(stream: &mut BufReader<TcpStream>, has_body: bool) -> (String, String) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut head).unwrap(), 0, "closed after {head:?}");
    }
    let head = head.to_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; if has_body { length } else { 0 }];
    stream.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}

pub(super) fn exchange(address: SocketAddr, request: &str) -> (String, String) {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    read_answer(&mut BufReader::new(stream), !request.starts_with("HEAD"))
}

#[test]
fn the_guard_answers_before_a_body_has_come() {
    let server = start(Desk::new());
    let head = |authorization: &str, length: &str| {
        format!(
            "PUT /agent/tickets/5 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{authorization}{length}\r\n"
        )
    };
    let customer = format!("Authorization: Bearer {}\r\n", token(Role::Customer));
    for length in ["Content-Length: 1000\r\n", "Transfer-Encoding: chunked\r\n"] {
        // Not one byte of the body is ever sent.
        let (answer, body) = exchange(server.api, &head("", length));
        assert!(answer.starts_with("http/1.1 401 "), "{answer}");
        assert!(body.contains("\"unauthenticated\""));
        let (answer, _) = exchange(server.api, &head(&customer, length));
        assert!(answer.starts_with("http/1.1 403 "), "{answer}");
    }
    server.stop();
}

#[test]
fn a_body_that_is_too_large_is_refused_early() {
    let server = start(Desk::new());
    let head = |length: &str| {
        let token = token(Role::Customer);
        format!(
            "POST /customer/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{length}\r\n"
        )
    };
    // Announced: not one byte of it is waited for.
    let (answer, body) = exchange(server.api, &head("Content-Length: 262145\r\n"));
    assert!(answer.starts_with("http/1.1 413 "), "{answer}");
    assert!(body.contains("\"payload_too_large\""));
    // In chunks: answered while more could come.
    let chunks = format!("1000\r\n{}\r\n", " ".repeat(0x1000)).repeat(65);
    let (answer, _) = exchange(server.api, &(head("Transfer-Encoding: chunked\r\n") + &chunks));
    assert!(answer.starts_with("http/1.1 413 "), "{answer}");
    server.stop();
}

#[test]
fn a_body_that_ends_too_soon_is_no_request() {
    let server = start(Desk::new());
    let token = token(Role::Customer);
    let mut stream = connect(server.api);
    let request = format!(
        "POST /customer/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"subject\":\"s\",\"description\":\"d\"}}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    // Nothing is written: the mock would panic, and the answer be a 500.
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    server.stop();
}

#[test]
fn head_has_the_length_of_the_body_and_not_the_body() {
    let server = start(Desk::new());
    let mut stream = connect(server.api);
    for method in ["HEAD", "GET"] {
        stream.write_all(format!("{method} /health/live HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).unwrap();
    }
    let mut stream = BufReader::new(stream);
    let (head, _) = read_answer(&mut stream, false);
    let (get, body) = read_answer(&mut stream, true);
    assert_eq!(body, r#"{"status":"live"}"#);
    for answer in [head, get] {
        assert!(answer.starts_with("http/1.1 200 "), "{answer}");
        assert!(answer.contains("content-length: 17\r\n"), "{answer}");
        assert!(!answer.contains("\r\nserver:"), "{answer}");
    }
    server.stop();
}

#[test]
fn options_names_the_methods_and_says_nothing_more() {
    let server = start(Desk::new());
    let mut stream = connect(server.api);
    for path in ["/me", "*"] {
        stream.write_all(format!("OPTIONS {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).unwrap();
    }
    let mut stream = BufReader::new(stream);
    let (me, _) = read_answer(&mut stream, true);
    let (any, _) = read_answer(&mut stream, true);
    assert!(me.contains("\r\nallow: get, head, put, options\r\n"), "{me}");
    for answer in [&me, &any] {
        assert!(answer.starts_with("http/1.1 204 ") && !answer.contains("content-length"), "{answer}");
        assert!(answer.contains("\r\ncontent-security-policy: "), "{answer}");
    }
    assert!(!any.contains("\r\nallow: "), "{any}");
    server.stop();
}

#[test]
fn what_is_known_already_has_neither_body_nor_length() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| Ok(Some(with_comments(Status::Open))));
    let server = start(desk);
    let mut stream = BufReader::new(connect(server.api));
    for (method, known, expected) in [("GET", "*", "304"), ("HEAD", "*", "304"), ("GET", "\"x\"", "200")] {
        let token = token(Role::Customer);
        let request = format!(
            "{method} /customer/tickets/5 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIf-None-Match: {known}\r\n\r\n"
        );
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (answer, _) = read_answer(&mut stream, expected == "200");
        assert!(answer.starts_with(&format!("http/1.1 {expected} ")), "{answer}");
        assert!(answer.contains("\r\netag: \"2-"), "{answer}");
        assert_eq!(answer.contains("content-length"), expected == "200", "{answer}");
        assert!(!answer.contains("transfer-encoding"), "{answer}");
    }
    server.stop();
}

#[test]
fn an_idle_connection_does_not_hold_a_stop_up() {
    let server = start_with(Desk::new(), Duration::from_hours(1));
    let mut stream = connect(server.api);
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut stream = BufReader::new(stream);
    read_answer(&mut stream, true);
    // The stop would wait for an hour, and this read would give up before it.
    let handle = server.handle.clone();
    let stop = std::thread::spawn(move || actix_web::rt::System::new().block_on(handle.stop(true)));
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    stop.join().unwrap();
    server.thread.join().unwrap().unwrap();
}

#[test]
fn a_server_drains_and_stops() {
    let mut desk = Desk::new();
    desk.store.expect_ready().returning(|| Ok(()));
    let server = start(desk);
    let ready = |address| exchange(address, "GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n").0;
    for address in [server.api, server.management] {
        assert!(ready(address).starts_with("http/1.1 200 "));
    }
    server.handle.drain();
    for address in [server.api, server.management] {
        assert!(ready(address).starts_with("http/1.1 503 "));
        assert!(
            exchange(address, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").0.starts_with("http/1.1 200 ")
        );
    }
    let (_, metrics) = exchange(server.management, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(metrics.contains("helpdesk_http_requests_total"));
    let api = server.api;
    server.stop();
    assert!(TcpStream::connect(api).is_err());
}
