//! Signing in.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::{Client, Email, Session, SessionId};
use helpdesk_ports::{
    Clock, Credentials, HashError, Random, SessionRepository, StoreError, TokenFault, UserRepository,
};

use crate::SignedIn;
use crate::password_proof::{PasswordProof, ProofError};
use crate::tokens::TokenIssuer;

/// Signs accounts in.
pub struct SignIn {
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) sessions: Arc<dyn SessionRepository>,
    pub(crate) proof: PasswordProof,
    pub(crate) tokens: TokenIssuer,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Unknown address, wrong password or disabled account: which of these, nobody learns.
    #[error("e-mail or password is wrong")]
    InvalidCredentials,
    /// It was tried too often.
    #[error("too many attempts")]
    TooManyAttempts {
        /// When the next may be made.
        retry_after: Duration,
    },
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

impl From<ProofError> for SignInError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::TooManyAttempts { retry_after } => Self::TooManyAttempts { retry_after },
            ProofError::Store(error) => error.into(),
            ProofError::Hash(error) => error.into(),
        }
    }
}

impl SignIn {
    /// Signs in by e-mail address and password, and opens a session.
    ///
    /// # Errors
    /// [`SignInError`]. The password is hashed in every case but that of too many attempts, so that an unknown address takes as
    /// long as a wrong password.
    pub async fn sign_in(
        &self,
        email: &str,
        password: String,
        client: Client,
    ) -> Result<SignedIn, SignInError> {
        let email = Email::parse(email).ok();
        let load = self.credentials(email.clone());
        let proved = self.proof.check(email, &client, load, password).await?;
        let user = proved.ok_or(SignInError::InvalidCredentials)?;

        let mut bits = [0; 16];
        self.random.fill(&mut bits);
        let id = SessionId::from_bits(u128::from_be_bytes(bits));
        let session = Session::open(id, &user, client, self.clock.now());
        let (refresh_token, digest) = self.tokens.refresh_token();
        let access_token = self.tokens.access_token(&user, &session).map_err(SignInError::Token)?;
        if !self.sessions.open(session, digest).await? {
            // Disabled, or given another password, since it was looked up.
            return Err(SignInError::InvalidCredentials);
        }
        Ok(SignedIn { access_token, refresh_token, user })
    }

    async fn credentials(&self, email: Option<Email>) -> Result<Option<Credentials>, StoreError> {
        match email {
            Some(email) => self.users.credentials(email).await,
            None => Ok(None),
        }
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
