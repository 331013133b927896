//! Making the tokens of a session.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::{Session, TokenDigest, User};
use helpdesk_ports::{AccessClaims, AccessTokens, Clock, OpaqueTokens, TokenFault};

/// How long an access token lives.
pub const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_mins(15);

/// What signing in, and refreshing a session, gives.
pub struct SignedIn {
    /// The access token.
    pub access_token: String,
    /// How long it lives: [`ACCESS_TOKEN_LIFETIME`], or to the end of its session where that is nearer.
    pub expires_in: Duration,
    /// The refresh token.
    pub refresh_token: String,
    /// The account.
    pub user: User,
}

#[derive(Clone)]
pub(crate) struct TokenIssuer {
    pub(crate) access_tokens: Arc<dyn AccessTokens>,
    pub(crate) opaque_tokens: Arc<dyn OpaqueTokens>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl TokenIssuer {
    /// A refresh token, which is good once a store knows its digest.
    pub(crate) fn refresh_token(&self) -> (String, TokenDigest) {
        self.opaque_tokens.generate()
    }

    /// A new access token of this session, with this refresh token.
    pub(crate) fn pair(
        &self,
        user: User,
        session: &Session,
        refresh_token: String,
    ) -> Result<SignedIn, TokenFault> {
        let now = self.clock.now();
        let expires_at = now.after(ACCESS_TOKEN_LIFETIME).min(session.expires_at);
        let access_token = self.access_tokens.issue(&AccessClaims {
            user: user.id(),
            role: user.role(),
            session: session.id,
            token_version: session.token_version,
            issued_at: now,
            expires_at,
        })?;
        Ok(SignedIn { access_token, expires_in: expires_at.since(now), refresh_token, user })
    }
}
