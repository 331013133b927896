//! One bucket for each key, in bounded memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use helpdesk_domain::{Allowance, Bucket};

/// How often full buckets are looked for. Looking at all of the most that there may be takes a few milliseconds.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// The buckets of one limit. One that is not kept is full.
///
/// Somebody with many networks at hand, or with a list of addresses, makes many of them. When there are as many as may be, a
/// quarter is forgotten, those first that would soonest be full again. So nobody is refused for want of room, and a bucket
/// that many guesses have gone into outlives the fresh ones of a flood: to have it forgotten takes tens of thousands of
/// others that are emptier still.
pub(super) struct Buckets<K> {
    /// `None`: there is no limit, and nothing is kept.
    allowance: Option<Allowance>,
    most: usize,
    kept: HashMap<K, Bucket>,
    swept_at: Duration,
}

impl<K: Copy + Eq + Hash> Buckets<K> {
    /// No buckets yet, and never more than so many.
    pub(super) fn new(allowance: Option<Allowance>, most: usize) -> Self {
        Self { allowance, most, kept: HashMap::new(), swept_at: Duration::ZERO }
    }

    /// How long until there is one to take; `None` when there is.
    pub(super) fn wait(&self, key: K, now: Duration) -> Option<Duration> {
        self.kept.get(&key)?.wait(self.allowance?, now)
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long until there is one. Then nothing was taken.
    pub(super) fn take(&mut self, key: K, now: Duration) -> Result<(), Duration> {
        let Some(allowance) = self.allowance else { return Ok(()) };
        self.make_room(now);
        self.kept.entry(key).or_default().take(allowance, now)
    }

    /// Gives one back that was taken.
    pub(super) fn give_back(&mut self, key: K, now: Duration) {
        let Some(allowance) = self.allowance else { return };
        // One that was forgotten meanwhile is full.
        let Some(bucket) = self.kept.get_mut(&key) else { return };
        bucket.give_back(allowance);
        if bucket.is_full(now) {
            self.kept.remove(&key);
        }
    }

    /// How many buckets are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Forgets what is full, every minute and when there is no room for one more; if that is not enough, what is fullest.
    fn make_room(&mut self, now: Duration) {
        let crowded = self.kept.len() >= self.most;
        if !crowded && now.saturating_sub(self.swept_at) < SWEEP_EVERY {
            return;
        }
        self.swept_at = now;
        self.kept.retain(|_, bucket| !bucket.is_full(now));
        let keep = self.most - self.most.div_ceil(4);
        if crowded && self.kept.len() > keep {
            self.forget_all_but(keep);
        }
        if !crowded {
            // A flood is over: its memory goes back.
            self.kept.shrink_to(2 * self.kept.len());
        }
    }

    fn forget_all_but(&mut self, keep: usize) {
        let mut excess = self.kept.len().saturating_sub(keep);
        let mut moments: Vec<_> = self.kept.values().map(Bucket::full_at).collect();
        let Some(last) = excess.checked_sub(1) else { return };
        let (_, &mut last, _) = moments.select_nth_unstable(last);
        // Of several that will be full at one moment as many as need be.
        self.kept.retain(|_, bucket| {
            let goes = excess > 0 && bucket.full_at() <= last;
            excess -= usize::from(goes);
            !goes
        });
    }
}
