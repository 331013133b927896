//! Limits on guessing, counted in this process.

mod buckets;
#[cfg(test)]
mod tests;

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use helpdesk_domain::{ClientNetwork, Email, SignInLimits};
use helpdesk_ports::{Admission, Clock, Guess, GuessLimits};

use buckets::Buckets;

/// How many buckets each limit keeps: some twenty megabytes in all, were all four at their bound.
const MOST_BUCKETS: usize = 100_000;

/// Counts guesses in the memory of this process.
///
/// * An attempt is looked at and counted under one lock, by network, by account and by both together, so that of hundreds at
///   once no more go on than were allowed. The lock is held for moments; each attempt that goes on costs a bcrypt after that.
/// * Each process counts for itself: several instances let through as many times as much, and a restart forgets what was
///   counted, which after a few minutes' rest would be forgotten in any case.
/// * Its memory is bounded, whatever networks and addresses are made up.
pub struct InProcessGuessLimits {
    clock: Arc<dyn Clock>,
    accounts: RandomState,
    counted: Mutex<Counted>,
}

struct Counted {
    pairs: Buckets<(ClientNetwork, AccountKey)>,
    networks: Buckets<ClientNetwork>,
    accounts: Buckets<AccountKey>,
    registrations: Buckets<ClientNetwork>,
}

/// What stands for an account here: a hash of its address under a key that only this process has. It is short however long
/// the address, and a copy of the memory holds no addresses of people who have no account. That two addresses share a count
/// is a matter of 2⁻⁶⁴, and nobody can look for such a pair without the key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct AccountKey(u64);

impl InProcessGuessLimits {
    /// Nothing was counted yet.
    pub fn new(limits: SignInLimits, clock: Arc<dyn Clock>) -> Self {
        Self::bounded(limits, clock, MOST_BUCKETS)
    }

    fn bounded(limits: SignInLimits, clock: Arc<dyn Clock>, most: usize) -> Self {
        let counted = Counted {
            pairs: Buckets::new(limits.pair, most),
            networks: Buckets::new(limits.network, most),
            accounts: Buckets::new(limits.account, most),
            registrations: Buckets::new(limits.registrations, most),
        };
        Self { clock, accounts: RandomState::new(), counted: Mutex::new(counted) }
    }

    fn key(&self, account: &Email) -> AccountKey {
        AccountKey(self.accounts.hash_one(account.as_str()))
    }

    /// What was counted, and the time: read under the lock, so that it never runs back from one caller to the next.
    fn lock(&self) -> (MutexGuard<'_, Counted>, Duration) {
        // Nothing that runs under the lock can leave a bucket half changed.
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.monotonic();
        (counted, now)
    }
}

impl GuessLimits for InProcessGuessLimits {
    fn begin(&self, guess: &Guess) -> Admission {
        let account = guess.account.as_ref().map(|account| self.key(account));
        let (mut counted, now) = self.lock();
        counted.begin(guess.network, account, now)
    }

    fn take_back(&self, guess: &Guess, admission: Admission) {
        let by_account = match admission {
            Admission::Admitted => true,
            Admission::OnlyFromKnownNetworks { .. } => false,
            // It was not counted.
            Admission::Refused { .. } => return,
        };
        let account = guess.account.as_ref().map(|account| self.key(account));
        let (mut counted, now) = self.lock();
        counted.networks.give_back(guess.network, now);
        let Some(account) = account else { return };
        counted.pairs.give_back((guess.network, account), now);
        if by_account {
            counted.accounts.give_back(account, now);
        }
    }

    fn begin_registration(&self, network: ClientNetwork) -> Result<(), Duration> {
        let (mut counted, now) = self.lock();
        counted.registrations.take(network, now)
    }
}

impl Counted {
    fn begin(&mut self, network: ClientNetwork, account: Option<AccountKey>, now: Duration) -> Admission {
        let pair = account.map(|account| (network, account));
        let pair_wait = pair.and_then(|pair| self.pairs.wait(pair, now));
        if let Some(retry_after) = pair_wait.max(self.networks.wait(network, now)) {
            return Admission::Refused { retry_after };
        }
        let account_refused = account.and_then(|account| self.accounts.take(account, now).err());
        // There is one in each of these: it was looked at above, under the same lock and at the same time.
        let taken = self.networks.take(network, now);
        debug_assert!(taken.is_ok());
        if let Some(pair) = pair {
            let taken = self.pairs.take(pair, now);
            debug_assert!(taken.is_ok());
        }
        match account_refused {
            Some(retry_after) => Admission::OnlyFromKnownNetworks { retry_after },
            None => Admission::Admitted,
        }
    }
}
