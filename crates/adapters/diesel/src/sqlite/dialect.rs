//! What is SQLite's own.

use diesel::deserialize::{self, FromSql};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use helpdesk_ports::{Cause, StoreError};

use crate::executor::Caller;

use super::reader;
use super::shared::{Failure, IdSequence, StoredTs};

pub(super) type Conn = SqliteConnection;
pub(super) type Db = Sqlite;
/// The type of a new row's id.
pub(super) type NextId = i64;

pub(super) use super::text_search::{AskedSql, AskedWord, COMPARES, finds, to_compare, to_find};
pub(super) use diesel::sql_types::{BigInt as Timestamptz, Binary as Bytea, Json as Jsonb, Text as Tsvector};

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../../migrations/sqlite");

/// Whether a text is in a column, whose ASCII letters alone are put in lower case: before the column, between it and the text,
/// and behind that. SQLite's own `lower` knows no other letters; a library that was built with ICU would, and this one is not.
pub(super) const FIND_IN_ASCII_LOWER_CASE: (&str, &str, &str) = ("instr(lower(", "), ", ") > 0");

/// Whether a ticket is in an agent's queue: before the agent's id, and behind it. A cross join is SQLite's way to say where to
/// begin: with the agent's teams; and by which index to go on, it has to be told as well. Else it would look among all tickets that
/// nobody works or that the teams ever had.
pub(super) const IN_THE_QUEUE: (&str, &str) = (
    "tickets.id IN (SELECT queued.id FROM team_members CROSS JOIN tickets AS queued INDEXED BY tickets_queue \
     ON queued.team_id = team_members.team_id AND queued.assignee_id IS NULL AND queued.status <> 'closed' \
     WHERE team_members.user_id = ",
    ")",
);

/// What stands before and behind a column where no index is to give its values in order, or to be entered by them.
pub(super) const UNINDEXED: (&str, &str) = ("+", "");

/// What stands around a condition that is to find no rows, but to be looked at in those that something else finds: nothing. An index of
/// whose tickets they are, entered by the ids as well, is the best there is, and what is taken.
pub(super) const BESIDE_WORDS: (&str, &str) = ("", "");

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

/// The writer has given each request a savepoint of its own, and looks after its caller itself.
pub(super) fn transaction<T>(
    conn: &mut Conn,
    _: &dyn Caller,
    work: impl FnOnce(&mut Conn) -> Result<T, Failure>,
) -> Result<T, Failure> {
    work(conn)
}

/// Reads by several statements that look at one moment.
pub(super) fn in_one_snapshot<T>(
    conn: &mut Conn,
    read: impl FnOnce(&mut Conn) -> Result<T, Failure>,
) -> Result<T, Failure> {
    const SEVERAL: usize = 2;
    reader::in_one_snapshot(conn, SEVERAL, read)
}

/// Tries a statement that may break a unique constraint. SQLite takes back the one statement and nothing else.
pub(super) fn attempt<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> QueryResult<T>) -> QueryResult<T> {
    work(conn)
}

/// From one id of a sequence to the next: a sequence has the odd ones or the even ones.
const ID_STEP: i64 = 2;

/// Moves the counter that stands in for a sequence. Written out, since diesel would have its own form of it parsed anew
/// for each comment and event.
#[derive(QueryId)]
struct Advance {
    name: &'static str,
    by: i64,
}

impl QueryFragment<Sqlite> for Advance {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("UPDATE id_counters SET last = last + ");
        out.push_bind_param::<BigInt, _>(&self.by)?;
        out.push_sql(" WHERE name = ");
        out.push_bind_param::<Text, _>(&self.name)?;
        out.push_sql(" RETURNING last");
        Ok(())
    }
}

impl Query for Advance {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for Advance {}

/// The next id of the sequence.
pub(super) fn next_id(conn: &mut Conn, sequence: IdSequence) -> QueryResult<NextId> {
    Advance { name: sequence.name(), by: ID_STEP }.get_result(conn)
}

/// The next ids of the sequence, in order.
pub(super) fn next_ids(
    conn: &mut Conn,
    sequence: IdSequence,
    count: usize,
) -> QueryResult<impl Iterator<Item = i64>> {
    // No more than there can be in memory.
    let by = i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(ID_STEP);
    let last: i64 = Advance { name: sequence.name(), by }.get_result(conn)?;
    Ok((0..count).scan(last - by, |id, _| {
        *id += ID_STEP;
        Some(*id)
    }))
}

/// The last id that the sequence has given, whatever became of it.
pub(super) fn last_id(conn: &mut Conn, sequence: IdSequence) -> QueryResult<i64> {
    LastId(sequence.name()).get_result(conn)
}

#[derive(QueryId)]
struct LastId(&'static str);

impl QueryFragment<Sqlite> for LastId {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("SELECT last FROM id_counters WHERE name = ");
        out.push_bind_param::<Text, _>(&self.0)
    }
}

impl Query for LastId {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for LastId {}

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
