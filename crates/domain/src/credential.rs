//! What proves who somebody is, in the form in which it is kept: values that adapters make and the rules only pass on.

use std::fmt;

/// A hashed password, with the version of the scheme that made it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    /// The version of the scheme; the adapter knows how to verify each.
    pub scheme: i16,
    /// The hash in the scheme's own text form.
    pub text: String,
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordHash(scheme {})", self.scheme)
    }
}

/// SHA-256 of an opaque token: all that a store keeps of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub [u8; 32]);

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(…)")
    }
}
