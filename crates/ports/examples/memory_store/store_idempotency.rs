//! The answers that are kept.

use async_trait::async_trait;
use helpdesk_domain::{Ts, UserId};
use helpdesk_ports::{IdempotencyKey, IdempotencyRepository, KeptAnswer, Once, StoreError, WrittenOnce};

use crate::state::State;
use crate::store::MemoryStore;

impl State {
    fn kept(&self, account: UserId, key: &IdempotencyKey, now: Ts) -> Option<&KeptAnswer> {
        let (kept, expires_at) = self.answers.get(&(account, key.clone()))?;
        (*expires_at > now).then_some(kept)
    }

    /// Runs the write unless its key is taken, and keeps the answer to what was `written`: on a copy, which counts only when there
    /// is an answer.
    pub(crate) fn once<W, T>(
        &mut self,
        once: &Once<T>,
        write: impl FnOnce(&mut Self) -> Result<W, StoreError>,
        written: impl FnOnce(&W) -> Option<&T>,
    ) -> Result<WrittenOnce<W>, StoreError> {
        if self.kept(once.account, &once.key, once.now).is_some() {
            return Ok(WrittenOnce::KeyTaken);
        }
        let mut after = self.clone();
        let came_to = write(&mut after)?;
        if let Some(written) = written(&came_to) {
            let kept = once.kept(written)?;
            after.answers.insert((once.account, once.key.clone()), (kept, once.expires_at));
        }
        *self = after;
        Ok(WrittenOnce::Ran(came_to))
    }
}

#[async_trait]
impl IdempotencyRepository for MemoryStore {
    async fn find(
        &self,
        account: UserId,
        key: IdempotencyKey,
        now: Ts,
    ) -> Result<Option<KeptAnswer>, StoreError> {
        Ok(self.turn().await.kept(account, &key, now).cloned())
    }

    async fn forget_expired(&self, now: Ts, most: usize) -> Result<usize, StoreError> {
        let mut state = self.turn().await;
        let expired = state.answers.iter().filter(|(_, (_, expires_at))| *expires_at <= now);
        let expired: Vec<_> = expired.map(|(key, _)| key.clone()).take(most).collect();
        state.answers.retain(|key, _| !expired.contains(key));
        Ok(expired.len())
    }
}
