//! Doing a request once, however often it is sent: look for its answer, or do it and keep the answer with what was written.
//!
//! Whether the caller may do it, comes before all of this: whoever may not see something any more is not told again what it once
//! was told.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::{Refusal, UserId};
use helpdesk_ports::{
    Answer, Cause, Clock, Fingerprint, IdempotencyKey, IdempotencyRepository, Once, StoreError, WrittenOnce,
};

use crate::UseCaseError;

/// For how long an answer is kept.
pub(crate) const ANSWER_LIFETIME: Duration = Duration::from_hours(24);

/// A request that its caller wants done once, and how what comes of it is answered. `V` is all that the answer is made of, and so
/// all of which anything is kept.
pub struct OnceRequest<V> {
    /// The key that the caller has given it.
    pub key: IdempotencyKey,
    /// Which request it is. It need not take account of passwords.
    pub fingerprint: Fingerprint,
    /// Makes the answer.
    pub answer: Arc<dyn Fn(V) -> Result<Answer, Cause> + Send + Sync>,
}

impl<V> Clone for OnceRequest<V> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), fingerprint: self.fingerprint, answer: self.answer.clone() }
    }
}

impl<V> fmt::Debug for OnceRequest<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceRequest").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done<T> {
    /// It was done now.
    Now(T),
    /// It was done before; this was its answer.
    Before(Answer),
}

/// The answers that are kept, and the time.
#[derive(Clone)]
pub(crate) struct KeptAnswers {
    pub(crate) store: Arc<dyn IdempotencyRepository>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl KeptAnswers {
    /// Does it by `write`, unless it was done before. The store hands what it wrote to `view`, and keeps the answer that is made
    /// of that.
    ///
    /// Whether it was done before is asked twice where it has to be: of two that come at once, the later may have been refused
    /// because of what the earlier did.
    pub(crate) async fn once<T: 'static, V: 'static, R>(
        &self,
        account: UserId,
        request: OnceRequest<V>,
        view: fn(&T) -> Result<V, Cause>,
        write: impl AsyncFnOnce(Once<T>) -> Result<WrittenOnce<R>, UseCaseError>,
    ) -> Result<Done<R>, UseCaseError> {
        if let Some(answer) = self.given(account, &request).await? {
            return Ok(Done::Before(answer));
        }
        let now = self.clock.now();
        let make = request.answer.clone();
        let once = Once {
            account,
            key: request.key.clone(),
            fingerprint: request.fingerprint,
            now,
            expires_at: now.after(ANSWER_LIFETIME),
            render: Arc::new(move |written| make(view(written)?)),
        };
        let error = match write(once).await {
            Ok(WrittenOnce::Ran(value)) => return Ok(Done::Now(value)),
            // It may have expired since; then it is to be tried again.
            Ok(WrittenOnce::KeyTaken) => {
                UseCaseError::Store(StoreError::Conflict(Cause::new("the answer under the key has expired")))
            }
            Err(refused @ UseCaseError::Refused(_)) => refused,
            Err(failed) => return Err(failed),
        };
        self.given(account, &request).await?.map(Done::Before).ok_or(error)
    }

    /// The answer that the request was given before.
    async fn given<V>(
        &self,
        account: UserId,
        request: &OnceRequest<V>,
    ) -> Result<Option<Answer>, UseCaseError> {
        let kept = self.store.find(account, request.key.clone(), self.clock.now()).await?;
        match kept {
            None => Ok(None),
            Some(kept) if kept.fingerprint == request.fingerprint => Ok(Some(kept.answer)),
            Some(_) => Err(Refusal::KeyReused.into()),
        }
    }
}

#[cfg(test)]
mod tests;
