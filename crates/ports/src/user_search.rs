//! Looking for accounts by a piece of text.

use helpdesk_domain::TextError;

/// A piece of text that is looked for in names and e-mail addresses: 1–100 characters, in which ASCII letters stand for
/// themselves in either case. (Other letters have more than two forms, and each store its own idea of them.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSearch(String);

impl UserSearch {
    /// The most characters it may have.
    pub const MAX_CHARS: usize = 100;

    /// Trims and checks.
    ///
    /// # Errors
    /// [`TextError`] says what is wrong with it.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().count() > Self::MAX_CHARS {
            return Err(TextError::TooLong { max: Self::MAX_CHARS });
        }
        if text.contains('\0') {
            return Err(TextError::Nul);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The text, its ASCII letters in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is in this text: what a store's translation must agree with.
    pub fn is_in(&self, text: &str) -> bool {
        text.to_ascii_lowercase().contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_letters_match_in_either_case_and_nothing_is_a_pattern() {
        let search = |text| UserSearch::parse(text).unwrap();
        assert!(search(" LoVe ").is_in("Ada Lovelace"));
        assert!(!search("Ä").is_in("ä"));
        assert!(!search("%").is_in("Ada"));
        assert_eq!(UserSearch::parse(" "), Err(TextError::Empty));
        assert_eq!(UserSearch::parse("a\0"), Err(TextError::Nul));
        assert!(UserSearch::parse(&"é".repeat(100)).is_ok());
        assert_eq!(UserSearch::parse(&"é".repeat(101)), Err(TextError::TooLong { max: 100 }));
    }
}
