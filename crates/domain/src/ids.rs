//! Identifiers. All are positive integers below 2⁵³, so that every JSON reader holds them exactly.

use std::fmt;
use std::str::FromStr;

/// The largest id: 2⁵³ − 1, the largest integer that an IEEE 754 double and its neighbours hold exactly (RFC 8259, section 6).
pub const MAX_ID: i64 = (1 << 53) - 1;

/// A text or number that is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be a positive integer below 2^53")
    }
}

impl std::error::Error for IdError {}

/// Plain decimal digits without sign, leading zero or exponent: one spelling for each id.
fn parse_decimal(text: &str) -> Result<i64, IdError> {
    let canonical = !text.is_empty() && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    if !canonical {
        return Err(IdError);
    }
    text.parse().map_err(|_| IdError)
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The id with this number.
            ///
            /// # Errors
            /// [`IdError`] unless the number lies in 1..=[`MAX_ID`].
            pub const fn new(number: i64) -> Result<Self, IdError> {
                if number >= 1 && number <= MAX_ID { Ok(Self(number)) } else { Err(IdError) }
            }

            /// The number.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_decimal(text).and_then(Self::new)
            }
        }
    };
}

id_type!(
    /// A ticket's id. A larger one was created later.
    TicketId
);
id_type!(
    /// An account's id.
    UserId
);
id_type!(
    /// A comment's id: odd for a public comment, even for an internal one, each kind counted by itself.
    CommentId
);
id_type!(
    /// An event's id: odd for a public event, even for an internal one, each kind counted by itself.
    EventId
);
id_type!(
    /// The id of an entry of the audit trail. A larger one was written later.
    AuditId
);
id_type!(
    /// A team's id.
    TeamId
);

id_type!(
    /// What something that is imported is called where it comes from.
    SourceId
);

/// A sign-in session: 128 random bits, so that it tells nothing about how many others there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(u128);

impl SessionId {
    /// The session with these bits, which must be random.
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The bits.
    pub const fn bits(self) -> u128 {
        self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for SessionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let canonical = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !canonical {
            return Err(IdError);
        }
        u128::from_str_radix(text, 16).map(Self).map_err(|_| IdError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_decimal_form_is_an_id() {
        assert_eq!("1".parse(), TicketId::new(1));
        assert_eq!("9007199254740991".parse(), TicketId::new(MAX_ID));
        for bad in [
            "",
            "0",
            "-1",
            "+1",
            "01",
            "1e3",
            "1.0",
            " 1",
            "1 ",
            "٣",
            "9007199254740992",
            "9223372036854775808",
            "18446744073709551616",
            "1\0",
        ] {
            assert_eq!(bad.parse::<TicketId>(), Err(IdError), "{bad:?}");
        }
    }

    #[test]
    fn session_ids_survive_the_text_form() {
        let id = SessionId::from_bits(0xdead_beef);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("DEADBEEF".parse::<SessionId>().is_err());
    }
}
