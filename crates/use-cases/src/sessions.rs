//! What a signed-in account does with its sessions, and how it stays signed in.

use std::sync::Arc;
use std::time::Duration;

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
    pub(crate) store: Arc<dyn SessionRepository>,
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
    /// It was refreshed too often.
    #[error("too many attempts")]
    TooManyAttempts {
        /// When it may be refreshed next.
        retry_after: Duration,
    },
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
        match self.store.refresh(shown).await? {
            Refreshed::Rotated { user, session } => {
                self.tokens.pair(user, &session, refresh_token).map_err(RefreshError::Token)
            }
            Refreshed::Replayed { user, .. } => {
                // Whose token it was is known only now: what was read of the account before is forgotten.
                self.standings.begin_change(user, self.clock.monotonic()).settle();
                Err(RefreshError::InvalidToken)
            }
            Refreshed::TooOften { retry_after } => Err(RefreshError::TooManyAttempts { retry_after }),
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
        let ended = self.store.end(caller.id(), session, self.clock.now()).await?;
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
        Ok(self.store.list(caller.id(), self.clock.now(), page).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Mocks, NOW, client, user};
    use helpdesk_domain::{Role, TokenDigest, Ts, UserId};
    use helpdesk_ports::Cause;

    fn caller() -> Authenticated {
        Authenticated::for_a_test(UserId::new(4).unwrap(), Role::Agent, SessionId::from_bits(1))
    }

    #[tokio::test]
    async fn a_refresh_token_is_shown_by_its_digest_and_answered_with_a_pair() {
        let mut mocks = Mocks::default();
        mocks
            .sessions
            .expect_refresh()
            .withf(|shown| {
                shown.token == TokenDigest([3; 32])
                    && shown.successor == TokenDigest([7; 32])
                    && shown.at == Ts::from_micros(NOW).unwrap()
            })
            .returning(|shown| {
                let user = user(4, Role::Agent);
                let session = Session::open(SessionId::from_bits(1), &user, shown.client, shown.at);
                Ok(Refreshed::Rotated { user, session: Box::new(session) })
            });
        let pair = mocks.help_desk().sessions.refresh("old", client()).await.unwrap();
        assert_eq!((pair.access_token.as_str(), pair.refresh_token.as_str()), ("4:0", "fresh"));
    }

    #[tokio::test]
    async fn no_access_token_outlives_its_session() {
        let minute = std::time::Duration::from_mins(1);
        for (left, expected) in [(minute, minute), (minute * 60, crate::ACCESS_TOKEN_LIFETIME)] {
            let mut mocks = Mocks::default();
            mocks.sessions.expect_refresh().returning(move |shown| {
                let user = user(4, Role::Agent);
                let mut session = Session::open(SessionId::from_bits(1), &user, shown.client, shown.at);
                session.expires_at = shown.at.after(left);
                Ok(Refreshed::Rotated { user, session: Box::new(session) })
            });
            let pair = mocks.help_desk().sessions.refresh("old", client()).await.unwrap();
            assert_eq!(pair.expires_in, expected);
        }
    }

    #[tokio::test]
    async fn unknown_and_replayed_are_one_error() {
        let replayed =
            Refreshed::Replayed { user: UserId::new(4).unwrap(), session: SessionId::from_bits(1) };
        for came_to in [Refreshed::Dead, replayed] {
            let mut mocks = Mocks::default();
            mocks.sessions.expect_refresh().returning(move |_| Ok(came_to.clone()));
            let result = mocks.help_desk().sessions.refresh("old", client()).await;
            assert_eq!(result.err(), Some(RefreshError::InvalidToken));
        }
    }

    #[tokio::test]
    async fn a_session_that_is_not_the_callers_is_not_there_but_signing_out_twice_is_no_error() {
        let mut mocks = Mocks::default();
        mocks
            .sessions
            .expect_end()
            .withf(|user, _, _| user.get() == 4)
            .returning(|_, session, _| Ok(session == SessionId::from_bits(2)));
        let sessions = mocks.help_desk().sessions;
        assert_eq!(sessions.end(&caller(), SessionId::from_bits(2)).await, Ok(()));
        let other = sessions.end(&caller(), SessionId::from_bits(3)).await;
        assert_eq!(other, Err(Refusal::NotVisible.into()));
        assert_eq!(sessions.sign_out(&caller()).await, Ok(()));
    }

    #[tokio::test]
    async fn what_was_ended_is_forgotten_at_once_also_where_the_store_did_not_say() {
        for answer in [Ok(true), Err(StoreError::Unavailable(Cause::new("gone")))] {
            let mut mocks = Mocks::default();
            mocks.sessions.expect_end().return_once(move |_, _, _| answer);
            let help_desk = mocks.help_desk();
            let standings = help_desk.sessions.standings.clone();
            let now = help_desk.sessions.clock.monotonic();
            let (id, session) = (caller().id(), caller().session());
            let far = Ts::from_micros(NOW * 2).unwrap();
            let standing = helpdesk_ports::Standing {
                role: Role::Agent,
                is_active: true,
                token_version: 0,
                session_token_version: 0,
                expires_at: far,
                idle_expires_at: far,
                is_revoked: false,
            };
            standings.put(&standings.begin_read(id, now), session, standing);
            assert!(standings.get(id, session, now).is_some());
            let _ = help_desk.sessions.sign_out(&caller()).await;
            assert!(standings.get(id, session, now).is_none());
        }
    }
}
