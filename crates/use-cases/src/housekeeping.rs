//! What is done now and then without anybody asking.

use std::sync::Arc;

use helpdesk_ports::{Clock, SessionRepository, StoreError};

/// How much is forgotten at a time: each is one transaction, and others want to write as well.
const AT_A_TIME: usize = 500;

/// Forgets what is over.
pub struct Housekeeping {
    pub(crate) sessions: Arc<dyn SessionRepository>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Housekeeping {
    /// Forgets the sessions and invitations that are over for good; how many. Any number of processes may do so at once.
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
                return Ok(forgotten);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use helpdesk_ports::Forgotten;

    use crate::test_support::Mocks;

    #[tokio::test]
    async fn it_goes_on_until_nothing_is_left() {
        let mut mocks = Mocks::default();
        let mut left = vec![(20, true), (500, false)];
        mocks.sessions.expect_forget_ended().times(2).returning(move |_, _| {
            let (count, is_all) = left.pop().unwrap();
            Ok(Forgotten { count, is_all })
        });
        assert_eq!(mocks.help_desk().housekeeping.forget_ended().await, Ok(520));
    }
}
