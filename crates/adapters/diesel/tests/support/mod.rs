//! A store of its own for each test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking; clippy takes only test functions themselves for tests"
)]
#![allow(
    dead_code,
    clippy::unused_async,
    clippy::allow_attributes,
    reason = "not every test binary uses all of it"
)]

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::pg::PgConnection;
use diesel::prelude::*;
use helpdesk_diesel::postgres::PostgresStore;
use helpdesk_diesel::sqlite::SqliteStore;
use helpdesk_ports::Stores;
use tempfile::TempDir;

/// An empty SQLite store in a directory that goes with the guard.
pub(crate) async fn make_sqlite() -> (Stores, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let stores = SqliteStore::open(&directory.path().join("helpdesk.db")).unwrap();
    (stores, directory)
}

/// An empty Postgres store in a database that goes with the guard.
pub(crate) async fn make_postgres() -> (Stores, Database) {
    let database = Database::create();
    let stores = PostgresStore::connect(database.url()).unwrap();
    (stores, database)
}

/// A Postgres database that is dropped with the value.
pub(crate) struct Database {
    name: String,
    url: String,
}

impl Database {
    /// Makes an empty one.
    pub(crate) fn create() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin = admin_url();
        let (server, _) = admin.rsplit_once('/').unwrap();
        let url = format!("{server}/{name}");
        // One may be left from a run that was killed, whose process id has come round again.
        run_as_admin(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        run_as_admin(&format!("CREATE DATABASE {name}"));
        Self { name, url }
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A connection beside the store's.
    pub(crate) fn connection(&self) -> PgConnection {
        PgConnection::establish(&self.url).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        run_as_admin(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn admin_url() -> String {
    std::env::var("HELPDESK_TEST_POSTGRES_URL")
        .expect("HELPDESK_TEST_POSTGRES_URL is not set: run through `cargo xtask test`")
}

fn run_as_admin(statement: &str) {
    let mut connection = PgConnection::establish(&admin_url()).unwrap();
    diesel::sql_query(statement).execute(&mut connection).unwrap();
}
