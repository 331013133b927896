//! A memory of where accounts and sessions stand, of less than a second.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use helpdesk_domain::{SessionId, UserId};
use helpdesk_ports::Standing;

/// How old a standing may be. Other instances must see a change within one second of it; the rest is for the request.
const LIFETIME: Duration = Duration::from_millis(800);
/// How many accounts are remembered at the most.
const MAX_USERS: usize = 20_000;

/// For how long nothing is remembered of an account whose change came to an end that is not known: longer than any commit may
/// still be under way.
const DOUBT: Duration = Duration::from_secs(30);

/// Standings by account and session. While an account is being changed nothing is remembered of it; each change raises a
/// generation, and what was asked of the store before it is not put in: a slow read cannot bring back what was just revoked.
#[derive(Default)]
pub(crate) struct StandingCache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    generation: u64,
    users: HashMap<UserId, Vec<Entry>>,
    changing: Vec<Changing>,
}

/// An account that is being changed, or was and nobody knows whether it came about.
struct Changing {
    number: u64,
    user: UserId,
    until: Duration,
}

struct Entry {
    session: SessionId,
    standing: Standing,
    asked_at: Duration,
}

impl Entry {
    fn is_fresh(&self, now: Duration) -> bool {
        now.saturating_sub(self.asked_at) < LIFETIME
    }
}

/// What a read of the store began with.
pub(crate) struct ReadTicket {
    user: UserId,
    asked_at: Duration,
    generation: u64,
}

impl StandingCache {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing that runs under the lock can leave the map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, user: UserId, session: SessionId, now: Duration) -> Option<Standing> {
        let inner = self.lock();
        let entry = inner.users.get(&user)?.iter().find(|entry| entry.session == session)?;
        entry.is_fresh(now).then_some(entry.standing)
    }

    pub(crate) fn begin_read(&self, user: UserId, now: Duration) -> ReadTicket {
        ReadTicket { user, asked_at: now, generation: self.lock().generation }
    }

    pub(crate) fn put(&self, read: &ReadTicket, session: SessionId, standing: Standing) {
        let mut inner = self.lock();
        inner.changing.retain(|change| change.until > read.asked_at);
        if inner.generation != read.generation || inner.changing.iter().any(|change| change.user == read.user)
        {
            return;
        }
        if inner.users.len() >= MAX_USERS && !inner.users.contains_key(&read.user) {
            inner.users.retain(|_, entries| entries.iter().any(|entry| entry.is_fresh(read.asked_at)));
            if inner.users.len() >= MAX_USERS {
                inner.users.clear();
            }
        }
        let entries = inner.users.entry(read.user).or_default();
        entries.retain(|entry| entry.session != session && entry.is_fresh(read.asked_at));
        entries.push(Entry { session, standing, asked_at: read.asked_at });
    }

    /// Remembers nothing of an account from before its change is committed until what comes back is [settled]. Where that never
    /// comes, because the caller went away or the store did not say, the account is asked for anew each time for a while.
    ///
    /// [settled]: PendingChange::settle
    pub(crate) fn begin_change(&self, user: UserId, now: Duration) -> PendingChange<'_> {
        let mut inner = self.lock();
        inner.generation += 1;
        inner.users.remove(&user);
        let number = inner.generation;
        inner.changing.push(Changing { number, user, until: now.saturating_add(DOUBT) });
        PendingChange { cache: self, number }
    }
}

/// A change that was begun.
#[must_use]
pub(crate) struct PendingChange<'a> {
    cache: &'a StandingCache,
    number: u64,
}

impl PendingChange<'_> {
    /// It is known what came of the change: from now on the account may be remembered again.
    pub(crate) fn settle(self) {
        let mut inner = self.cache.lock();
        inner.generation += 1;
        inner.changing.retain(|change| change.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_domain::{Role, Ts};

    const NOW: Duration = Duration::from_secs(100);

    fn standing() -> Standing {
        Standing {
            role: Role::Agent,
            is_active: true,
            token_version: 0,
            session_token_version: 0,
            idle_expires_at: Ts::from_micros(0).unwrap(),
            expires_at: Ts::from_micros(0).unwrap(),
            is_revoked: false,
        }
    }

    fn keys() -> (UserId, SessionId) {
        (UserId::new(1).unwrap(), SessionId::from_bits(1))
    }

    #[test]
    fn a_standing_is_remembered_for_less_than_a_second() {
        let (user, session) = keys();
        let cache = StandingCache::default();
        cache.put(&cache.begin_read(user, NOW), session, standing());
        assert!(cache.get(user, session, NOW + Duration::from_millis(799)).is_some());
        assert!(cache.get(user, session, NOW + Duration::from_millis(800)).is_none());
        assert!(cache.get(user, SessionId::from_bits(2), NOW).is_none());
    }

    #[test]
    fn what_was_read_before_or_during_a_change_is_not_put_in() {
        let (user, session) = keys();
        let cache = StandingCache::default();
        let before = cache.begin_read(user, NOW);
        let change = cache.begin_change(user, NOW);
        cache.put(&before, session, standing());
        let during = cache.begin_read(user, NOW);
        cache.put(&during, session, standing());
        assert!(cache.get(user, session, NOW).is_none());
        change.settle();
        cache.put(&during, session, standing());
        assert!(cache.get(user, session, NOW).is_none());

        cache.put(&cache.begin_read(user, NOW), session, standing());
        assert!(cache.get(user, session, NOW).is_some());
        cache.begin_change(user, NOW).settle();
        assert!(cache.get(user, session, NOW).is_none());
    }

    #[test]
    fn nothing_is_remembered_while_it_is_not_known_what_came_of_a_change() {
        let (user, session) = keys();
        let cache = StandingCache::default();
        // The caller went away in the middle.
        drop(cache.begin_change(user, NOW));
        cache.put(&cache.begin_read(user, NOW), session, standing());
        assert!(cache.get(user, session, NOW).is_none());
        let other = UserId::new(2).unwrap();
        cache.put(&cache.begin_read(other, NOW), session, standing());
        assert!(cache.get(other, session, NOW).is_some());

        let later = NOW + DOUBT;
        cache.put(&cache.begin_read(user, later), session, standing());
        assert!(cache.get(user, session, later).is_some());
    }

    #[test]
    fn it_never_holds_more_than_its_bound() {
        let cache = StandingCache::default();
        for n in 1..=i64::try_from(MAX_USERS).unwrap() + 5 {
            cache.put(&cache.begin_read(UserId::new(n).unwrap(), NOW), SessionId::from_bits(1), standing());
        }
        assert!(cache.lock().users.len() <= MAX_USERS);
    }
}
