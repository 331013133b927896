//! What is done once, however often it is asked for: keys, and the answers that are kept under them.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use helpdesk_domain::{Ts, UserId};

use crate::{Cause, StoreError};

/// The most characters of an [`IdempotencyKey`].
pub const IDEMPOTENCY_KEY_MAX: usize = 64;

/// The name that a caller gives to one request, so that sending it again is no other request: 1 to 64 visible ASCII
/// characters, all of which count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(String);

/// A text that is no [`IdempotencyKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKeyError;

impl fmt::Display for IdempotencyKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be 1 to {IDEMPOTENCY_KEY_MAX} visible ASCII characters")
    }
}

impl std::error::Error for IdempotencyKeyError {}

impl IdempotencyKey {
    /// The key with these bytes.
    ///
    /// # Errors
    /// [`IdempotencyKeyError`] unless they are 1 to [`IDEMPOTENCY_KEY_MAX`], each of them visible ASCII.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdempotencyKeyError> {
        let is_key =
            (1..=IDEMPOTENCY_KEY_MAX).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        let text = std::str::from_utf8(bytes).map_err(|_| IdempotencyKeyError)?;
        if is_key { Ok(Self(text.to_owned())) } else { Err(IdempotencyKeyError) }
    }

    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What tells a request from any other under the same key, and nothing about it: a keyed digest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(…)")
    }
}

/// An answer in its giver's own form. It never holds a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer(pub Vec<u8>);

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} bytes)", self.0.len())
    }
}

/// An answer that is kept, and which request it is the answer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The request.
    pub fingerprint: Fingerprint,
    /// The answer.
    pub answer: Answer,
}

/// How what was written is answered.
pub type Render<T> = Arc<dyn Fn(&T) -> Result<Answer, Cause> + Send + Sync>;

/// Asks a store to keep the answer to a write under a key, with the write or not at all.
pub struct Once<T> {
    /// Whose key it is: another account's is another key, whatever its text.
    pub account: UserId,
    /// The key.
    pub key: IdempotencyKey,
    /// Which request it is.
    pub fingerprint: Fingerprint,
    /// The present.
    pub now: Ts,
    /// From when on the answer counts for nothing.
    pub expires_at: Ts,
    /// Makes the answer of what was written. If it fails, nothing is written.
    pub render: Render<T>,
}

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self {
            account: self.account,
            key: self.key.clone(),
            fingerprint: self.fingerprint,
            now: self.now,
            expires_at: self.expires_at,
            render: self.render.clone(),
        }
    }
}

impl<T> fmt::Debug for Once<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once")
            .field("account", &self.account)
            .field("key", &self.key)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl<T> Once<T> {
    /// What is to be kept once this was written.
    ///
    /// # Errors
    /// [`StoreError::Fault`] where the answer cannot be made.
    pub fn kept(&self, written: &T) -> Result<KeptAnswer, StoreError> {
        let answer = (self.render)(written).map_err(StoreError::Fault)?;
        Ok(KeptAnswer { fingerprint: self.fingerprint, answer })
    }
}

/// What came of a write that is to be done once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenOnce<T> {
    /// It ran, and came to this. If that means that it was written, its answer was kept in the same transaction; otherwise
    /// none was.
    Ran(T),
    /// There is an answer under the key that is still kept. Nothing was written.
    KeyTaken,
}

impl<T> WrittenOnce<T> {
    /// The same with what it came to in another form.
    ///
    /// # Errors
    /// Those of `convert`.
    pub fn try_map<U, E>(self, convert: impl FnOnce(T) -> Result<U, E>) -> Result<WrittenOnce<U>, E> {
        match self {
            Self::Ran(value) => convert(value).map(WrittenOnce::Ran),
            Self::KeyTaken => Ok(WrittenOnce::KeyTaken),
        }
    }
}

/// The answers that are kept.
///
/// They are written by the methods of the other repositories whose names end in `_once`. Each of them MUST do what the method
/// without that does and keep the answer in the same transaction: both, or neither. Of many with one key of one account that
/// run at once, one is written; a store MUST let the others wait for it rather than say [`WrittenOnce::KeyTaken`] of a
/// write that may yet come to nothing. Of one that would not be written anyway it may say so instead. An answer that has
/// expired gives way to a new one, whether it was forgotten yet or not.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait IdempotencyRepository: Send + Sync {
    /// The answer under this key of this account, if it has not expired by now.
    async fn find(
        &self,
        account: UserId,
        key: IdempotencyKey,
        now: Ts,
    ) -> Result<Option<KeptAnswer>, StoreError>;

    /// Forgets up to `most` of the answers that have expired by now; how many.
    async fn forget_expired(&self, now: Ts, most: usize) -> Result<usize, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_of_a_bounded_length() {
        let longest = "x".repeat(IDEMPOTENCY_KEY_MAX);
        for good in ["a", "!", "~", "\"quoted\"", "8e03978e-40d5-43e8-bc93-6894a57f9324", &longest] {
            assert_eq!(IdempotencyKey::parse(good.as_bytes()).unwrap().as_str(), good);
        }
        let longer = "x".repeat(IDEMPOTENCY_KEY_MAX + 1);
        for bad in ["", " ", "a b", "a\t", "a\0", "\x7f", "ä", &longer] {
            assert_eq!(IdempotencyKey::parse(bad.as_bytes()), Err(IdempotencyKeyError), "{bad:?}");
        }
        assert_eq!(IdempotencyKey::parse(b"\xff"), Err(IdempotencyKeyError));
        assert_ne!(IdempotencyKey::parse(b"a"), IdempotencyKey::parse(b"A"), "the case counts");
    }

    #[test]
    fn neither_fingerprint_nor_answer_shows_itself() {
        let kept = KeptAnswer { fingerprint: Fingerprint([0x41; 32]), answer: Answer(b"AAAA".to_vec()) };
        let text = format!("{kept:?}");
        assert!(!text.contains("65") && !text.contains("AAAA"), "{text}");
    }
}
