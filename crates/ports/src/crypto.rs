//! Passwords and tokens.

use async_trait::async_trait;
use helpdesk_domain::{NewPassword, PasswordHash, Role, SessionId, TokenDigest, Ts, UserId};

use crate::Fingerprint;

/// Why nothing was hashed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too much is waiting already; later it may work.
    #[error("too many sign-ins are under way")]
    Busy,
    /// A defect, or a stored hash that is none.
    #[error("hashing failed")]
    Fault(crate::Cause),
}

/// Hashes and verifies passwords. MUST bound how much of the machine it takes, and must not run on an async worker.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a new password.
    async fn hash(&self, password: NewPassword) -> Result<PasswordHash, HashError>;

    /// Whether the candidate is the hashed password. Without a hash (no such account) it MUST do the same work and then say
    /// `false`.
    async fn verify(&self, candidate: String, hash: Option<PasswordHash>) -> Result<bool, HashError>;

    /// The fingerprint of a request with a password in it, of that of the rest and of the password: the same for the same two. A
    /// store keeps it, and beside it what it is keyed with. So trying a password on it MUST take the work that trying one on a
    /// hash takes.
    async fn bind(&self, rest: Fingerprint, password: NewPassword) -> Result<Fingerprint, HashError>;
}

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// Whose it is.
    pub user: UserId,
    /// The role when it was issued.
    pub role: Role,
    /// The session it belongs to.
    pub session: SessionId,
    /// The account's token version when it was issued.
    pub token_version: i64,
    /// When it was issued.
    pub issued_at: Ts,
    /// When it ends.
    pub expires_at: Ts,
}

/// A token that is malformed, forged, expired or not one of ours. Which of these is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidToken;

/// A token could not be made: a defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFault(pub crate::Cause);

/// Signs and verifies access tokens.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// A signed token that says so.
    fn issue(&self, claims: &AccessClaims) -> Result<String, TokenFault>;

    /// What the token says, if it is one of ours and valid now. MUST pin the algorithm, and require every registered claim
    /// that [`AccessTokens::issue`] writes.
    fn verify(&self, token: &str, now: Ts) -> Result<AccessClaims, InvalidToken>;
}

/// Makes and recognises opaque tokens, which prove by being known: refresh tokens and those of invitations.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait OpaqueTokens: Send + Sync {
    /// A new token of 256 random bits, and its digest.
    fn generate(&self) -> (String, TokenDigest);

    /// The digest of a token that was shown, whether it is one of ours or not.
    fn digest(&self, token: &str) -> TokenDigest;
}

/// Knows the passwords that everybody tries first.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait PasswordScreen: Send + Sync {
    /// Whether the password is among the commonest, or little more than one of them. MUST answer within milliseconds whatever
    /// the password.
    fn is_common(&self, password: &NewPassword) -> bool;
}
