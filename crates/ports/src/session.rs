//! Sign-in sessions.

use async_trait::async_trait;
use helpdesk_domain::{Role, SessionId, Ts, UserId};

use crate::{StoreError, TokenDigest};

/// A session to be opened, with its first refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Its random id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When it begins.
    pub created_at: Ts,
    /// When it ends, whatever happens.
    pub expires_at: Ts,
    /// The digest of its first refresh token.
    pub refresh_token: TokenDigest,
    /// When that token ends unless it is used.
    pub refresh_expires_at: Ts,
}

/// Where an account and a session of it stand: what decides whether a token is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account's role today.
    pub role: Role,
    /// Whether the account may do anything at all.
    pub is_active: bool,
    /// The account's token version today.
    pub token_version: i64,
    /// When the session ends.
    pub expires_at: Ts,
    /// Whether the session was ended before that.
    pub is_revoked: bool,
}

/// The sessions.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// Opens a session and stores its refresh token, in one transaction.
    async fn open(&self, session: NewSession) -> Result<(), StoreError>;

    /// Where the account and the session stand; `None` if there is no such session of this account.
    async fn standing(&self, user: UserId, session: SessionId) -> Result<Option<Standing>, StoreError>;
}
