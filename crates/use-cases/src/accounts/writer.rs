//! The one way in which an account is changed: load, decide, commit, and forget what was known of its tokens.

use std::sync::Arc;

use helpdesk_domain::{AccountOutcome, Refusal, Ts, User, UserId};
use helpdesk_ports::{AccountCommit, Cause, Clock, StoreError, UserRepository};

use crate::UseCaseError;
use crate::error::refusal_of;
use crate::standing_cache::StandingCache;

/// How often a change is decided anew when others were faster. Each time another one was made, so of this many at once the last
/// is still done.
const TRIES: usize = 50;

#[derive(Clone)]
pub(crate) struct AccountWriter {
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) standings: Arc<StandingCache>,
}

impl AccountWriter {
    /// Changes the account that `load` finds as `decide` says, deciding again where others were faster.
    pub(crate) async fn change(
        &self,
        load: impl AsyncFn() -> Result<Option<User>, StoreError>,
        mut decide: impl FnMut(&User, Ts) -> Result<AccountOutcome, Refusal>,
    ) -> Result<User, UseCaseError> {
        for _ in 0..TRIES {
            let user = load().await?.ok_or(Refusal::NotVisible)?;
            if let Some(user) = self.commit(user, &mut decide).await? {
                return Ok(user);
            }
        }
        Err(StoreError::Conflict(Cause::new("the account kept changing")).into())
    }

    /// Changes the account as `decide` says if it still is as it was loaded, and otherwise not at all: `None`.
    pub(crate) async fn commit(
        &self,
        user: User,
        decide: impl FnOnce(&User, Ts) -> Result<AccountOutcome, Refusal>,
    ) -> Result<Option<User>, UseCaseError> {
        let change = match decide(&user, self.clock.now())? {
            AccountOutcome::Unchanged => return Ok(Some(user)),
            AccountOutcome::Changed(change) => change,
        };
        let pending = self.begin(user.id());
        let result = self.users.commit(*change).await;
        // After a failure it is not known whether the commit took place, so the change stays pending.
        if result.is_ok() {
            pending.settle();
        }
        match result {
            Ok(AccountCommit::Done(user)) => Ok(Some(user)),
            Ok(AccountCommit::Unmet(precondition)) => Err(refusal_of(precondition).into()),
            Ok(AccountCommit::Stale) | Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn begin(&self, user: UserId) -> crate::standing_cache::PendingChange<'_> {
        self.standings.begin_change(user, self.clock.monotonic())
    }
}
