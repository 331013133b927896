//! However much there is to move, no more of it is held.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use helpdesk_tests::{Account, Database, StoreKind, World, on_both_stores, wait_until};

use crate::import_command;
use crate::made_up::{comment, push, ticket, tickets};

/// The bytes of a comment.
const BODY: usize = 4_000;
/// How many comments come at first; then ten times as many.
const SOME: usize = 2_000;
/// By how much more memory ten times as much may take: a quarter of what it is.
const MORE: u64 = (SOME * 10 * BODY / 4) as u64;

/// The most memory that a process has ever had.
fn most_of(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024
}

/// Gives a text to an import, and measures it when so much of it was written; whatever is left is written at the end.
fn memory_of_import(database: &Database, source: &str, text: &str, comments: u64) -> u64 {
    let mut child = import_command(database, &["-", "--source", source])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    let before = comments - 1_000;
    wait_until("most of it to be written", || still(&mut child) && database.count("comments") >= before);
    let most = most_of(child.id());
    drop(input);
    assert!(child.wait().unwrap().success());
    assert_eq!(database.count("comments"), comments);
    most
}

fn still(child: &mut Child) -> bool {
    assert!(child.try_wait().unwrap().is_none(), "the import has ended early");
    true
}

/// Reads a whole export, and says how long it was.
fn export(world: &World, admin: &Account) -> u64 {
    let mut stream = TcpStream::connect(world.server.address()).unwrap();
    let token = admin.token().unwrap();
    let head = format!(
        "GET /admin/export/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut stream = BufReader::new(stream);
    let mut status = String::new();
    stream.read_line(&mut status).unwrap();
    assert!(status.starts_with("HTTP/1.1 200 "), "{status}");
    let (mut length, mut end) = (0, Vec::new());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = stream.read(&mut buffer).unwrap();
        if read == 0 {
            break;
        }
        length += read as u64;
        end.extend_from_slice(&buffer[..read]);
        let keep = end.len().saturating_sub(100);
        end.drain(..keep);
    }
    assert!(end.ends_with(b"\r\n0\r\n\r\n"), "{}", String::from_utf8_lossy(&end));
    length
}

on_both_stores! {
    fn memory_stays_flat_over_many_tickets(store) {
        let world = World::new(store);
        let body = "x".repeat(BODY);
        let imported = memory_of_import(&world.database, "some", &tickets(SOME / 4, 4, &body), SOME as u64);
        export(&world, &world.admin);
        let exported = most_of(world.server.pid());

        let many = tickets(SOME * 10 / 4, 4, &body);
        let more = memory_of_import(&world.database, "many", &many, SOME as u64 * 11);
        assert!(more < imported + MORE, "{imported} bytes at first, {more} for ten times as much");
        let length = export(&world, &world.admin);
        assert!(length > (SOME * 11 * BODY) as u64);
        let more = most_of(world.server.pid());
        assert!(more < exported + MORE, "{exported} bytes at first, {more} for ten times as much");
    }
}

/// A ticket is no unit: it can have any number of comments.
#[test]
fn memory_stays_flat_over_one_ticket_with_many_comments() {
    let world = World::new(StoreKind::Sqlite);
    let body = "x".repeat(BODY);
    let one = |comments: usize| {
        let mut text = String::new();
        push(&mut text, &ticket(1));
        (1..=comments).for_each(|id| push(&mut text, &comment(1, id, &body)));
        text
    };
    let imported = memory_of_import(&world.database, "some", &one(SOME), SOME as u64);
    export(&world, &world.admin);
    let exported = most_of(world.server.pid());
    let more = memory_of_import(&world.database, "many", &one(SOME * 10), SOME as u64 * 11);
    assert!(more < imported + MORE, "{imported} bytes at first, {more} for ten times as much");
    export(&world, &world.admin);
    let more = most_of(world.server.pid());
    assert!(more < exported + MORE, "{exported} bytes at first, {more} for ten times as much");
}
