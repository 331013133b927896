//! Looking for tickets by words.

use std::collections::BTreeSet;
use std::fmt;

use crate::words::words;

/// Words that are looked for in what one may see of a ticket: its subject, its description and its comments.
///
/// A ticket is found when each word is anywhere in there, in whatever order, and the last one at least as the beginning of a
/// word. That is all: a search lets tickets through or does not, and puts none before another. (An order by relevance would rest on how
/// often words are used everywhere, which would tell a customer of what is internal.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketSearch(Vec<SoughtWord>);

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoughtWord {
    text: String,
    is_prefix: bool,
}

impl SoughtWord {
    /// The word, as [`words`] has it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a word that only begins so is one, too.
    pub fn is_prefix(&self) -> bool {
        self.is_prefix
    }

    fn is(&self, word: &str) -> bool {
        if self.is_prefix { word.starts_with(&self.text) } else { word == self.text }
    }
}

/// Why a text is no search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketSearchError {
    /// There is no word in it.
    NoWord,
    /// It has more than [`TicketSearch::MAX_CHARS`] characters.
    TooLong,
    /// It has more than [`TicketSearch::MAX_WORDS`] different words.
    TooManyWords,
    /// It holds a NUL, which no text does.
    Nul,
}

impl fmt::Display for TicketSearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWord => f.write_str("must hold a word"),
            Self::TooLong => write!(f, "must have at most {} characters", TicketSearch::MAX_CHARS),
            Self::TooManyWords => write!(f, "must have at most {} different words", TicketSearch::MAX_WORDS),
            Self::Nul => f.write_str("must not contain NUL"),
        }
    }
}

impl std::error::Error for TicketSearchError {}

impl TicketSearch {
    /// The most characters it may have.
    pub const MAX_CHARS: usize = 200;
    /// The most different words it may have. Where each character is a word, that is a short sentence.
    pub const MAX_WORDS: usize = 20;

    /// Takes the words out of a text. The last one counts as a beginning whatever follows it.
    ///
    /// # Errors
    /// [`TicketSearchError`] says why it is none.
    pub fn parse(raw: &str) -> Result<Self, TicketSearchError> {
        let text = raw.trim();
        if text.contains('\0') {
            return Err(TicketSearchError::Nul);
        }
        if text.chars().count() > Self::MAX_CHARS {
            return Err(TicketSearchError::TooLong);
        }
        let mut found = words(text);
        let last = found.pop().ok_or(TicketSearchError::NoWord)?;
        let whole: BTreeSet<String> = found.into_iter().collect();
        // Where a whole word begins so already, it asks for nothing more.
        let asks_for_more = !whole.iter().any(|word| word.starts_with(&last));
        let mut sought: Vec<SoughtWord> =
            whole.into_iter().map(|text| SoughtWord { text, is_prefix: false }).collect();
        if asks_for_more {
            sought.push(SoughtWord { text: last, is_prefix: true });
        }
        if sought.len() > Self::MAX_WORDS {
            return Err(TicketSearchError::TooManyWords);
        }
        Ok(Self(sought))
    }

    /// The words, each once, and at least one.
    pub fn words(&self) -> &[SoughtWord] {
        &self.0
    }

    /// Whether all of its words are in these texts, which are those of one ticket that the one who asks may see: what a store's
    /// translation must agree with.
    pub fn admits<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        let mut missing: Vec<&SoughtWord> = self.0.iter().collect();
        for text in texts {
            let found = words(text);
            missing.retain(|sought| !found.iter().any(|word| sought.is(word)));
        }
        missing.is_empty()
    }
}

/// The words, with a `*` behind the one that may go on: no two different searches read alike, and none holds anything but words,
/// blanks between them, and that.
impl fmt::Display for TicketSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, word) in self.0.iter().enumerate() {
            let (before, behind) =
                (if number == 0 { "" } else { " " }, if word.is_prefix { "*" } else { "" });
            write!(f, "{before}{}{behind}", word.text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(text: &str) -> TicketSearch {
        TicketSearch::parse(text).unwrap()
    }

    #[test]
    fn every_word_is_asked_for_and_the_last_may_go_on() {
        let ticket = ["The lift is stuck", "Between the second and third floor"];
        for found in [
            "lift",
            "LIFT",
            "lif",
            "stuck lift",
            "floor th",
            "lift  floor.",
            "lift third st",
            "the the the",
            "second lift?!",
        ] {
            assert!(search(found).admits(ticket), "{found}");
        }
        for other in ["ift", "lif stuck", "lift stuc is", "lift fourth", "stuckk", "secondand"] {
            assert!(!search(other).admits(ticket), "{other}");
        }
        assert!(!search("lift").admits([]));
    }

    #[test]
    fn what_asks_for_the_same_is_the_same() {
        assert_eq!(search("b a b c"), search(" A,b  C? "));
        assert_eq!(search("a b a"), search("b a b"));
        assert_ne!(search("a b a"), search("a b"), "there b may go on");
        assert_eq!(search("lift li").to_string(), "lift");
        assert_eq!(search("stuck LIFT a").to_string(), "lift stuck a*");
        assert_ne!(search("a b"), search("b a"));
    }

    #[test]
    fn what_is_no_search_is_told() {
        let parse = TicketSearch::parse;
        for empty in ["", "  ", "%", "\" OR *", "--", "\u{301}"] {
            let is_or = empty.contains("OR");
            assert_eq!(parse(empty).err(), (!is_or).then_some(TicketSearchError::NoWord), "{empty}");
        }
        assert_eq!(parse("a\0b"), Err(TicketSearchError::Nul));
        assert!(parse(&format!(" {} ", "é".repeat(200))).is_ok());
        assert_eq!(parse(&"é".repeat(201)), Err(TicketSearchError::TooLong));
        let many = |count: u32| (0..count).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        assert!(parse(&many(20)).is_ok());
        assert_eq!(parse(&many(21)), Err(TicketSearchError::TooManyWords));
        assert!(parse(&"w ".repeat(99)).is_ok(), "the same one over again is one");
    }
}
