//! Who an access token speaks for.

use std::sync::Arc;

use helpdesk_domain::{Actor, Role, SessionId, UserId};
use helpdesk_ports::{AccessClaims, AccessTokens, Clock, SessionRepository, Standing, StoreError};

use crate::standing_cache::StandingCache;

/// Checks access tokens against the account and session as they stand.
pub struct Authentication {
    pub(crate) sessions: Arc<dyn SessionRepository>,
    pub(crate) access_tokens: Arc<dyn AccessTokens>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) standings: Arc<StandingCache>,
}

/// A signed-in caller. Only [`Authentication::authenticate`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authenticated {
    id: UserId,
    role: Role,
    session: SessionId,
}

impl Authenticated {
    #[cfg(test)]
    pub(crate) fn for_a_test(id: UserId, role: Role, session: SessionId) -> Self {
        Self { id, role, session }
    }

    /// Its account.
    pub fn id(&self) -> UserId {
        self.id
    }

    /// Who it is and what it may do.
    pub fn actor(&self) -> Actor {
        Actor::of_account(self.id, self.role)
    }

    /// The session that the token belongs to.
    pub fn session(&self) -> SessionId {
        self.session
    }
}

/// Why a token is good for nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticationError {
    /// Malformed, forged, expired, revoked, or of an account that changed since: which of these, nobody learns.
    #[error("the access token is not valid")]
    InvalidToken,
    /// Whether it is good cannot be told now.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Authentication {
    /// Who the token speaks for, right now: an account that was disabled or changed its role, or a session that was ended,
    /// is found out on the next request in this process, and within a second in every other one.
    ///
    /// # Errors
    /// [`AuthenticationError`].
    pub async fn authenticate(&self, token: &str) -> Result<Authenticated, AuthenticationError> {
        let now = self.clock.now();
        let claims = self.access_tokens.verify(token, now).map_err(|_| AuthenticationError::InvalidToken)?;

        let standing = self.standing(&claims).await?;
        let is_good = standing.is_active
            && !standing.is_revoked
            && standing.expires_at > now
            && standing.idle_expires_at > now
            && standing.session_token_version == standing.token_version
            // Older, where the session changed the password: it goes on, and so do its tokens.
            && standing.session_token_version >= claims.token_version
            && standing.role == claims.role;
        if !is_good {
            return Err(AuthenticationError::InvalidToken);
        }
        Ok(Authenticated { id: claims.user, role: standing.role, session: claims.session })
    }

    async fn standing(&self, claims: &AccessClaims) -> Result<Standing, AuthenticationError> {
        let (user, session) = (claims.user, claims.session);
        let asked_at = self.clock.monotonic();
        if let Some(standing) = self.standings.get(user, session, asked_at) {
            return Ok(standing);
        }
        let read = self.standings.begin_read(user, asked_at);
        let standing =
            self.sessions.standing(user, session).await?.ok_or(AuthenticationError::InvalidToken)?;
        self.standings.put(&read, session, standing);
        Ok(standing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::FixedClock;
    use helpdesk_domain::Ts;
    use helpdesk_ports::{
        AccessClaims, Cause, InvalidToken, MockAccessTokens, MockSessionRepository, Standing,
    };
    use std::time::Duration;

    fn standing() -> Standing {
        Standing {
            role: Role::Agent,
            is_active: true,
            token_version: 3,
            session_token_version: 3,
            idle_expires_at: Ts::from_micros(i64::from(u32::MAX) * 1_000_000).unwrap(),
            expires_at: Ts::from_micros(i64::from(u32::MAX) * 1_000_000).unwrap(),
            is_revoked: false,
        }
    }

    fn authentication(sessions: MockSessionRepository, clock: Arc<FixedClock>) -> Authentication {
        let mut access_tokens = MockAccessTokens::new();
        access_tokens.expect_verify().returning(|token, now| {
            if token == "good" {
                Ok(AccessClaims {
                    user: UserId::new(9).unwrap(),
                    role: Role::Agent,
                    session: SessionId::from_bits(1),
                    token_version: 3,
                    issued_at: now,
                    expires_at: now,
                })
            } else {
                Err(InvalidToken)
            }
        });
        Authentication {
            sessions: Arc::new(sessions),
            access_tokens: Arc::new(access_tokens),
            clock,
            standings: Arc::default(),
        }
    }

    #[tokio::test]
    async fn a_standing_is_asked_for_once_within_its_lifetime() {
        let mut sessions = MockSessionRepository::new();
        sessions.expect_standing().times(2).returning(|_, _| Ok(Some(standing())));
        let clock = Arc::new(FixedClock::default());
        let authentication = authentication(sessions, clock.clone());
        for _ in 0..3 {
            let caller = authentication.authenticate("good").await.unwrap();
            assert_eq!(caller.actor().role(), Some(Role::Agent));
        }
        clock.advance(Duration::from_secs(1));
        authentication.authenticate("good").await.unwrap();
    }

    #[tokio::test]
    async fn what_changed_since_the_token_was_issued_kills_it() {
        let changed: [Option<Standing>; 9] = [
            None,
            Some(Standing { role: Role::Admin, ..standing() }),
            Some(Standing { is_active: false, ..standing() }),
            Some(Standing { token_version: 4, ..standing() }),
            Some(Standing { session_token_version: 2, ..standing() }),
            Some(Standing { token_version: 2, session_token_version: 2, ..standing() }),
            Some(Standing { idle_expires_at: Ts::from_micros(0).unwrap(), ..standing() }),
            Some(Standing { is_revoked: true, ..standing() }),
            Some(Standing { expires_at: Ts::from_micros(0).unwrap(), ..standing() }),
        ];
        for answer in changed {
            let mut sessions = MockSessionRepository::new();
            sessions.expect_standing().returning(move |_, _| Ok(answer));
            let result = authentication(sessions, Arc::default()).authenticate("good").await;
            assert_eq!(result, Err(AuthenticationError::InvalidToken), "{answer:?}");
        }
    }

    #[tokio::test]
    async fn a_session_that_changed_the_password_goes_on() {
        let mut sessions = MockSessionRepository::new();
        let after = Standing { token_version: 4, session_token_version: 4, ..standing() };
        sessions.expect_standing().returning(move |_, _| Ok(Some(after)));
        assert!(authentication(sessions, Arc::default()).authenticate("good").await.is_ok());
    }

    #[tokio::test]
    async fn a_forged_token_never_reaches_the_store_and_a_lost_store_is_no_yes() {
        let mut sessions = MockSessionRepository::new();
        sessions.expect_standing().never();
        let result = authentication(sessions, Arc::default()).authenticate("bad").await;
        assert_eq!(result, Err(AuthenticationError::InvalidToken));

        let mut sessions = MockSessionRepository::new();
        sessions.expect_standing().returning(|_, _| Err(StoreError::Unavailable(Cause::new("gone"))));
        let result = authentication(sessions, Arc::default()).authenticate("good").await;
        assert!(matches!(result, Err(AuthenticationError::Store(_))));
    }
}
