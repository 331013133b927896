//! Time and randomness, injected so that every rule can be tested at a fixed moment.

use std::time::Duration;

use helpdesk_domain::Ts;

/// The time.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The moment, by the calendar. It may step back when the machine's clock is set.
    fn now(&self) -> Ts;

    /// Time since some fixed moment in the life of the process. It never steps back.
    fn monotonic(&self) -> Duration;
}

/// Randomness fit for secrets.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Random: Send + Sync {
    /// Fills the buffer with bytes from the operating system's generator.
    fn fill(&self, buffer: &mut [u8]);
}
