//! What a new password must be. How it is hashed is for an adapter.

use std::fmt;

use crate::Email;

/// The fewest characters of a password (NIST SP 800-63B, section 5.1.1.2, asks for at least 8; we for more).
pub const PASSWORD_MIN_CHARS: usize = 12;
/// The most characters of a password.
pub const PASSWORD_MAX_CHARS: usize = 128;

/// The product's name, which no password may be made of.
const PRODUCT: &str = "helpdesk";

/// A password that satisfies the rules. It never shows itself in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

/// Why a password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_MIN_CHARS`] characters.
    TooShort,
    /// More than [`PASSWORD_MAX_CHARS`] characters.
    TooLong,
    /// It holds U+0000.
    Nul,
    /// It is little more than the account's e-mail address or the product's name.
    Guessable,
    /// It is one of those that everybody tries first.
    Common,
}

impl PasswordError {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Nul => "invalid_character",
            Self::Guessable => "too_guessable",
            Self::Common => "too_common",
        }
    }
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => write!(f, "must have at least {PASSWORD_MIN_CHARS} characters"),
            Self::TooLong => write!(f, "must have at most {PASSWORD_MAX_CHARS} characters"),
            Self::Nul => f.write_str("must not contain NUL"),
            Self::Guessable => f.write_str("must not be made of the e-mail address or the product's name"),
            Self::Common => f.write_str("must not be one of the passwords that everybody tries first"),
        }
    }
}

impl std::error::Error for PasswordError {}

impl NewPassword {
    /// Checks a password for the account with this address. There are no composition rules.
    ///
    /// ```
    /// use helpdesk_domain::{Email, NewPassword, PasswordError};
    ///
    /// let email = Email::parse("ada.lovelace@example.com").unwrap();
    /// assert!(NewPassword::parse("correct horse battery", &email).is_ok());
    /// assert_eq!(NewPassword::parse("ada.lovelace99", &email).unwrap_err(), PasswordError::Guessable);
    /// ```
    ///
    /// # Errors
    /// [`PasswordError`] says what is wrong with it.
    pub fn parse(raw: &str, email: &Email) -> Result<Self, PasswordError> {
        Self::check_alone(raw)?;
        let lower = raw.to_lowercase();
        // What is left when the parts that anyone knows are taken out.
        let mut rest = lower.replace(email.as_str(), "");
        for known in [email.local_part(), PRODUCT] {
            if known.len() >= 4 {
                rest = rest.replace(known, "");
            }
        }
        if rest.len() < lower.len() && rest.chars().count() < PASSWORD_MIN_CHARS / 2 {
            return Err(PasswordError::Guessable);
        }
        Ok(Self(raw.to_owned()))
    }

    /// The rules that need no account: length and characters.
    ///
    /// # Errors
    /// [`PasswordError`] says what is wrong with it.
    pub fn check_alone(raw: &str) -> Result<(), PasswordError> {
        // Four bytes a character at the most: a huge one is refused without being counted.
        if raw.len() > 4 * PASSWORD_MAX_CHARS || raw.chars().count() > PASSWORD_MAX_CHARS {
            return Err(PasswordError::TooLong);
        }
        if raw.contains('\0') {
            return Err(PasswordError::Nul);
        }
        if raw.chars().count() < PASSWORD_MIN_CHARS {
            return Err(PasswordError::TooShort);
        }
        Ok(())
    }

    /// The password itself, for hashing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_and_composition_does_not() {
        let email = Email::parse("ada.lovelace@example.com").unwrap();
        let parse = |raw: &str| NewPassword::parse(raw, &email).map(|_| ());
        assert_eq!(parse("aaaaaaaaaaa"), Err(PasswordError::TooShort));
        assert_eq!(parse("correct horse"), Ok(()));
        assert_eq!(parse(&"é".repeat(128)), Ok(()));
        assert_eq!(parse(&"é".repeat(129)), Err(PasswordError::TooLong));
        assert_eq!(parse("correct\0horse battery"), Err(PasswordError::Nul));
        assert_eq!(parse("Ada.Lovelace@Example.com"), Err(PasswordError::Guessable));
        assert_eq!(parse("ada.lovelace1"), Err(PasswordError::Guessable));
        assert_eq!(parse("HelpdeskHelpdesk1"), Err(PasswordError::Guessable));
        assert_eq!(parse("helpdesk battery staple"), Ok(()));
    }

    #[test]
    fn debug_shows_nothing() {
        let email = Email::parse("a@example.com").unwrap();
        let password = NewPassword::parse("correct horse battery", &email).unwrap();
        assert!(!format!("{password:?}").contains("horse"));
    }
}
