//! What is done now and then without anybody asking.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::SystemActor;
use helpdesk_ports::{Clock, IdempotencyRepository, SessionRepository, StoreError, TicketRepository};

/// How much is done at a time: each is one transaction, and others want to write as well.
const AT_A_TIME: usize = 500;

/// Closes tickets by themselves, and forgets what is over.
pub struct Housekeeping {
    pub(crate) close_resolved_after: Option<Duration>,
    pub(crate) tickets: Arc<dyn TicketRepository>,
    pub(crate) sessions: Arc<dyn SessionRepository>,
    pub(crate) idempotency: Arc<dyn IdempotencyRepository>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Housekeeping {
    /// Closes the tickets that were resolved long enough ago, unless none are to close so; how many. Any number of processes may do
    /// so at once: each ticket closes once.
    ///
    /// # Errors
    /// Only those of the store; what was closed before stays so.
    pub async fn close_resolved(&self) -> Result<usize, StoreError> {
        let Some(after) = self.close_resolved_after else {
            return Ok(0);
        };
        let by = SystemActor::outside_any_request();
        let now = self.clock.now();
        let mut closed = 0;
        loop {
            let some = self.tickets.close_resolved(by, now.before(after), now, AT_A_TIME).await?;
            closed += some;
            if some < AT_A_TIME {
                return Ok(closed);
            }
        }
    }

    /// Forgets the sessions, invitations and kept answers that are over for good; how many. Any number of processes may do so at once.
    ///
    /// # Errors
    /// Only those of the store; what was forgotten before stays so.
    pub async fn forget_ended(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let mut forgotten = 0;
        loop {
            let some = self.sessions.forget_ended(now, AT_A_TIME).await?;
            forgotten += some.count;
            if some.is_all {
                break;
            }
        }
        loop {
            let some = self.idempotency.forget_expired(now, AT_A_TIME).await?;
            forgotten += some;
            if some < AT_A_TIME {
                return Ok(forgotten);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use helpdesk_ports::Forgotten;

    use crate::Settings;
    use crate::test_support::{Mocks, NOW};

    #[tokio::test]
    async fn resolved_tickets_close_after_their_time_unless_never() {
        for after in [None, Some(Duration::from_mins(1))] {
            let settings = Settings { close_resolved_after: after, ..Settings::default() };
            let mut mocks = Mocks { settings, ..Mocks::default() };
            let mut left = vec![3, 500];
            mocks
                .tickets
                .expect_close_resolved()
                .times(2 * usize::from(after.is_some()))
                .withf(|_, before, now, _| (before.micros(), now.micros()) == (NOW - 60_000_000, NOW))
                .returning(move |_, _, _, _| Ok(left.pop().unwrap()));
            let closed = mocks.help_desk().housekeeping.close_resolved().await;
            assert_eq!(closed, Ok(if after.is_some() { 503 } else { 0 }));
        }
    }

    #[tokio::test]
    async fn it_goes_on_until_nothing_is_left() {
        let mut mocks = Mocks::default();
        let mut left = vec![(20, true), (500, false)];
        mocks.sessions.expect_forget_ended().times(2).returning(move |_, _| {
            let (count, is_all) = left.pop().unwrap();
            Ok(Forgotten { count, is_all })
        });
        let mut left = vec![7, 500];
        mocks
            .idempotency
            .expect_forget_expired()
            .times(2)
            .withf(|now, _| now.micros() == NOW)
            .returning(move |_, _| Ok(left.pop().unwrap()));
        assert_eq!(mocks.help_desk().housekeeping.forget_ended().await, Ok(1_027));
    }
}
