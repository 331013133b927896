//! Keeping answers, and forgetting them. Written out, since diesel would have its own form of both parsed anew each time.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use helpdesk_domain::Ts;
use helpdesk_ports::{KeptAnswer, Once};

use super::super::StoredTs;
use super::super::dialect::{Bytea, Conn, Db, Timestamptz};

/// Keeps an answer, unless there is one under the key that has not expired: `false`. Who keeps one under the same key is waited
/// for.
pub(super) fn keep<T>(conn: &mut Conn, once: &Once<T>, kept: &KeptAnswer) -> QueryResult<bool> {
    let kept = Keep {
        account: once.account.get(),
        key: once.key.as_str(),
        fingerprint: &kept.fingerprint.0,
        answer: &kept.answer.0,
        expires_at: once.expires_at.into(),
        now: once.now.into(),
    };
    Ok(kept.execute(conn)? > 0)
}

struct Keep<'a> {
    account: i64,
    key: &'a str,
    fingerprint: &'a [u8],
    answer: &'a [u8],
    expires_at: StoredTs,
    now: StoredTs,
}

impl QueryFragment<Db> for Keep<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO idempotency_keys (account_id, key, fingerprint, answer, expires_at) VALUES (",
        );
        out.push_bind_param::<BigInt, _>(&self.account)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.key)?;
        out.push_sql(", ");
        out.push_bind_param::<Bytea, _>(self.fingerprint)?;
        out.push_sql(", ");
        out.push_bind_param::<Bytea, _>(self.answer)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.expires_at)?;
        out.push_sql(
            ") ON CONFLICT (account_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, \
             answer = excluded.answer, expires_at = excluded.expires_at WHERE idempotency_keys.expires_at <= ",
        );
        out.push_bind_param::<Timestamptz, _>(&self.now)
    }
}

/// The same statement, whatever it refers to.
impl QueryId for Keep<'_> {
    type QueryId = Keep<'static>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<Conn> for Keep<'_> {}

/// Forgets up to so many of those that have expired, longest ago first.
pub(super) fn forget_expired(conn: &mut Conn, now: Ts, most: usize) -> QueryResult<usize> {
    Forget { now: now.into(), most: i64::try_from(most).unwrap_or(i64::MAX) }.execute(conn)
}

#[derive(QueryId)]
struct Forget {
    now: StoredTs,
    most: i64,
}

impl QueryFragment<Db> for Forget {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql(
            "DELETE FROM idempotency_keys WHERE (account_id, key) IN (SELECT account_id, key \
             FROM idempotency_keys AS expired WHERE expires_at <= ",
        );
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(" ORDER BY expires_at LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.most)?;
        // One that gave way to a new answer since it was looked for, has not expired any more.
        out.push_sql(") AND expires_at <= ");
        out.push_bind_param::<Timestamptz, _>(&self.now)
    }
}

impl RunQueryDsl<Conn> for Forget {}
