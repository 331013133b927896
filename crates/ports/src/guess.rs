//! Limits on guessing passwords.

use std::time::Duration;

use helpdesk_domain::{ClientNetwork, Email};

/// An attempt to prove that an account is one's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Guess {
    /// Where it comes from.
    pub network: ClientNetwork,
    /// The account that is tried, whether there is one or not; none where what was given is no address at all.
    pub account: Option<Email>,
}

/// Whether an attempt may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may, and was counted by network, by account, and by both together.
    Admitted,
    /// Too many networks have tried this account: only one from which it was signed in to lately may go on. It was counted by
    /// network, and by network and account together.
    OnlyFromKnownNetworks {
        /// When the next attempt from anywhere may be made.
        retry_after: Duration,
    },
    /// It may not, and was not counted.
    Refused {
        /// When the next attempt may be made.
        retry_after: Duration,
    },
}

/// Counts guesses. A guess is counted from the moment when it is admitted, so that of many at once no more go on than of as
/// many one after the other; one that is wrong, or whose caller goes away, stays counted.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait GuessLimits: Send + Sync {
    /// Whether the attempt may go on; if so it is counted. MUST decide and count in one step.
    fn begin(&self, guess: &Guess) -> Admission;

    /// Takes back an attempt that [`begin`](Self::begin) let go on, and how it did, since it was no guess: the password was right, or
    /// was never looked at.
    fn take_back(&self, guess: &Guess, admission: Admission);

    /// Whether an account may be registered from there; if so it is counted.
    ///
    /// # Errors
    /// After how long the next may be.
    fn begin_registration(&self, network: ClientNetwork) -> Result<(), Duration>;
}
