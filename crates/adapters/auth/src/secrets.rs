//! Several secrets at once, as a file keeps them.

use std::collections::HashMap;
use std::fmt;

use crate::{JwtSecret, WeakSecret};

/// The secrets that access tokens may be signed with, newest first: the newest signs, all verify. There is at least one,
/// and no two are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtSecrets {
    newest: JwtSecret,
    older: Vec<JwtSecret>,
}

/// Why a text will not do as [`JwtSecrets`]. `Display` names the line, counted from 1, and shows nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSecrets {
    /// No line holds a secret.
    None,
    /// It begins with a byte order mark (U+FEFF).
    ByteOrderMark,
    /// A secret can be guessed.
    Weak {
        /// Where it stands.
        line: usize,
        /// What is wrong with it.
        weak: WeakSecret,
    },
    /// A secret stands there twice. Whoever removes one of the two lines would believe it gone while it still verifies.
    Twice {
        /// Where it stands again.
        line: usize,
        /// Where it stood first.
        first: usize,
    },
}

impl fmt::Display for BadSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("holds no key; it needs one on a line of its own"),
            Self::ByteOrderMark => f.write_str("begins with a byte order mark; save it without one"),
            Self::Weak { line, weak } => write!(f, "line {line} {weak}"),
            Self::Twice { line, first } => write!(f, "line {line} is the key of line {first} again"),
        }
    }
}

impl std::error::Error for BadSecrets {}

impl JwtSecrets {
    /// Reads one secret a line, newest first. White space around a secret is not part of it, since nobody sees it there;
    /// empty lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`BadSecrets`] for the first line that will not do: a key left out in silence would sign people out.
    pub fn parse(text: &str) -> Result<Self, BadSecrets> {
        // Some editors write it, nobody sees it, and it would make another key of the first line.
        if text.starts_with('\u{feff}') {
            return Err(BadSecrets::ByteOrderMark);
        }
        let mut lines = HashMap::new();
        let mut secrets = Vec::new();
        for (line, text) in (1..).zip(text.lines().map(str::trim)) {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            if let Some(first) = lines.insert(text, line) {
                return Err(BadSecrets::Twice { line, first });
            }
            secrets.push(JwtSecret::parse(text).map_err(|weak| BadSecrets::Weak { line, weak })?);
        }
        let mut secrets = secrets.into_iter();
        let newest = secrets.next().ok_or(BadSecrets::None)?;
        Ok(Self { newest, older: secrets.collect() })
    }

    /// The one that signs.
    pub fn newest(&self) -> &JwtSecret {
        &self.newest
    }

    /// All that verify, newest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &JwtSecret> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

impl From<JwtSecret> for JwtSecrets {
    fn from(only: JwtSecret) -> Self {
        Self { newest: only, older: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA!";
    const OLD: &str = "4f1c9b7e02d86a35e9c0b4127fd3a658";

    fn all(text: &str) -> Vec<String> {
        let secrets = JwtSecrets::parse(text).unwrap();
        assert_eq!(Some(secrets.newest()), secrets.all().next());
        secrets.all().map(|secret| String::from_utf8(secret.as_bytes().to_vec()).unwrap()).collect()
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_key() {
        let key = "nK4vPq8WzR2mXc7TyB5uJh9LsD3fGaE6";
        assert!(JwtSecrets::parse(key).is_ok());
        assert_eq!(JwtSecrets::parse(&format!("\u{feff}{key}")), Err(BadSecrets::ByteOrderMark));
    }

    #[test]
    fn there_is_one_a_line_and_the_first_is_the_newest() {
        assert_eq!(all(NEW), [NEW]);
        assert_eq!(all(&format!("{NEW}\n{OLD}\n")), [NEW, OLD]);
        assert_eq!(all(&format!("{OLD}\r\n{NEW}\r\n")), [OLD, NEW]);
        assert_eq!(all(&format!("# since May\n\n  {NEW}\t\n \n   # until June\n{OLD}")), [NEW, OLD]);
        // Within a line it is a character like any other.
        assert_eq!(all(&format!("{OLD} # {NEW}")), [format!("{OLD} # {NEW}")]);
    }

    #[test]
    fn what_will_not_do_is_told_by_its_line_alone() {
        let weak = WeakSecret::TooShort(8);
        for (text, why) in [
            (String::new(), BadSecrets::None),
            ("\n# nothing yet\n\n".to_owned(), BadSecrets::None),
            (format!("# one\n\n{NEW}\nchangeme\n"), BadSecrets::Weak { line: 4, weak }),
            (format!("changeme\n{NEW}"), BadSecrets::Weak { line: 1, weak }),
            (format!("{NEW}\n{OLD}\n\n {NEW} \n"), BadSecrets::Twice { line: 4, first: 1 }),
        ] {
            assert_eq!(JwtSecrets::parse(&text), Err(why), "{text:?}");
            let message = why.to_string();
            assert!(!message.contains("changeme") && !message.contains(NEW), "{message}");
        }
        assert!(BadSecrets::Weak { line: 4, weak }.to_string().starts_with("line 4 has 8 bytes"));
    }

    #[test]
    fn they_do_not_show_themselves() {
        let shown = format!("{:?}", JwtSecrets::parse(&format!("{NEW}\n{OLD}")).unwrap());
        assert!(!shown.contains("G7") && !shown.contains("4f1c"), "{shown}");
    }
}
