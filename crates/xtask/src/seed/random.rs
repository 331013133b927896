//! Numbers that look random and are always the same.

/// `SplitMix64` (Steele, Lea and Flood, 2014): one multiplication or two for a number, and any state is a good one.
pub(super) struct Random(u64);

impl Random {
    /// The numbers for one thing: they do not depend on how many were asked for before it.
    pub(super) fn of(seed: u64, number: u64) -> Self {
        let mut random = Self(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Neighbours begin far apart.
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `0..count`.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        // The high half of a product: as even as 64 bits allow.
        let wide = u128::from(self.next()) * u128::from(count.max(1));
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// One of `0..count`, of which the first come much more often: as words in a text, or tickets of customers.
    pub(super) fn skewed(&mut self, count: u64) -> u64 {
        let one = self.below(count);
        let two = self.below(one + 1);
        self.below(two + 1)
    }

    /// Whether one of so many in a hundred comes up.
    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of these.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        let place = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        of[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_and_another_gives_others() {
        let some = |number| {
            let mut random = Random::of(7, number);
            [random.below(1_000_000), random.below(1_000_000), random.below(1_000_000)]
        };
        assert_eq!(some(1), some(1));
        assert_ne!(some(1), some(2));
    }

    #[test]
    fn everything_comes_up_and_some_of_it_more_often() {
        let mut random = Random::of(1, 1);
        let (mut even, mut skewed) = ([0; 10], [0; 10]);
        for _ in 0..10_000 {
            even[usize::try_from(random.below(10)).unwrap()] += 1;
            skewed[usize::try_from(random.skewed(10)).unwrap()] += 1;
        }
        assert!(even.iter().all(|count| (800..1_200).contains(count)), "{even:?}");
        assert!(skewed[0] > 10 * skewed[9] && skewed[9] > 0, "{skewed:?}");
    }
}
