//! Stores of either engine, full and listened to.

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use helpdesk_diesel::postgres::PostgresStore;
use helpdesk_diesel::sqlite::SqliteStore;
use helpdesk_ports::Stores;
use tempfile::TempDir;

use crate::recorder::Log;
use crate::seed::Seed;
use crate::support::Database;

/// A store, what it sends, and a connection `C` beside it.
pub(crate) struct Observed<C, Guard> {
    pub(crate) stores: Stores,
    pub(crate) log: Log,
    pub(crate) beside: C,
    /// What its connections were set to when the store made them.
    pub(crate) settings: Vec<String>,
    _guard: Guard,
}

/// What the tests themselves send is no concern of theirs.
fn unheard(_: InstrumentationEvent<'_>) {}

/// On Postgres.
pub(crate) fn postgres(seed: Seed) -> Observed<PgConnection, Database> {
    let database = Database::create();
    PostgresStore::migrate(database.url()).unwrap();
    let mut beside = database.connection();
    beside.set_instrumentation(unheard);
    beside.batch_execute(&seed.postgres()).unwrap();
    let mut log = Log::of(database.url());
    let stores = PostgresStore::connect(database.url()).unwrap();
    let settings = log.take().into_iter().filter(|sql| sql.starts_with("SET ")).collect();
    Observed { stores, log, beside, settings, _guard: database }
}

/// On SQLite.
pub(crate) fn sqlite(seed: Seed) -> Observed<SqliteConnection, TempDir> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("helpdesk.db");
    SqliteStore::migrate(&path).unwrap();
    let path = path.to_str().unwrap();
    let mut beside = SqliteConnection::establish(path).unwrap();
    beside.set_instrumentation(unheard);
    // As one transaction, which need not survive anything.
    beside.batch_execute(&format!("PRAGMA synchronous = OFF; BEGIN; {} COMMIT;", seed.sqlite())).unwrap();
    let log = Log::of(path);
    let stores = SqliteStore::open(path.as_ref()).unwrap();
    Observed { stores, log, beside, settings: Vec::new(), _guard: directory }
}
