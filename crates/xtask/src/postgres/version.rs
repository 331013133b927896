//! Versions of Postgres.

use std::fmt;

/// The oldest that the tests run on.
pub(super) const OLDEST: Version = Version { major: 14, minor: 0 };

/// A version, such as 15.14.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    major: u32,
    minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl Version {
    /// The version in the answer to `postgres --version`: `postgres (Postgres) 15.14 (Debian …)`, or `… 18beta1`.
    pub(super) fn parse(answer: &str) -> Option<Self> {
        let number = answer.strip_prefix("postgres (PostgreSQL) ")?.split_whitespace().next()?;
        let (major, rest) = leading_number(number)?;
        let minor = rest.strip_prefix('.').and_then(leading_number).map_or(0, |(minor, _)| minor);
        Some(Self { major, minor })
    }
}

fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// The position of the newest that is new enough; of equals the first.
pub(super) fn choose(versions: &[Version]) -> Option<usize> {
    let newest = versions.iter().copied().filter(|version| *version >= OLDEST).max()?;
    versions.iter().position(|version| *version == newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(major: u32, minor: u32) -> Version {
        Version { major, minor }
    }

    #[test]
    fn the_answers_of_real_servers_are_understood() {
        for (answer, expected) in [
            ("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", version(15, 14)),
            ("postgres (PostgreSQL) 9.6.24\n", version(9, 6)),
            ("postgres (PostgreSQL) 18beta1\n", version(18, 0)),
            ("postgres (PostgreSQL) 17.0 (Homebrew)", version(17, 0)),
        ] {
            assert_eq!(Version::parse(answer), Some(expected), "{answer}");
        }
        for answer in
            ["", "postgres (PostgreSQL) ", "postgres (PostgreSQL) devel", "initdb (PostgreSQL) 15.1"]
        {
            assert_eq!(Version::parse(answer), None, "{answer}");
        }
    }

    #[test]
    fn the_newest_that_is_new_enough_is_chosen_and_of_equals_the_first() {
        let versions = [version(13, 20), version(15, 9), version(15, 14), version(9, 6), version(15, 14)];
        assert_eq!(choose(&versions), Some(2));
        assert_eq!(choose(&[version(14, 0)]), Some(0));
        assert_eq!(choose(&[version(13, 99), version(9, 6)]), None);
        assert_eq!(choose(&[]), None);
    }
}
