//! How many requests an account may make.
//!
//! Each account has a bucket of its own, which all its sessions draw from. It holds as many requests as may come at once, and fills
//! evenly. It is kept in this process alone.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use helpdesk_domain::UserId;
use helpdesk_ports::Clock;

use crate::problem::whole_seconds;

/// The most that either figure may be: no account makes as many requests, and the sums stay far from their limits.
const MAX: NonZeroU32 = NonZeroU32::new(1_000_000).expect("a million is not zero");
/// Buckets that are full again are thrown away after at least this many requests.
const SWEEP_AFTER: usize = 1_024;

/// How many requests an account may make: parsed from `BURST/PER_MINUTE`, such as `100/600`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimit {
    burst: NonZeroU32,
    per_minute: NonZeroU32,
}

impl RequestLimit {
    /// So many at once, and then so many a minute. Either is a million at the most.
    pub fn new(burst: NonZeroU32, per_minute: NonZeroU32) -> Self {
        Self { burst: burst.min(MAX), per_minute: per_minute.min(MAX) }
    }
}

/// A text that is no limit. `Display` says what one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidLimit;

impl fmt::Display for InvalidLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be BURST/PER_MINUTE, two whole numbers from 1 to {MAX}, such as 100/600")
    }
}

impl std::error::Error for InvalidLimit {}

impl FromStr for RequestLimit {
    type Err = InvalidLimit;

    fn from_str(text: &str) -> Result<Self, InvalidLimit> {
        let figure = |text: &str| {
            // Rust's own parser takes a plus sign.
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            let figure = text.parse::<NonZeroU32>().ok();
            figure.filter(|figure| is_plain && *figure <= MAX).ok_or(InvalidLimit)
        };
        let (burst, per_minute) = text.split_once('/').ok_or(InvalidLimit)?;
        Ok(Self { burst: figure(burst)?, per_minute: figure(per_minute)? })
    }
}

/// How an account stands after a request: what the headers `RateLimit-*` say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LimitState {
    /// How many requests may come at once.
    pub(crate) limit: u32,
    /// How many may come at once now.
    pub(crate) remaining: u32,
    /// After how many seconds it is all of them again, if none come.
    pub(crate) reset_seconds: u64,
}

/// The time, as the limiter wants it.
#[derive(Clone)]
struct MonotonicClock(Arc<dyn Clock>);

impl GovernorClock for MonotonicClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}

type Buckets = RateLimiter<UserId, HashMapStateStore<UserId>, MonotonicClock, StateInformationMiddleware>;

/// Counts the requests of each account.
pub(crate) struct RequestLimiter {
    buckets: Buckets,
    clock: MonotonicClock,
    limit: u32,
    interval: Duration,
    until_sweep: AtomicUsize,
}

impl RequestLimiter {
    pub(crate) fn new(limit: RequestLimit, clock: Arc<dyn Clock>) -> Self {
        let quota = Quota::per_minute(limit.per_minute).allow_burst(limit.burst);
        let clock = MonotonicClock(clock);
        Self {
            buckets: RateLimiter::hashmap_with_clock(quota, clock.clone()).with_middleware(),
            clock,
            limit: limit.burst.get(),
            interval: quota.replenish_interval(),
            until_sweep: AtomicUsize::new(SWEEP_AFTER),
        }
    }

