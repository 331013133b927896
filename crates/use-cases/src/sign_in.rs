//! Signing in.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::{Email, SessionId, User};
use helpdesk_ports::{
    AccessClaims, AccessTokens, Clock, HashError, NewSession, OpaqueTokens, PasswordHasher, Random,
    SessionRepository, StoreError, TokenFault, UserRepository,
};

/// How long an access token lives.
pub const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_mins(15);
/// How long a session lives, whatever happens.
const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How long a refresh token lives unless it is used.
const REFRESH_IDLE_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// Signs accounts in.
pub struct SignIn {
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) sessions: Arc<dyn SessionRepository>,
    pub(crate) passwords: Arc<dyn PasswordHasher>,
    pub(crate) access_tokens: Arc<dyn AccessTokens>,
    pub(crate) opaque_tokens: Arc<dyn OpaqueTokens>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

/// What signing in gives.
pub struct SignedIn {
    /// The access token; it lives for [`ACCESS_TOKEN_LIFETIME`].
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: String,
    /// The account.
    pub user: User,
}

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Unknown address, wrong password or disabled account: which of these, nobody learns.
    #[error("e-mail or password is wrong")]
    InvalidCredentials,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing failed, or too many are signing in.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// No token could be made.
    #[error("no token could be made")]
    Token(TokenFault),
}

impl SignIn {
    /// Signs in by e-mail address and password, and opens a session.
    ///
    /// # Errors
    /// [`SignInError`]. The password is hashed in every case, so that an unknown address takes as long as a wrong password.
    pub async fn sign_in(&self, email: &str, password: String) -> Result<SignedIn, SignInError> {
        let credentials = match Email::parse(email) {
            Ok(email) => self.users.credentials(email).await?,
            Err(_) => None,
        };
        let (user, hash) = credentials.map(|found| (found.user, found.password)).unzip();
        let is_right = self.passwords.verify(password, hash).await?;
        let user =
            user.filter(|user| is_right && user.record().is_active).ok_or(SignInError::InvalidCredentials)?;

        let now = self.clock.now();
        let mut bits = [0; 16];
        self.random.fill(&mut bits);
        let session = SessionId::from_bits(u128::from_be_bytes(bits));
        let (refresh_token, digest) = self.opaque_tokens.generate();
        let claims = AccessClaims {
            user: user.id(),
            role: user.role(),
            session,
            token_version: user.record().token_version,
            issued_at: now,
            expires_at: now.after(ACCESS_TOKEN_LIFETIME),
        };
        let access_token = self.access_tokens.issue(&claims).map_err(SignInError::Token)?;
        self.sessions
            .open(NewSession {
                id: session,
                user: user.id(),
                created_at: now,
                expires_at: now.after(SESSION_LIFETIME),
                refresh_token: digest,
                refresh_expires_at: now.after(REFRESH_IDLE_LIFETIME),
            })
            .await?;
        Ok(SignedIn { access_token, refresh_token, user })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{FixedClock, user};
    use helpdesk_domain::Role;
    use helpdesk_ports::{
        Credentials, MockAccessTokens, MockOpaqueTokens, MockPasswordHasher, MockRandom,
        MockSessionRepository, MockUserRepository, PasswordHash, TokenDigest,
    };

    fn sign_in(found: Option<User>, is_right: bool, sessions: MockSessionRepository) -> SignIn {
        let mut users = MockUserRepository::new();
        users.expect_credentials().returning(move |_| {
            let hash = PasswordHash { scheme: 1, text: String::new() };
            Ok(found.clone().map(|user| Credentials { user, password: hash }))
        });
        let mut passwords = MockPasswordHasher::new();
        // The work is done exactly once, whoever asks.
        passwords.expect_verify().times(1).returning(move |_, hash| Ok(is_right && hash.is_some()));
        let mut access_tokens = MockAccessTokens::new();
        access_tokens
            .expect_issue()
            .returning(|claims| Ok(format!("{}:{}", claims.user, claims.token_version)));
        let mut opaque_tokens = MockOpaqueTokens::new();
        opaque_tokens.expect_generate().returning(|| ("refresh".to_owned(), TokenDigest([7; 32])));
        let mut random = MockRandom::new();
        random.expect_fill().returning(|buffer| buffer.fill(0xab));
        SignIn {
            users: Arc::new(users),
            sessions: Arc::new(sessions),
            passwords: Arc::new(passwords),
            access_tokens: Arc::new(access_tokens),
            opaque_tokens: Arc::new(opaque_tokens),
            clock: Arc::new(FixedClock::default()),
            random: Arc::new(random),
        }
    }

    #[tokio::test]
    async fn the_right_password_opens_a_session() {
        let mut sessions = MockSessionRepository::new();
        sessions
            .expect_open()
            .times(1)
            .withf(|session| {
                session.id.to_string() == "ab".repeat(16)
                    && session.refresh_token == TokenDigest([7; 32])
                    && session.refresh_expires_at < session.expires_at
            })
            .returning(|_| Ok(()));
        let signed_in = sign_in(Some(user(4, Role::Agent)), true, sessions)
            .sign_in("u@example.com", "right".to_owned())
            .await
            .unwrap();
        assert_eq!((signed_in.access_token.as_str(), signed_in.refresh_token.as_str()), ("4:0", "refresh"));
    }

    #[tokio::test]
    async fn unknown_malformed_wrong_and_disabled_are_one_error_and_open_nothing() {
        let mut disabled = user(4, Role::Agent).record().clone();
        disabled.is_active = false;
        let cases = [
            (None, false, "nobody@example.com"),
            (None, false, "no address"),
            (Some(user(4, Role::Agent)), false, "u@example.com"),
            (Some(User::from_stored(disabled)), true, "u@example.com"),
        ];
        for (found, is_right, email) in cases {
            let mut sessions = MockSessionRepository::new();
            sessions.expect_open().never();
            let result = sign_in(found, is_right, sessions).sign_in(email, "x".to_owned()).await;
            assert_eq!(result.err(), Some(SignInError::InvalidCredentials), "{email}");
        }
    }
}
