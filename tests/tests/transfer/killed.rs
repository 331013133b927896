//! An import that is killed in the middle, again and again.

use std::process::Stdio;

use helpdesk_tests::{Database, Server, on_both_stores, run, wait_until};

use crate::made_up::tickets;
use crate::{file, import_command, imported, name};

const TICKETS: usize = 3_000;
const COMMENTS: usize = 3;

on_both_stores! {
    fn killed_and_run_again_nothing_is_doubled_and_nothing_lost(store) {
        let database = Database::create(store);
        let path = file(&database, &tickets(TICKETS, COMMENTS, "Off and on?"));
        let arguments = ["--source", "elsewhere", name(&path)];
        let mut migrate = Server::command(&database);
        migrate.arg("migrate");
        assert!(run(migrate, "").status.success());

        let mut before = 0;
        for kill in 1..=3 {
            let mut child = import_command(&database, &arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            wait_until("some of it to be written", || {
                let now = database.count("tickets");
                let has_ended = child.try_wait().unwrap().is_some();
                now > before || has_ended
            });
            child.kill().unwrap();
            child.wait().unwrap();
            let now = database.count("tickets");
            assert!(now > before, "run {kill} has got on");
            before = now;
        }
        assert!(before < TICKETS as u64, "it was killed in the middle: {before}");

        let said = imported(&import_command(&database, &arguments).output().unwrap());
        assert!(said.contains("were there already"), "{said}");
        assert_eq!(database.count("tickets"), TICKETS as u64);
        assert_eq!(database.count("comments"), (TICKETS * COMMENTS) as u64);
        let twice = "SELECT CAST(count(*) - count(DISTINCT subject) AS text) AS value FROM tickets";
        assert_eq!(database.query(twice), "0");
        // Opened, assigned, and each comment: every event is there, once, and has moved the version.
        let events = 2 + COMMENTS;
        assert_eq!(database.count("ticket_events"), (TICKETS * events) as u64);
        assert_eq!(database.count(&format!("tickets WHERE version <> {events}")), 0);
        let orphans = "comments WHERE NOT EXISTS (SELECT 1 FROM ticket_events WHERE comment_id = comments.id)";
        assert_eq!(database.count(orphans), 0);
        assert_eq!((database.count("users"), database.count("audit_entries")), (8, 8));
    }
}