    /// Counts a request of this account. Gives how the account stands, and, if the request is one too many, the time after which
    /// one is let through.
    pub(crate) fn count(&self, account: UserId) -> (LimitState, Result<(), Duration>) {
        self.sweep_now_and_then();
        let (remaining, full_after, outcome) = match self.buckets.check_key(&account) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                (remaining, self.interval * self.limit.saturating_sub(remaining), Ok(()))
            }
            Err(refused) => {
                let wait = refused.wait_time_from(self.clock.now());
                (0, wait + self.interval * self.limit.saturating_sub(1), Err(wait))
            }
        };
        let reset_seconds = whole_seconds(full_after);
        (LimitState { limit: self.limit, remaining, reset_seconds }, outcome)
    }

    /// A bucket that is full again is like none, and is not kept. Looking for them costs as much as there are buckets, and happens
    /// after at least as many requests: so at any time there are at most twice as many buckets as were in use (or [`SWEEP_AFTER`]
    /// more), and each request pays for one.
    fn sweep_now_and_then(&self) {
        // Whoever counts down to nothing sweeps; those who come meanwhile count on below, until the count is set anew.
        if self.until_sweep.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.buckets.retain_recent();
            self.buckets.shrink_to_fit();
            self.until_sweep.store(self.buckets.len().max(SWEEP_AFTER), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_domain::Ts;
    use std::sync::Mutex;

    #[derive(Default)]
    struct HandClock(Mutex<Duration>);

    impl HandClock {
        fn advance(&self, seconds: u64) {
            *self.0.lock().unwrap() += Duration::from_secs(seconds);
        }
    }

    impl Clock for HandClock {
        fn now(&self) -> Ts {
            Ts::EPOCH
        }

        fn monotonic(&self) -> Duration {
            *self.0.lock().unwrap()
        }
    }

    fn limiter(limit: &str) -> (RequestLimiter, Arc<HandClock>) {
        let clock = Arc::new(HandClock::default());
        (RequestLimiter::new(limit.parse().unwrap(), clock.clone()), clock)
    }

    fn account(id: i64) -> UserId {
        UserId::new(id).unwrap()
    }

    fn state(limit: u32, remaining: u32, reset_seconds: u64) -> LimitState {
        LimitState { limit, remaining, reset_seconds }
    }

    #[test]
    fn a_bucket_empties_and_fills_evenly() {
        let (limiter, clock) = limiter("2/6");
        let count = || limiter.count(account(1));
        assert_eq!(count(), (state(2, 1, 10), Ok(())));
        assert_eq!(count(), (state(2, 0, 20), Ok(())));
        assert_eq!(count(), (state(2, 0, 20), Err(Duration::from_secs(10))));
        clock.advance(9);
        // Being refused costs nothing.
        assert_eq!(count(), (state(2, 0, 11), Err(Duration::from_secs(1))));
        assert_eq!(limiter.count(account(2)), (state(2, 1, 10), Ok(())));
        clock.advance(1);
        assert_eq!(count(), (state(2, 0, 20), Ok(())));
        assert!(count().1.is_err());
        clock.advance(1_000);
        assert_eq!(count(), (state(2, 1, 10), Ok(())));
    }

    #[test]
    fn full_buckets_are_not_kept() {
        let (limiter, clock) = limiter("1/60");
        for id in 1..=100_000 {
            assert_eq!(limiter.count(account(id)).1, Ok(()));
            if id % 1_000 == 0 {
                clock.advance(10);
            }
        }
        assert!(limiter.buckets.len() <= 2 * SWEEP_AFTER + 1_000, "{}", limiter.buckets.len());
    }

    #[test]
    fn the_largest_limits_can_be_reckoned_with() {
        let most = NonZeroU32::MAX;
        let one = NonZeroU32::MIN;
        for (burst, per_minute) in [(most, one), (one, most), (most, most)] {
            let clock = Arc::new(HandClock::default());
            let limiter = RequestLimiter::new(RequestLimit::new(burst, per_minute), clock);
            assert_eq!(limiter.count(account(1)).1, Ok(()));
        }
    }

    #[test]
    fn a_limit_is_two_whole_numbers() {
        let figure = |figure| NonZeroU32::new(figure).unwrap();
        assert_eq!("3/60".parse(), Ok(RequestLimit::new(figure(3), figure(60))));
        assert!("1000000/1000000".parse::<RequestLimit>().is_ok());
        for bad in
            ["", "3", "3/", "/3", "0/1", "1/0", "-1/1", "+1/1", "1/1/1", "1 / 1", "1.5/1", "1000001/1", "x/y"]
        {
            assert_eq!(bad.parse::<RequestLimit>(), Err(InvalidLimit), "{bad}");
        }
    }
}
