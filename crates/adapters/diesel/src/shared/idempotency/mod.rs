//! The answers that are kept, each with the write that it is the answer to.

mod keep;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use diesel::prelude::*;
use helpdesk_domain::{Ts, UserId};
use helpdesk_ports::{
    Answer, Cause, Fingerprint, IdempotencyKey, IdempotencyRepository, KeptAnswer, Once, StoreError,
    WrittenOnce,
};

use super::dialect::Conn;
use super::rows::Origin;
use super::schema::idempotency_keys;
use super::{Failure, StoredTs, write};
use crate::executor::Lanes;

pub(super) struct DieselIdempotency {
    lanes: Lanes<Conn>,
}

impl DieselIdempotency {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
    }
}

#[async_trait]
impl IdempotencyRepository for DieselIdempotency {
    async fn find(
        &self,
        account: UserId,
        key: IdempotencyKey,
        now: Ts,
    ) -> Result<Option<KeptAnswer>, StoreError> {
        self.lanes.reads.call(move |conn| find(conn, account, &key, now)).await
    }

    async fn forget_expired(&self, now: Ts, most: usize) -> Result<usize, StoreError> {
        write(&self.lanes, move |conn| Ok(keep::forget_expired(conn, now, most)?)).await
    }
}

fn find(
    conn: &mut Conn,
    account: UserId,
    key: &IdempotencyKey,
    now: Ts,
) -> Result<Option<KeptAnswer>, Failure> {
    let row: Option<(Vec<u8>, Vec<u8>)> = idempotency_keys::table
        .find((account.get(), key.as_str()))
        .filter(idempotency_keys::expires_at.gt(StoredTs::from(now)))
        .select((idempotency_keys::fingerprint, idempotency_keys::answer))
        .get_result(conn)
        .optional()?;
    let Some((fingerprint, answer)) = row else {
        return Ok(None);
    };
    let origin = Origin::new("idempotency_keys", account.get());
    let fingerprint = fingerprint.try_into().map_err(|_| origin.corrupt("fingerprint"))?;
    Ok(Some(KeptAnswer { fingerprint: Fingerprint(fingerprint), answer: Answer(answer) }))
}

/// Does the work in a transaction of its own, and keeps the answer to what was `written` in the same one. Where the key is taken
/// by then nothing is kept, neither of the work.
///
/// The key comes last, when the answer is known: one statement does it. Whoever comes with the same key meanwhile does its
/// work, too, and waits there for the first to commit; that it was in vain, is rare enough.
pub(super) async fn write_once<W, T>(
    lanes: &Lanes<Conn>,
    once: Once<T>,
    work: impl FnOnce(&mut Conn) -> Result<W, Failure> + Send + 'static,
    written: fn(&W) -> Option<&T>,
) -> Result<WrittenOnce<W>, StoreError>
where
    W: Send + 'static,
    T: 'static,
{
    // An error alone takes back what was done. This tells that one from all others.
    let is_taken = Arc::new(AtomicBool::new(false));
    let found_taken = is_taken.clone();
    let result = write(lanes, move |conn| {
        let came_to = work(conn)?;
        if let Some(written) = written(&came_to)
            && !keep::keep(conn, &once, &once.kept(written)?)?
        {
            found_taken.store(true, Ordering::Release);
            return Err(StoreError::Conflict(Cause::new("the key is taken")).into());
        }
        Ok(came_to)
    })
    .await;
    match result {
        Err(StoreError::Conflict(_)) if is_taken.load(Ordering::Acquire) => Ok(WrittenOnce::KeyTaken),
        other => other.map(WrittenOnce::Ran),
    }
}
