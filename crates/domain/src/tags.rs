//! Tags: words that staff put on tickets. Customers never see them.

use std::collections::BTreeSet;
use std::fmt;

/// The most tags a ticket may have.
pub const MAX_TAGS: usize = 20;
/// The most characters a tag may have.
pub const TAG_MAX_CHARS: usize = 50;

/// A ticket's tags: normalised, without repetition, in alphabetical order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(BTreeSet<String>);

/// Why tags were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagError {
    /// More than [`MAX_TAGS`].
    TooMany,
    /// One is empty.
    Empty,
    /// One has more than [`TAG_MAX_CHARS`] characters.
    TooLong,
    /// One holds something other than letters, digits, `-`, `_`, `.`, `:` or `/`.
    Character,
}

impl TagError {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooMany => "too_many",
            Self::Empty => "required",
            Self::TooLong => "too_long",
            Self::Character => "invalid_character",
        }
    }
}

impl fmt::Display for TagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => write!(f, "must have at most {MAX_TAGS} tags"),
            Self::Empty => f.write_str("a tag must not be empty"),
            Self::TooLong => write!(f, "a tag must have at most {TAG_MAX_CHARS} characters"),
            Self::Character => f.write_str("a tag may hold letters, digits, and any of - _ . : /"),
        }
    }
}

impl std::error::Error for TagError {}

/// One tag, normalised as those of a ticket are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

impl Tag {
    /// Trims, lower-cases, and turns inner white space into `-`.
    ///
    /// # Errors
    /// [`TagError`] names the first fault.
    pub fn parse(raw: &str) -> Result<Self, TagError> {
        normalise(raw).map(Self)
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Tags {
    /// Whether this tag is among them.
    pub fn contains(&self, tag: &Tag) -> bool {
        self.0.contains(&tag.0)
    }

    /// Trims, lower-cases, turns inner white space into `-`, and drops repetitions.
    ///
    /// ```
    /// use helpdesk_domain::Tags;
    ///
    /// let tags = Tags::parse(&["VIP", " needs reply ", "vip"]).unwrap();
    /// assert_eq!(tags.iter().collect::<Vec<_>>(), ["needs-reply", "vip"]);
    /// ```
    ///
    /// # Errors
    /// [`TagError`] names the first fault.
    pub fn parse<T: AsRef<str>>(raw: &[T]) -> Result<Self, TagError> {
        let tags = raw.iter().map(|tag| normalise(tag.as_ref())).collect::<Result<BTreeSet<_>, _>>()?;
        if tags.len() > MAX_TAGS { Err(TagError::TooMany) } else { Ok(Self(tags)) }
    }

    /// Tags that were parsed when they were written: for stores.
    pub fn from_stored(tags: impl IntoIterator<Item = String>) -> Self {
        Self(tags.into_iter().collect())
    }

    /// The tags, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Tags {
    type Item = String;
    type IntoIter = std::collections::btree_set::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

fn normalise(raw: &str) -> Result<String, TagError> {
    let tag = raw.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
    if tag.is_empty() {
        return Err(TagError::Empty);
    }
    if tag.chars().count() > TAG_MAX_CHARS {
        return Err(TagError::TooLong);
    }
    if !tag.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/')) {
        return Err(TagError::Character);
    }
    Ok(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_normalised_and_unique() {
        let tags = Tags::parse(&["  VIP ", "vip", "needs   Reply"]).unwrap();
        assert_eq!(tags.iter().collect::<Vec<_>>(), ["needs-reply", "vip"]);
        assert_eq!(Tags::parse(&[" "]), Err(TagError::Empty));
        assert_eq!(Tags::parse(&["a,b"]), Err(TagError::Character));
        assert_eq!(Tags::parse(&["x".repeat(51)]), Err(TagError::TooLong));
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        assert_eq!(Tags::parse(&many), Err(TagError::TooMany));
    }
}
