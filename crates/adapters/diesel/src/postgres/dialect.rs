//! What is Postgres's own.

use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgConnection, PgValue};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use helpdesk_ports::{Cause, StoreError};

use crate::executor::Caller;

use super::shared::{Failure, IdSequence, StoredTs};

pub(super) type Conn = PgConnection;
pub(super) type Db = Pg;
/// The type of a new row's id.
pub(super) type NextId = nextval<&'static str>;

pub(super) use super::sql_types::Tsvector;
pub(super) use super::text_search::{AskedSql, AskedWord, COMPARES, finds, to_compare, to_find};
pub(super) use diesel::sql_types::{Bytea, Jsonb, Timestamptz};

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../../migrations/postgres");

/// Whether a text is in a column, whose ASCII letters alone are put in lower case: before the column, between it and the text,
/// and behind that. In the collation `C` no other letter has a case, whatever the database's own is.
pub(super) const FIND_IN_ASCII_LOWER_CASE: (&str, &str, &str) =
    ("strpos(lower(", " COLLATE \"C\"), ", ") > 0");

/// Whether a ticket is in an agent's queue: before the agent's id, and behind it.
pub(super) const IN_THE_QUEUE: (&str, &str) = (
    "tickets.team_id IN (SELECT team_id FROM team_members WHERE user_id = ",
    ") AND tickets.assignee_id IS NULL AND tickets.status <> 'closed'",
);

/// What stands around a column where no index is to give its values in order, or to be entered by them.
pub(super) const UNINDEXED: (&str, &str) = ("greatest(", ")");

/// What stands around a condition that is to find no rows, but to be looked at in those that something else finds.
pub(super) const BESIDE_WORDS: (&str, &str) = ("(", ") IS TRUE");

/// From 1970-01-01 to 2000-01-01, where Postgres begins to count.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

impl FromSql<Timestamptz, Pg> for StoredTs {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        // Saturates: `infinity` is i64::MAX, and no time of ours either way.
        <i64 as FromSql<BigInt, Pg>>::from_sql(value).map(|micros| Self(micros.saturating_add(EPOCH_MICROS)))
    }
}

impl ToSql<Timestamptz, Pg> for StoredTs {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<BigInt, Pg>::to_sql(&self.0.saturating_sub(EPOCH_MICROS), &mut out.reborrow())
    }
}

/// Not kept if its caller has left by its end. At READ COMMITTED: what must hold across rows is locked, and what was decided upon is compared by its version.
pub(super) fn transaction<T>(
    conn: &mut Conn,
    caller: &dyn Caller,
    work: impl FnOnce(&mut Conn) -> Result<T, Failure>,
) -> Result<T, Failure> {
    conn.transaction(|conn| {
        let result = work(conn)?;
        // It may have waited for a lock meanwhile. Nobody hears the error, and the connection is as good as before.
        if caller.has_left() {
            return Err(StoreError::Conflict(Cause::new("the caller has left")).into());
        }
        Ok(result)
    })
}

/// Reads by several statements that look at one moment.
pub(super) fn in_one_snapshot<T>(
    conn: &mut Conn,
    read: impl FnOnce(&mut Conn) -> Result<T, Failure>,
) -> Result<T, Failure> {
    conn.build_transaction().repeatable_read().read_only().run(read)
}

/// Tries a statement that may break a unique constraint, which would end the whole transaction: under a savepoint, to which it
/// goes back.
pub(super) fn attempt<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> QueryResult<T>) -> QueryResult<T> {
    conn.transaction(work)
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn nextval(sequence: Text) -> BigInt;
}

/// The next id of the sequence, taken by the statement that it becomes part of.
#[expect(clippy::unnecessary_wraps, reason = "the other engine's can fail")]
pub(super) fn next_id(_: &mut Conn, sequence: IdSequence) -> QueryResult<NextId> {
    Ok(nextval(sequence.name()))
}

/// The last id that the sequence has given, whatever became of it.
pub(super) fn last_id(conn: &mut Conn, sequence: IdSequence) -> QueryResult<i64> {
    LastId(sequence).get_result(conn)
}

/// Known by its text, which has the sequence's name.
struct LastId(IdSequence);

impl QueryFragment<Pg> for LastId {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("SELECT last_value FROM ");
        out.push_identifier(self.0.name())
    }
}

impl QueryId for LastId {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for LastId {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for LastId {}

/// Two transactions stood in each other's way, and Postgres ended this one.
const CONFLICT: &[&str] = &["deadlock detected", "could not serialize access"];

/// What the server says when it cannot go on for reasons outside of this program: time-outs, shutting down, no memory, disk or
/// connection left.
const UNAVAILABLE: &[&str] = &[
    "canceling statement due to",
    "terminating connection due to",
    "the database system is",
    "sorry, too many clients already",
    "remaining connection slots are reserved",
    "too many connections for",
    "could not extend file",
    "could not write",
    "out of memory",
    "out of shared memory",
];

/// What an error of diesel or Postgres means to a caller.
pub(super) fn classify(error: &Error) -> StoreError {
    match error {
        Error::DatabaseError(kind, information) => {
            let says = |texts: &[&str]| texts.iter().any(|text| information.message().starts_with(text));
            match kind {
                DatabaseErrorKind::SerializationFailure => StoreError::Conflict(Cause::new(error)),
                // A server that became a standby takes no writes; the address may name its successor.
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction => StoreError::Unavailable(Cause::new(error)),
                DatabaseErrorKind::Unknown if says(CONFLICT) => StoreError::Conflict(Cause::new(error)),
                DatabaseErrorKind::Unknown if says(UNAVAILABLE) => StoreError::Unavailable(Cause::new(error)),
                _ => StoreError::Fault(Cause::new(error)),
            }
        }
        Error::BrokenTransactionManager => StoreError::Unavailable(Cause::new(error)),
        Error::RollbackErrorOnCommit { commit_error, .. } => classify(commit_error),
        _ => StoreError::Fault(Cause::new(error)),
    }
}
