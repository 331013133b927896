//! Doing what creates something once, however often it is sent: `Idempotency-Key`.
//!
//! A handler that creates takes an [`IdempotencyKey`](crate::extract::IdempotencyKey), reads its body together with the text, and
//! answers with a [`Created`], which is what is kept, and given again with `Idempotency-Replayed: true`. Refusals are not
//! kept: the same request may be tried again under its key.

mod created;
mod fingerprint;

pub(crate) use created::Created;
pub(crate) use fingerprint::Fingerprinter;

/// The header that says that an answer was given before.
pub(crate) const IDEMPOTENCY_REPLAYED: &str = "idempotency-replayed";
