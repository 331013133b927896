//! A clock that tests set.

use std::sync::Mutex;
use std::time::Duration;

use helpdesk_domain::Ts;
use helpdesk_ports::Clock;

/// It stands still until it is moved.
#[derive(Default)]
pub(crate) struct Standing(Mutex<Duration>);

impl Standing {
    /// Lets time go by.
    pub(crate) fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for Standing {
    fn now(&self) -> Ts {
        Ts::from_micros(1_700_000_000_000_000).unwrap()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}
