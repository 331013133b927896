//! What was written before there were searches is found after an upgrade, and after words became something else.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy takes only test functions themselves for tests"
)]

mod support;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use helpdesk_diesel::postgres::PostgresStore;
use helpdesk_diesel::sqlite::SqliteStore;
use helpdesk_domain::{AdminActor, CustomerActor, Scope, TicketId, UserId};
use helpdesk_ports::{Limit, PageRequest, Stores, TicketFilter, TicketQuery, TicketSearch, WORDS_VERSION};
use support::Database;

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../../migrations/sqlite");

/// How many migrations knew nothing of searches.
const BEFORE: usize = 5;

/// More tickets than are indexed at a time, the last of which has comments.
const ON_POSTGRES: &str = "
    INSERT INTO users VALUES (1, 'a@example.com', 'A', 'customer', true, 1, 1, NULL, NULL, now(), now());
    INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, team_id, version,
        public_version, created_at, updated_at, public_updated_at, reopen_count)
    SELECT n, 'Subject ' || n, 'Café', 'open', 'low', '[]', 1, 1, 1, 1, now(), now(), now(), 0
    FROM generate_series(1, 1234) AS n;
    INSERT INTO comments VALUES (1, 1234, 1, 'customer', 'Mandarin', false, now()),
        (2, 1234, 1, 'agent', 'Pomelo', true, now());
    SELECT setval('comments_public_ids', 1), setval('comments_internal_ids', 2);";

const ON_SQLITE: &str = "
    INSERT INTO users VALUES (1, 'a@example.com', 'A', 'customer', 1, 1, 1, NULL, NULL, 0, 0);
    WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 1234)
    INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, team_id, version,
        public_version, created_at, updated_at, public_updated_at, reopen_count)
    SELECT n, 'Subject ' || n, 'Café', 'open', 'low', '[]', 1, 1, 1, 1, 0, 0, 0, 0 FROM series;
    INSERT INTO comments VALUES (1, 1234, 1, 'customer', 'Mandarin', 0, 0), (2, 1234, 1, 'agent', 'Pomelo', 1, 0);
    UPDATE id_counters SET last = 1 WHERE name = 'comments_public_ids';
    UPDATE id_counters SET last = 2 WHERE name = 'comments_internal_ids';";

/// As a binary would write it that knows of no searches, and was still running.
const UNINDEXED: &str = "
    INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, team_id, version,
        public_version, created_at, updated_at, public_updated_at, reopen_count)
    SELECT 1235, 'Straggler', 'x', 'open', 'low', '[]', 1, 1, 1, 1, created_at, created_at, created_at, 0
    FROM tickets WHERE id = 1;";

#[derive(Debug, QueryableByName)]
#[expect(dead_code, reason = "told if there is one")]
struct Row {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
}

fn customer() -> Scope {
    CustomerActor::new(UserId::new(1).unwrap()).scope()
}

async fn found(stores: &Stores, scope: Scope, text: &str) -> Vec<i64> {
    let filter = TicketFilter::default().with_search(Some(TicketSearch::parse(text).unwrap()));
    let page = PageRequest { limit: Limit::new(3).unwrap(), after: None };
    let listed = stores.tickets.list(scope, TicketQuery { filter, page, ..TicketQuery::default() }).await;
    listed.unwrap().items.iter().map(|ticket| TicketId::get(ticket.id())).collect()
}

async fn everything_is_found(stores: &Stores) {
    for id in [1, 500, 501, 777, 1234] {
        assert_eq!(found(stores, customer(), &format!("subject {id} cafe")).await[0], id);
    }
    assert_eq!(found(stores, customer(), "mandarin").await, [1234]);
    assert_eq!(found(stores, customer(), "pomelo").await, [0; 0]);
    let admin = AdminActor::new(UserId::new(2).unwrap()).scope();
    assert_eq!(found(stores, admin, "pomelo mandarin").await, [1234]);
    assert_eq!(found(stores, admin, "wrong").await, [0; 0]);
}

/// Plays an upgrade on one engine. `wrong` makes the index of the tickets one of other words, by its type in SQL.
async fn upgrades<C: SimpleConnection>(beside: &mut C, open: impl Fn() -> Stores, wrong: &str) {
    everything_is_found(&open()).await;
    beside.batch_execute(UNINDEXED).unwrap();
    let stores = open();
    assert_eq!(found(&stores, customer(), "straggler").await, [1235], "the next start finds it");
    drop(stores);

    // Words of this version are left alone, and those of an older one are made anew.
    let version = |version: i64| format!("UPDATE text_indexes SET words_version = {version}");
    beside.batch_execute(&format!("UPDATE ticket_texts SET words = {wrong}")).unwrap();
    assert_eq!(found(&open(), customer(), "wrong").await.len(), 3);
    beside.batch_execute(&version(WORDS_VERSION + 1)).unwrap();
    assert_eq!(found(&open(), customer(), "wrong").await.len(), 3, "a later binary knows better");
    beside.batch_execute(&version(WORDS_VERSION - 1)).unwrap();
    let stores = open();
    everything_is_found(&stores).await;
    assert_eq!(found(&stores, customer(), "straggler").await, [1235]);
}

#[tokio::test]
async fn on_postgres_what_was_there_is_found_after_an_upgrade() {
    let database = Database::create();
    let beside: &mut PgConnection = &mut database.connection();
    for _ in 0..BEFORE {
        beside.run_next_migration(POSTGRES).unwrap();
    }
    beside.batch_execute(ON_POSTGRES).unwrap();
    let open = || PostgresStore::connect(database.url()).unwrap();
    upgrades(beside, open, "array_to_tsvector(ARRAY['wrong'])").await;
}

#[tokio::test]
async fn on_sqlite_what_was_there_is_found_after_an_upgrade() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("helpdesk.db");
    let beside = &mut SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    for _ in 0..BEFORE {
        beside.run_next_migration(SQLITE).unwrap();
    }
    beside.batch_execute(ON_SQLITE).unwrap();
    upgrades(beside, || SqliteStore::open(&path).unwrap(), "' wrong '").await;

    // What is deleted by hand is no longer in the index either.
    beside.batch_execute("PRAGMA foreign_keys = ON; DELETE FROM tickets WHERE id = 1234").unwrap();
    for (table, words) in [("ticket", "1234"), ("public_comment", "mandarin"), ("internal_comment", "pomelo")]
    {
        let left = format!("SELECT rowid AS id FROM {table}_words WHERE {table}_words MATCH '{words}'");
        let left: Vec<Row> = diesel::sql_query(left).load(beside).unwrap();
        assert!(left.is_empty(), "{table}: {left:?}");
        beside
            .batch_execute(&format!("INSERT INTO {table}_words ({table}_words) VALUES ('integrity-check')"))
            .unwrap();
    }
}
