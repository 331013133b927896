//! Sign-in sessions.

use std::time::Duration;

use async_trait::async_trait;
use helpdesk_domain::{
    Client, ClientNetwork, Email, Role, Session, SessionId, TokenDigest, Ts, User, UserId,
};

use crate::{Page, PageRequest, StoreError};

/// Where an account and a session of it stand: what decides whether a token is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account's role today.
    pub role: Role,
    /// Whether the account may do anything at all.
    pub is_active: bool,
    /// The account's token version today.
    pub token_version: i64,
    /// The account's token version that the session is good for.
    pub session_token_version: i64,
    /// When the session ends.
    pub expires_at: Ts,
    /// When the session ends unless it is refreshed.
    pub idle_expires_at: Ts,
    /// Whether the session was ended before that.
    pub is_revoked: bool,
}

/// A refresh token that somebody shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownToken {
    /// Its digest.
    pub token: TokenDigest,
    /// The digest of the token that takes its place, if the session goes on.
    pub successor: TokenDigest,
    /// Who shows it.
    pub client: Client,
    /// When.
    pub at: Ts,
}

/// What came of showing a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The session goes on; the successor is its token from now on.
    Rotated {
        /// The account as it is.
        user: User,
        /// The session as it is now.
        session: Box<Session>,
    },
    /// The token was used before: the session was ended, and the trail says so.
    Replayed {
        /// Whose session it was.
        user: UserId,
        /// The session.
        session: SessionId,
    },
    /// The session was refreshed too often. Nothing was written.
    TooOften {
        /// When it may be refreshed next.
        retry_after: Duration,
    },
    /// The token is unknown, or its session over.
    Dead,
}

/// What was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// How many sessions and invitations.
    pub count: usize,
    /// Whether none is left.
    pub is_all: bool,
}

/// A place in the list of an account's sessions, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionPosition {
    /// When it began.
    pub created_at: Ts,
    /// Its id.
    pub id: SessionId,
}

impl SessionPosition {
    /// Where this session stands.
    pub fn of(session: &Session) -> Self {
        Self { created_at: session.created_at, id: session.id }
    }
}

/// The sessions.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// Opens a session with its first refresh token, in one transaction; `false`, and nothing is written, where the account is
    /// no longer active or no longer at the session's token version.
    async fn open(&self, session: Session, refresh_token: TokenDigest) -> Result<bool, StoreError>;

    /// Where the account and the session stand; `None` if there is no such session of this account.
    async fn standing(&self, user: UserId, session: SessionId) -> Result<Option<Standing>, StoreError>;

    /// Shows a refresh token: locks its session, lets [`Session::refresh`] decide about it as it is, and writes what that says
    /// (the session, the successor and what it supersedes, the audit entry), in one transaction.
    async fn refresh(&self, shown: ShownToken) -> Result<Refreshed, StoreError>;

    /// Ends one session of the account; `false` if it has no such session that is live (see [`Session::is_live`]) at that moment.
    async fn end(&self, user: UserId, session: SessionId, at: Ts) -> Result<bool, StoreError>;

    /// A page of the account's sessions that are live (see [`Session::is_live`]) at that moment, newest first.
    async fn list(
        &self,
        user: UserId,
        at: Ts,
        page: PageRequest<SessionPosition>,
    ) -> Result<Page<Session, SessionPosition>, StoreError>;

    /// Whether a session of the account with this address was opened from the network at that moment or later, whether it is live or
    /// not. Where it was refreshed from does not count: that takes no password.
    async fn is_known_network(
        &self,
        email: Email,
        network: ClientNetwork,
        since: Ts,
    ) -> Result<bool, StoreError>;

    /// Forgets sessions that ended for good (by [`Session::expires_at`]) before that moment, with their tokens, and invitations
    /// that did, up to `most` of each. It MUST bound the work of one call, also where one session has any number of tokens.
    async fn forget_ended(&self, before: Ts, most: usize) -> Result<Forgotten, StoreError>;
}
