//! Texts with rules: parsed once at the edge, trusted from then on. Lengths are in characters (Unicode scalar values).

use std::fmt;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing is left after trimming.
    Empty,
    /// More than this many characters.
    TooLong {
        /// The most that is allowed.
        max: usize,
    },
    /// It holds U+0000, which no store keeps.
    Nul,
    /// It holds a control character where only one line of plain text makes sense.
    Control,
}

impl TextError {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong { .. } => "too_long",
            Self::Nul | Self::Control => "invalid_character",
        }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::Nul => f.write_str("must not contain NUL"),
            Self::Control => f.write_str("must not contain control characters"),
        }
    }
}

impl std::error::Error for TextError {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

fn check(raw: &str, max: usize, lines: Lines) -> Result<&str, TextError> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    // Bytes bound characters from above: most texts need no counting.
    if text.len() > max && text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    if text.contains('\0') {
        return Err(TextError::Nul);
    }
    if lines == Lines::One && text.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    Ok(text)
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $max:literal, $lines:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const MAX_CHARS: usize = $max;

            /// Trims and checks.
            ///
            /// # Errors
            /// [`TextError`] says what is wrong with it.
            pub fn parse(raw: &str) -> Result<Self, TextError> {
                check(raw, $max, $lines).map(|text| Self(text.to_owned()))
            }

            /// A text that was parsed when it was written: for stores, which give back what they took.
            pub fn from_stored(text: String) -> Self {
                Self(text)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, owned.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_type!(
    /// A ticket's subject: one line of 1–200 characters.
    Subject, 200, Lines::One
);
text_type!(
    /// A ticket's description: 1–20,000 characters.
    Description, 20_000, Lines::Many
);
text_type!(
    /// A comment's body: 1–20,000 characters.
    CommentBody, 20_000, Lines::Many
);
text_type!(
    /// A person's name: one line of 1–100 characters.
    PersonName, 100, Lines::One
);
text_type!(
    /// A team's name: one line of 1–100 characters.
    TeamName, 100, Lines::One
);

text_type!(
    /// What a place is called from which tickets are imported: one line of 1–200 characters.
    SourceName, 200, Lines::One
);

/// Why a text is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailError {
    /// Nothing is left after trimming.
    Empty,
    /// More than [`Email::MAX_CHARS`] characters.
    TooLong,
    /// It holds U+0000.
    Nul,
    /// A character outside ASCII. One address would have several spellings; the ASCII form (`xn--…`) of a domain is unique.
    NotAscii,
    /// Not of the form `local@domain.tld`.
    Malformed,
}

impl EmailError {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong => "too_long",
            Self::Nul => "invalid_character",
            Self::NotAscii | Self::Malformed => "invalid_email",
        }
    }
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong => write!(f, "must have at most {} characters", Email::MAX_CHARS),
            Self::Nul => f.write_str("must not contain NUL"),
            Self::NotAscii => f.write_str("must be ASCII; write an international domain in its xn-- form"),
            Self::Malformed => f.write_str("must be an e-mail address such as ada@example.com"),
        }
    }
}

impl std::error::Error for EmailError {}

/// An e-mail address in the one form in which addresses are compared: trimmed, lower case, ASCII (and so NFC).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// The most characters it may have (RFC 5321, section 4.5.3.1.3, less the angle brackets).
    pub const MAX_CHARS: usize = 254;

    /// Trims, checks and lower-cases.
    ///
    /// ```
    /// use helpdesk_domain::Email;
    ///
    /// assert_eq!(Email::parse(" Ada@Example.COM "), Email::parse("ada@example.com"));
    /// assert!(Email::parse("ada@localhost").is_err());
    /// ```
    ///
    /// # Errors
    /// [`EmailError`] says what is wrong with it.
    pub fn parse(raw: &str) -> Result<Self, EmailError> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.contains('\0') {
            return Err(EmailError::Nul);
        }
        if text.len() > Self::MAX_CHARS && text.chars().count() > Self::MAX_CHARS {
            return Err(EmailError::TooLong);
        }
        if !text.is_ascii() {
            return Err(EmailError::NotAscii);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError::Malformed)?;
        if !is_dot_atom(local, is_local_char) || local.len() > 64 || !is_host_name(domain) {
            return Err(EmailError::Malformed);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// An address that was parsed when it was written: for stores, which give back what they took.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(self.as_str(), |(local, _)| local)
    }

    /// The address, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `atext` of RFC 5322, section 3.2.3.
const fn is_local_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
}

fn is_dot_atom(text: &str, allowed: fn(u8) -> bool) -> bool {
    text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(allowed))
}

/// Two or more labels of letters, digits and inner hyphens (RFC 1123, section 2.1).
fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_counted_in_characters() {
        assert_eq!(Subject::parse("  hi \n").unwrap().as_str(), "hi");
        assert_eq!(Subject::parse(" \t"), Err(TextError::Empty));
        assert!(Subject::parse(&"é".repeat(200)).is_ok());
        assert_eq!(Subject::parse(&"é".repeat(201)), Err(TextError::TooLong { max: 200 }));
        assert_eq!(CommentBody::parse("a\0b"), Err(TextError::Nul));
        assert_eq!(Subject::parse("a\nb"), Err(TextError::Control));
        assert!(Description::parse("a\nb").is_ok());
    }

    #[test]
    fn an_address_has_one_spelling() {
        assert_eq!(Email::parse(" Ada@Example.COM ").unwrap().as_str(), "ada@example.com");
        for bad in [
            "ada",
            "@example.com",
            "ada@",
            "ada@host",
            "a b@example.com",
            "a@b@example.com",
            "a..b@example.com",
            ".a@example.com",
            "ada@-x.com",
            "ada@example..com",
            "\"a\"@example.com",
            "ada@[127.0.0.1]",
        ] {
            assert_eq!(Email::parse(bad), Err(EmailError::Malformed), "{bad}");
        }
        assert_eq!(Email::parse("ad\u{e4}@example.com"), Err(EmailError::NotAscii));
        assert_eq!(Email::parse("ada@ex\u{e4}mple.com"), Err(EmailError::NotAscii));
        assert_eq!(Email::parse("a\0@example.com"), Err(EmailError::Nul));
        assert_eq!(Email::parse(&format!("ada@{}.com", "a.".repeat(130))), Err(EmailError::TooLong));
        assert!(Email::parse("ada+tag!#$%&'*/=?^_`{|}~@example.com").is_ok());
    }
}
