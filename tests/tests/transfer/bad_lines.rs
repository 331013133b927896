//! What an import makes of a file that is not good.

use helpdesk_tests::{Database, StoreKind, on_both_stores};
use serde_json::json;

use crate::made_up::{comment, push, ticket};
use crate::{complaints, import, imported};

/// Line 1 is good, and so are 2, 5 and 8.
fn mixed() -> String {
    let mut text = String::new();
    push(&mut text, &ticket(1));
    push(&mut text, &comment(1, 1, "Good"));
    push(&mut text, &comment(2, 2, "Of another ticket"));
    text.push_str("{\"kind\": \"ticket\", \u{1b}[31m\n");
    push(&mut text, &ticket(3));
    let mut bad = ticket(4);
    bad["status"] = json!("closed");
    bad["reopen_count"] = json!(-1);
    push(&mut text, &bad);
    push(&mut text, &comment(4, 3, "Of a bad ticket"));
    push(&mut text, &ticket(5));
    let mut late = comment(5, 4, "Late");
    late["created_at"] = json!("2024-02-01T00:00:01Z");
    push(&mut text, &late);
    text
}

on_both_stores! {
    fn bad_lines_are_told_by_number_and_the_others_are_imported(store) {
        let database = Database::create(store);
        let output = import(&database, &["--source", "elsewhere"], &mixed());
        let (lines, last) = complaints(&output);
        assert_eq!(last, "helpdesk: 5 lines are bad; mended, the same file can be imported again");
        let numbers: Vec<&str> = lines.iter().filter_map(|line| line.split(": ").next()).collect();
        assert_eq!(numbers, ["line 3", "line 4", "line 6", "line 7", "line 9"], "{lines:?}");
        for (line, part) in [
            (0, "ticket_id is not that of the ticket before"),
            (1, "key must be a string"),
            (2, "closed_at must be there of a ticket that is closed; reopen_count must be"),
            (3, "a comment of no ticket"),
            (4, "created_at is after its ticket changed last"),
        ] {
            assert!(lines[line].contains(part), "{part}: {}", lines[line]);
        }
        assert!(lines.iter().all(|line| !line.contains('\u{1b}')), "{lines:?}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.starts_with("Imported 3 tickets and 1 comment."), "{said}");
        assert_eq!((database.count("tickets"), database.count("comments")), (3, 1));

        // Mended, only what was missing is added.
        let mut mended = mixed().replace("\"reopen_count\":-1", "\"closed_at\":\"2024-01-31T00:00:00Z\"");
        mended = mended.replace("2024-02-01T00:00:01Z", "2024-02-01T00:00:00Z");
        let output = import(&database, &["--source", "elsewhere"], &mended);
        assert_eq!(complaints(&output).0.len(), 2);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.starts_with("Imported 1 ticket and 2 comments; 3 tickets and 1 comment were there"), "{said}");
        assert_eq!((database.count("tickets"), database.count("comments")), (4, 3));
    }

    fn a_dry_run_checks_alone(store) {
        let database = Database::create(store);
        let output = import(&database, &["--source", "elsewhere", "--dry-run"], &mixed());
        assert_eq!(complaints(&output).0.len(), 5);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "3 tickets and 1 comment are good. Nothing was written.\n");
        if store == StoreKind::Sqlite {
            assert!(!database.sqlite_file().exists());
        }
    }
}

#[test]
fn a_file_says_where_it_comes_from_or_the_caller_does() {
    let database = Database::create(StoreKind::Sqlite);
    let text = ticket(1).to_string();
    let (_, last) = complaints(&import(&database, &[], &text));
    assert!(last.contains("Run it again") || last.contains("--source"), "{last}");
    let said = imported(&import(&database, &["--source", "a"], &text));
    assert!(said.starts_with("Imported 1 ticket"), "{said}");
    // Another source's ticket 1 is another ticket.
    let begin = "{\"kind\":\"begin\",\"source\":\"b\"}\n";
    let end = "\n{\"kind\":\"end\",\"tickets\":1,\"comments\":0}\n";
    imported(&import(&database, &[], &format!("{begin}{text}{end}")));
    assert_eq!(database.count("tickets"), 2);
    // What the caller says counts more.
    imported(&import(&database, &["--source", "a"], &format!("{begin}{text}{end}")));
    assert_eq!(database.count("tickets"), 2);
    let (_, last) = complaints(&import(&database, &["--source", " "], &text));
    assert!(last.contains("--source must not be empty"), "{last}");
    let (_, last) = complaints(&crate::import_command(&database, &["no-such-file"]).output().unwrap());
    assert!(last.contains("cannot read no-such-file"), "{last}");
}

#[test]
fn an_export_that_was_cut_off_is_told_from_one_that_is_whole() {
    let database = Database::create(StoreKind::Sqlite);
    let begin = "{\"kind\":\"begin\",\"source\":\"b\"}\n";
    let lines = format!("{begin}{}\n{}\n", ticket(1), comment(1, 1, "C"));
    let (_, last) = complaints(&import(&database, &[], &lines));
    assert!(last.contains("ends in the middle of an export"), "{last}");
    assert_eq!(database.count("comments"), 1, "what came is there");
    let (lines, _) = complaints(&import(
        &database,
        &[],
        &format!("{lines}{{\"kind\":\"end\",\"tickets\":2,\"comments\":1}}\n"),
    ));
    assert_eq!(lines, ["line 4: the export had 2 tickets and 1 comments, but 1 and 1 came"]);
}
