//! The index of what agents work holds what belongs there, whatever is done to tickets and texts, and by whom.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy takes only test functions themselves for tests"
)]

mod support;

use std::thread;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use helpdesk_diesel::postgres::PostgresStore;
use helpdesk_diesel::sqlite::SqliteStore;
use support::Database;

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../../migrations/sqlite");

/// How many migrations knew nothing of it.
const BEFORE: usize = 8;

/// A customer and two agents; tickets, the odd ones of the first agent, each with a comment of either kind. More of them than are filled
/// in at a time. The texts' words are `t`, `p` and `i`, and behind it the number of the ticket.
const ON_POSTGRES: &str = "
    INSERT INTO users SELECT n, n || '@example.com', 'A', CASE n WHEN 1 THEN 'customer' ELSE 'agent' END,
        true, 1, 1, NULL, NULL, now(), now() FROM generate_series(1, 3) AS n;
    INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, assignee_id, team_id, version,
        public_version, created_at, updated_at, public_updated_at, reopen_count)
    SELECT n, 't' || n, 't' || n, 'open', 'low', '[]', 1, CASE n % 2 WHEN 1 THEN 2 END, 1, 1, 1, now(), now(), now(), 0
    FROM generate_series(1, 1201) AS n;
    INSERT INTO comments SELECT n, (n + 1) / 2, 1, 'customer', CASE n % 2 WHEN 1 THEN 'p' ELSE 'i' END || (n + 1) / 2,
        n % 2 = 0, now() FROM generate_series(1, 2402) AS n;
    SELECT setval('comments_public_ids', 2401), setval('comments_internal_ids', 2402);
    INSERT INTO ticket_texts SELECT id, array_to_tsvector(ARRAY[subject, 'straße']) FROM tickets;
    INSERT INTO public_comment_texts
    SELECT id, ticket_id, array_to_tsvector(ARRAY[body]) FROM comments WHERE NOT is_internal;
    INSERT INTO internal_comment_texts
    SELECT id, ticket_id, array_to_tsvector(ARRAY[body]) FROM comments WHERE is_internal;
    UPDATE text_indexes SET words_version = 1, indexed_to = 2402;";

const ON_SQLITE: &str = "
    WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 3)
    INSERT INTO users SELECT n, n || '@example.com', 'A', CASE n WHEN 1 THEN 'customer' ELSE 'agent' END,
        1, 1, 1, NULL, NULL, 0, 0 FROM series;
    WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 1201)
    INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, assignee_id, team_id, version,
        public_version, created_at, updated_at, public_updated_at, reopen_count)
    SELECT n, 't' || n, 't' || n, 'open', 'low', '[]', 1, CASE n % 2 WHEN 1 THEN 2 END, 1, 1, 1, 0, 0, 0, 0 FROM series;
    WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 2402)
    INSERT INTO comments SELECT n, (n + 1) / 2, 1, 'customer', CASE n % 2 WHEN 1 THEN 'p' ELSE 'i' END || (n + 1) / 2,
        n % 2 = 0, 0 FROM series;
    UPDATE id_counters SET last = 2401 WHERE name = 'comments_public_ids';
    UPDATE id_counters SET last = 2402 WHERE name = 'comments_internal_ids';
    INSERT INTO ticket_texts SELECT id, ' straße ' || subject || ' ' FROM tickets;
    INSERT INTO public_comment_texts SELECT id, ticket_id, ' ' || body || ' ' FROM comments WHERE NOT is_internal;
    INSERT INTO internal_comment_texts SELECT id, ticket_id, ' ' || body || ' ' FROM comments WHERE is_internal;
    UPDATE text_indexes SET words_version = 1, indexed_to = 2402;";

/// What differs between what is there and what belongs there, and whether there is anything.
const DIFFERENCE: &str = "
    SELECT count(*) AS difference, EXISTS (SELECT 1 FROM assigned_texts) AS is_filled FROM (
        SELECT id, ticket_id, words FROM (SELECT id, ticket_id, words FROM texts_of_agents EXCEPT SELECT id, ticket_id, words FROM assigned_texts) AS missing
        UNION ALL
        SELECT id, ticket_id, words FROM (SELECT id, ticket_id, words FROM assigned_texts EXCEPT SELECT id, ticket_id, words FROM texts_of_agents) AS wrong
    ) AS differing";

#[derive(QueryableByName)]
struct Difference {
    #[diesel(sql_type = BigInt)]
    difference: i64,
    #[diesel(sql_type = Bool)]
    is_filled: bool,
}

