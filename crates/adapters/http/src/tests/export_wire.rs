//! Exports on a real connection: how they end, and that they wait for their reader.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use helpdesk_domain::Role;
use helpdesk_ports::{Cause, Page, StoreError};

use super::export::exported;
use super::samples::ticket_id;
use super::support::{Desk, token};
use super::wire::{connect, exchange, start, start_with};

fn request(method: &str) -> String {
    let token = token(Role::Admin);
    format!(
        "{method} /admin/export/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    )
}

/// An export of this many tickets, or for ever, and then an error.
fn desk_with(tickets: Option<i64>) -> (Desk, Arc<AtomicI64>) {
    let mut desk = Desk::new();
    let read = Arc::new(AtomicI64::new(0));
    let counter = read.clone();
    desk.exports.expect_tickets().returning(move |_, _, page| {
        let id = page.after.map_or(1, |after| after.get() + 1);
        if tickets.is_some_and(|tickets| id > tickets) {
            return Err(StoreError::Unavailable(Cause::new("the canary of a cause")));
        }
        counter.store(id, Ordering::SeqCst);
        Ok(Page { items: vec![exported(id)], next: Some(ticket_id(id)) })
    });
    desk.exports.expect_comments().returning(|_, _, _| Ok(Page { items: Vec::new(), next: None }));
    (desk, read)
}

#[test]
fn an_error_in_the_middle_breaks_the_connection() {
    let (desk, read) = desk_with(Some(1_000));
    let server = start(desk);
    let mut stream = connect(server.api);
    stream.write_all(request("GET").as_bytes()).unwrap();
    let mut answer = Vec::new();
    // Broken: whether the reader is told so by an error or by the end is the system's affair.
    drop(stream.read_to_end(&mut answer));
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer:.200}");
    assert!(answer.to_lowercase().contains("\r\ntransfer-encoding: chunked\r\n"), "{answer:.800}");
    assert!(answer.contains("\"kind\":\"ticket\""));
    assert_eq!(read.load(Ordering::SeqCst), 1_000);
    // Neither the chunk by which an answer ends nor the line by which an export does.
    assert!(!answer.ends_with("0\r\n\r\n") && !answer.contains("\"kind\":\"end\""));
    assert!(!answer.contains("canary"));
    server.stop();
}

#[test]
fn an_export_waits_for_its_reader_and_ends_with_it() {
    let (desk, read) = desk_with(None);
    // Longer than any test runs: the server stops when the export does.
    let server = start_with(desk, Duration::from_hours(1));
    let mut stream = connect(server.api);
    stream.write_all(request("GET").as_bytes()).unwrap();
    let mut reader = BufReader::with_capacity(64, stream);
    let mut status = String::new();
    reader.read_line(&mut status).unwrap();
    assert_eq!(status, "HTTP/1.1 200 OK\r\n");

    // Nobody reads on. What the connection holds fills up, and then the store is not asked for more.
    let mut unchanged = 0;
    let mut before = read.load(Ordering::SeqCst);
    while unchanged < 20 {
        exchange(server.api, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        let now = read.load(Ordering::SeqCst);
        unchanged = if now == before { unchanged + 1 } else { 0 };
        before = now;
    }
    // Read on, it goes on.
    let mut some = vec![0; 8 << 20];
    reader.read_exact(&mut some).unwrap();
    assert!(read.load(Ordering::SeqCst) > before);
    drop(reader);
    server.stop();
}

#[test]
fn a_head_has_no_body_and_ends() {
    let server = start(Desk::new());
    let mut stream = connect(server.api);
    stream.write_all(request("HEAD").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    assert!(!answer.to_lowercase().contains("content-length: "), "{answer}");
    server.stop();
}
