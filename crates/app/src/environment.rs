//! The real clock and the real randomness: the one place that may ask for them.

use std::time::{Duration, Instant, SystemTime};

use helpdesk_domain::Ts;
use helpdesk_ports::{Clock, Random};

/// The machine's clocks.
pub(crate) struct SystemClock {
    started: Instant,
}

impl SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock that everything else takes the time from"
    )]
    pub(crate) fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock that everything else takes the time from"
    )]
    fn now(&self) -> Ts {
        // A machine whose clock is outside the years 1 to 9999 gets the first moment of 1970.
        let micros = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros),
        };
        Ts::from_micros(micros).unwrap_or(Ts::EPOCH)
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// The operating system's generator.
pub(crate) struct OsRandom;

impl Random for OsRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Random that everything else takes randomness from"
    )]
    #[expect(
        clippy::expect_used,
        reason = "without randomness there are no secrets; nothing safe can be done then"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}