/// What may happen to tickets and their texts, and in which way, whoever does it. `{p1}` is the words of a text in SQL that has
/// one word, `p1`.
const EVENTS: [&str; 14] = [
    "UPDATE tickets SET assignee_id = 2 WHERE id IN (2, 4)",
    "UPDATE tickets SET assignee_id = 3 WHERE id IN (1, 2, 3, 6)",
    "UPDATE tickets SET assignee_id = 3, status = 'pending' WHERE id = 3",
    "UPDATE tickets SET assignee_id = NULL WHERE id IN (2, 5)",
    "UPDATE tickets SET assignee_id = 3 WHERE id IN (2, 5)",
    "INSERT INTO comments SELECT 9001, 1, 1, 'customer', 'x', is_internal, created_at FROM comments WHERE id = 1",
    "INSERT INTO comments SELECT 9003, 8, 1, 'customer', 'x', is_internal, created_at FROM comments WHERE id = 1",
    "INSERT INTO public_comment_texts VALUES (9001, 1, {x}), (9003, 8, {x})",
    "INSERT INTO public_comment_texts VALUES (9001, 1, {x}), (9003, 8, {x}) ON CONFLICT DO NOTHING",
    "UPDATE ticket_texts SET words = {x} WHERE ticket_id IN (7, 8)",
    "UPDATE internal_comment_texts SET words = {x} WHERE ticket_id IN (7, 8)",
    "DELETE FROM comments WHERE id IN (9001, 13, 14)",
    "DELETE FROM ticket_texts WHERE ticket_id IN (9, 10)",
    "DELETE FROM tickets WHERE id IN (11, 12)",
];

/// Plays all that on one engine.
fn play<C: SimpleConnection>(beside: &mut C, words: &str, check: impl Fn(&mut C, &str)) {
    check(beside, "after filling in");
    for event in EVENTS {
        beside.batch_execute(&event.replace("{x}", words)).unwrap();
        check(beside, event);
    }
}

fn on_postgres() -> (Database, PgConnection) {
    let database = Database::create();
    let mut beside = database.connection();
    for _ in 0..BEFORE {
        beside.run_next_migration(POSTGRES).unwrap();
    }
    beside.batch_execute(ON_POSTGRES).unwrap();
    drop(PostgresStore::connect(database.url()).unwrap());
    (database, beside)
}

fn check_postgres(beside: &mut PgConnection, what: &str) {
    let found: Difference = diesel::sql_query(DIFFERENCE).get_result(beside).unwrap();
    assert!(found.difference == 0 && found.is_filled, "{what}: {}", found.difference);
}

#[test]
fn on_postgres_it_holds_what_belongs_there() {
    let (_database, mut beside) = on_postgres();
    play(&mut beside, "array_to_tsvector(ARRAY['x', 'y'])", check_postgres);
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Who writes a comment has the ticket, and who assigns it waits for that; and the other way around.
#[test]
fn on_postgres_a_comment_and_an_assignment_at_once_see_one_another() {
    let (database, mut beside) = on_postgres();
    const COMMENT: [&str; 3] = [
        "UPDATE tickets SET version = version + 1 WHERE id = 1",
        "INSERT INTO comments SELECT 9001, 1, 1, 'customer', 'x', false, created_at FROM tickets WHERE id = 1",
        "INSERT INTO public_comment_texts VALUES (9001, 1, array_to_tsvector(ARRAY['x']))",
    ];
    const ASSIGN: [&str; 1] = ["UPDATE tickets SET assignee_id = 3, version = version + 1 WHERE id = 1"];
    for (first, second) in [(COMMENT.as_slice(), ASSIGN.as_slice()), (&ASSIGN, &COMMENT)] {
        let mut one = database.connection();
        let mut other = database.connection();
        one.batch_execute(&format!("BEGIN; {}", first[0])).unwrap();
        let waiting =
            thread::spawn(move || other.batch_execute(&format!("BEGIN; {}; COMMIT", second.join("; "))));
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        while diesel::sql_query(waits).get_result::<Counted>(&mut beside).unwrap().count == 0 {
            thread::yield_now();
        }
        one.batch_execute(&format!("{}; COMMIT", first[1..].join("; "))).unwrap();
        waiting.join().unwrap().unwrap();
        check_postgres(&mut beside, "both are written");
        beside
            .batch_execute(
                "DELETE FROM comments WHERE id = 9001; UPDATE tickets SET assignee_id = 2 WHERE id = 1",
            )
            .unwrap();
    }
}

#[test]
fn on_sqlite_it_holds_what_belongs_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("helpdesk.db");
    let beside = &mut SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    for _ in 0..BEFORE {
        beside.run_next_migration(SQLITE).unwrap();
    }
    beside.batch_execute(ON_SQLITE).unwrap();
    drop(SqliteStore::open(&path).unwrap());
    beside.batch_execute("PRAGMA foreign_keys = ON").unwrap();
    play(beside, "' x y '", |beside, what| {
        let found: Difference = diesel::sql_query(DIFFERENCE).get_result(beside).unwrap();
        assert!(found.difference == 0 && found.is_filled, "{what}: {}", found.difference);
        // And each word of it is in the index behind it.
        beside
            .batch_execute("INSERT INTO assigned_words (assigned_words) VALUES ('integrity-check')")
            .unwrap();
        for (agent, word) in
            [(2, "straße"), (3, "straße"), (2, "x"), (3, "x"), (2, "p7"), (3, "p1"), (2, "i13")]
        {
            let count = |sql: String| diesel::sql_query(sql).get_result::<Counted>(beside).unwrap().count;
            let mut count = count;
            let indexed = count(format!(
                "SELECT count(*) AS count FROM assigned_words WHERE assigned_words MATCH '\"{agent}x{word}\"'"
            ));
            let there = count(format!(
                "SELECT count(*) AS count FROM assigned_texts WHERE instr(words, ' {agent}x{word} ') > 0"
            ));
            assert_eq!(indexed, there, "{what}: {word} of {agent}");
        }
    });
}
