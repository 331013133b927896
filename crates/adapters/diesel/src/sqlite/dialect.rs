//! What is SQLite's own.

use diesel::deserialize::{self, FromSql};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::BigInt;
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use helpdesk_ports::{Cause, StoreError};

use super::shared::{Failure, IdSequence, StoredTs};

pub(super) type Conn = SqliteConnection;
pub(super) type Db = Sqlite;
/// The type of a new row's id.
pub(super) type NextId = i64;

pub(super) use diesel::sql_types::{BigInt as Timestamptz, Binary as Bytea, Json as Jsonb};

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../../migrations/sqlite");

diesel::table! {
    /// The counters that stand in for sequences.
    id_counters (name) {
        name -> Text,
        last -> BigInt,
    }
}

impl FromSql<BigInt, Sqlite> for StoredTs {
    fn from_sql(value: diesel::sqlite::SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        <i64 as FromSql<BigInt, Sqlite>>::from_sql(value).map(Self)
    }
}

impl ToSql<BigInt, Sqlite> for StoredTs {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0);
        Ok(IsNull::No)
    }
}

/// The writer has given each request a savepoint of its own.
pub(super) fn transaction<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, Failure>,
) -> Result<T, Failure> {
    work(conn)
}

/// The next id of the sequence.
pub(super) fn next_id(conn: &mut Conn, sequence: IdSequence) -> QueryResult<NextId> {
    diesel::update(id_counters::table.find(sequence.name()))
        .set(id_counters::last.eq(id_counters::last + 2))
        .returning(id_counters::last)
        .get_result(conn)
}

/// What SQLite says when it cannot go on for reasons outside of this program. Diesel tells of the codes only those of
/// constraints, so the texts, which belong to the codes and are not translated, have to do: BUSY, LOCKED, FULL, IOERR, NOMEM,
/// CANTOPEN, PROTOCOL, READONLY, INTERRUPT.
const UNAVAILABLE: &[&str] = &[
    "database is locked",
    "database table is locked",
    "database schema is locked",
    "database or disk is full",
    "disk I/O error",
    "out of memory",
    "unable to open database file",
    "locking protocol",
    "attempt to write a readonly database",
    "interrupted",
];

/// What an error of diesel or SQLite means to a caller.
pub(super) fn classify(error: &Error) -> StoreError {
    match error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, information)
            if UNAVAILABLE.iter().any(|text| information.message().starts_with(text)) =>
        {
            StoreError::Unavailable(Cause::new(error))
        }
        Error::BrokenTransactionManager => StoreError::Unavailable(Cause::new(error)),
        Error::RollbackErrorOnCommit { commit_error, .. } => classify(commit_error),
        _ => StoreError::Fault(Cause::new(error)),
    }
}
