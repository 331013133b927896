//! What a signed-in account does with its sessions, and how it stays signed in.

use std::sync::Arc;

use helpdesk_domain::{Client, Refusal, Session, SessionId};
use helpdesk_ports::{
    Clock, OpaqueTokens, Page, PageRequest, Refreshed, SessionPosition, SessionRepository, ShownToken,
    StoreError, TokenFault,
};

use crate::standing_cache::StandingCache;
use crate::tokens::TokenIssuer;
use crate::{Authenticated, SignedIn, UseCaseError};

/// The sessions of an account.
pub struct Sessions {
    pub(crate) sessions: Arc<dyn SessionRepository>,
    pub(crate) opaque_tokens: Arc<dyn OpaqueTokens>,
    pub(crate) tokens: TokenIssuer,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) standings: Arc<StandingCache>,
}

/// Why a session was not refreshed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// Unknown, used before, or of a session that is over: which of these, nobody learns.
    #[error("the refresh token is not valid")]
    InvalidToken,
    /// The store failed. Whether the token was used up is not known; it can be shown again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No token could be made.
    #[error("no token could be made")]
    Token(TokenFault),
}

impl Sessions {
    /// A new pair of tokens for a refresh token, which is thereby used up. One that was used up before ends its session, unless
    /// its successor was never shown: then the answer was lost, and is given anew.
    ///
    /// # Errors
    /// [`RefreshError`].
    pub async fn refresh(&self, refresh_token: &str, client: Client) -> Result<SignedIn, RefreshError> {
        let token = self.opaque_tokens.digest(refresh_token);
        let (refresh_token, successor) = self.tokens.refresh_token();
        let shown = ShownToken { token, successor, client, at: self.clock.now() };
        match self.sessions.refresh(shown).await? {
            Refreshed::Rotated { user, session } => {
                let access_token = self.tokens.access_token(&user, &session).map_err(RefreshError::Token)?;
                Ok(SignedIn { access_token, refresh_token, user })
            }
            Refreshed::Replayed { user, .. } => {
                // Whose token it was is known only now: what was read of the account before is forgotten.
                self.standings.begin_change(user, self.clock.monotonic()).settle();
                Err(RefreshError::InvalidToken)
            }
            Refreshed::Dead => Err(RefreshError::InvalidToken),
        }
    }

    /// Ends the caller's session.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn sign_out(&self, caller: &Authenticated) -> Result<(), UseCaseError> {
        // Another request may have ended it meanwhile, which is what was asked for.
        self.end_one(caller, caller.session()).await.map(drop)
    }

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if it has no such session that is not over.
    pub async fn end(&self, caller: &Authenticated, session: SessionId) -> Result<(), UseCaseError> {
        if self.end_one(caller, session).await? { Ok(()) } else { Err(Refusal::NotVisible.into()) }
    }

    async fn end_one(&self, caller: &Authenticated, session: SessionId) -> Result<bool, UseCaseError> {
        let pending = self.standings.begin_change(caller.id(), self.clock.monotonic());
        let ended = self.sessions.end(caller.id(), session, self.clock.now()).await?;
        pending.settle();
        Ok(ended)
    }

    /// A page of the caller's sessions that are not over, newest first.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn list(
        &self,
        caller: &Authenticated,
        page: PageRequest<SessionPosition>,
    ) -> Result<Page<Session, SessionPosition>, UseCaseError> {
        Ok(self.sessions.list(caller.id(), self.clock.now(), page).await?)
    }
}
