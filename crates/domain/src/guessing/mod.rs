//! How often something may be done, above all guessing passwords. Who counts, and what is counted together, is for an adapter.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// What allowances are given by.
const MINUTE: Duration = Duration::from_mins(1);

/// So many at once, and then so many a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Allowance {
    /// How many may come at once after a long rest.
    pub burst: NonZeroU32,
    /// How many may come each minute after that.
    pub per_minute: NonZeroU32,
}

/// A text that is no [`Allowance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllowanceError;

impl fmt::Display for AllowanceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be BURST/PER_MINUTE, two whole numbers from 1 to {}, such as 5/5", Allowance::MOST)
    }
}

impl std::error::Error for AllowanceError {}

impl Allowance {
    /// The most that either figure may be when it is configured: nobody does more, and no sum comes near its limit.
    pub const MOST: NonZeroU32 = NonZeroU32::new(1_000_000).unwrap();

    /// How long one takes to come back, rounded up: never more come back than were allowed.
    const fn interval(self) -> Duration {
        let nanos = MINUTE.as_secs() * 1_000_000_000;
        Duration::from_nanos(nanos.div_ceil(self.per_minute.get() as u64))
    }

    /// How long an empty bucket takes to be full.
    const fn capacity(self) -> Duration {
        self.interval().saturating_mul(self.burst.get())
    }
}

/// The way it is configured.
///
/// ```
/// use helpdesk_domain::Allowance;
///
/// let allowance: Allowance = "30/20".parse().unwrap();
/// assert_eq!((allowance.burst.get(), allowance.per_minute.get()), (30, 20));
/// assert_eq!(allowance.to_string(), "30/20");
/// assert!("0/20".parse::<Allowance>().is_err());
/// ```
impl FromStr for Allowance {
    type Err = AllowanceError;

    fn from_str(text: &str) -> Result<Self, AllowanceError> {
        let number = |text: &str| -> Result<NonZeroU32, AllowanceError> {
            // A sign, which the standard library would take, is a slip here.
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse().ok().filter(|number: &NonZeroU32| digits && *number <= Self::MOST);
            number.ok_or(AllowanceError)
        };
        let (burst, per_minute) = text.split_once('/').ok_or(AllowanceError)?;
        Ok(Self { burst: number(burst)?, per_minute: number(per_minute)? })
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.burst, self.per_minute)
    }
}

/// How much of an [`Allowance`] is left, as time goes by. A new one is full.
///
/// It holds the moment when it will be full again, and nothing else: each one taken moves that moment away by the time which
/// one takes to come back. Times are those since some fixed moment; one that is earlier than the last is no error, the bucket
/// only seems emptier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    full_at: Duration,
}

impl Bucket {
    /// How long until there is one to take; `None` when there is.
    pub fn wait(&self, allowance: Allowance, now: Duration) -> Option<Duration> {
        let owed = self.owed(now).saturating_add(allowance.interval());
        owed.checked_sub(allowance.capacity()).filter(|wait| !wait.is_zero())
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long until there is one, which is more than nothing. Then nothing was taken.
    pub fn take(&mut self, allowance: Allowance, now: Duration) -> Result<(), Duration> {
        if let Some(wait) = self.wait(allowance, now) {
            return Err(wait);
        }
        self.full_at = now.saturating_add(self.owed(now)).saturating_add(allowance.interval());
        Ok(())
    }

    /// Gives one back that was taken. A bucket that is full again by now stays as it is.
    pub fn give_back(&mut self, allowance: Allowance) {
        self.full_at = self.full_at.saturating_sub(allowance.interval());
    }

    /// When it is full again, if nothing more is taken.
    pub const fn full_at(&self) -> Duration {
        self.full_at
    }

    /// Whether it is as good as new, and need not be kept.
    pub fn is_full(&self, now: Duration) -> bool {
        self.full_at <= now
    }

    /// How long it takes to be full.
    fn owed(&self, now: Duration) -> Duration {
        self.full_at.saturating_sub(now)
    }
}

/// How often passwords may be tried and accounts registered. `None` is without a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInLimits {
    /// Guesses at one account from one network.
    pub pair: Option<Allowance>,
    /// Guesses from one network, at whichever accounts.
    pub network: Option<Allowance>,
    /// Guesses at one account, from wherever. Past it the account is closed to networks from which it was not signed in to
    /// lately, and to no other: a limit that stopped everybody would let a stranger lock the owner out.
    pub account: Option<Allowance>,
    /// Accounts registered from one network.
    pub registrations: Option<Allowance>,
}

/// One person mistypes a few times; an office behind one address does so together; and nobody's account is tried by a crowd.
impl Default for SignInLimits {
    fn default() -> Self {
        Self {
            pair: Some(allowance(5, 5)),
            network: Some(allowance(30, 30)),
            account: Some(allowance(50, 20)),
            registrations: Some(allowance(5, 5)),
        }
    }
}

const fn allowance(burst: u32, per_minute: u32) -> Allowance {
    Allowance { burst: at_least_one(burst), per_minute: at_least_one(per_minute) }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

#[cfg(test)]
mod tests;
