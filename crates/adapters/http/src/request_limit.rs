//! How many requests an account may make.
//!
//! Each account has a bucket of its own, which all its sessions draw from. It holds as many requests as may come at once, and fills
//! evenly. It is kept in this process alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use helpdesk_domain::{Allowance, UserId};
use helpdesk_ports::Clock;

use crate::problem::whole_seconds;

/// Buckets that are full again are thrown away after at least this many requests.
const SWEEP_AFTER: usize = 1_024;

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
    pub(crate) fn new(limit: Allowance, clock: Arc<dyn Clock>) -> Self {
        // The library's sums overflow not far above.
        let [burst, per_minute] = [limit.burst, limit.per_minute].map(|figure| figure.min(Allowance::MOST));
        let quota = Quota::per_minute(per_minute).allow_burst(burst);
        let clock = MonotonicClock(clock);
        Self {
            buckets: RateLimiter::hashmap_with_clock(quota, clock.clone()).with_middleware(),
            clock,
            limit: burst.get(),
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
    use std::num::NonZeroU32;
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
        let (most, one) = (NonZeroU32::MAX, NonZeroU32::MIN);
        for (burst, per_minute) in [(most, one), (one, most), (most, most)] {
            let clock = Arc::new(HandClock::default());
            let limiter = RequestLimiter::new(Allowance { burst, per_minute }, clock);
            assert_eq!(limiter.count(account(1)).1, Ok(()));
        }
    }
}
