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
        let pair = self.tokens.pair(user, &session, refresh_token).map_err(SignInError::Token)?;
        if !self.sessions.open(session, digest).await? {
            // Disabled, or given another password, since it was looked up.
            return Err(SignInError::InvalidCredentials);
        }
        Ok(pair)
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
    use crate::test_support::{Mocks, client, user};
    use helpdesk_domain::{PasswordHash, Role, TokenDigest, User};
    use helpdesk_ports::{Admission, Cause, MockSessionRepository};

    fn sign_in(found: Option<User>, is_right: bool, sessions: MockSessionRepository) -> SignIn {
        let mut mocks = Mocks { sessions, ..Mocks::default() }.without_limits();
        mocks.users.expect_credentials().returning(move |_| Ok(found.clone().map(credentials)));
        // The work is done exactly once, whoever asks.
        mocks.passwords.expect_verify().times(1).returning(move |_, hash| Ok(is_right && hash.is_some()));
        mocks.help_desk().sign_in
    }

    fn credentials(user: User) -> Credentials {
        Credentials { user, password: PasswordHash { scheme: 1, text: String::new() } }
    }

    #[tokio::test]
    async fn the_right_password_opens_a_session() {
        let mut sessions = MockSessionRepository::new();
        sessions
            .expect_open()
            .times(1)
            .withf(|session, token| {
                session.id.to_string() == "ab".repeat(16)
                    && *token == TokenDigest([7; 32])
                    && session.client == Some(client())
                    && session.idle_expires_at < session.expires_at
            })
            .returning(|_, _| Ok(true));
        let signed_in = sign_in(Some(user(4, Role::Agent)), true, sessions)
            .sign_in("u@example.com", "right".to_owned(), client())
            .await
            .unwrap();
        assert_eq!((signed_in.access_token.as_str(), signed_in.refresh_token.as_str()), ("4:0", "fresh"));
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
            let result = sign_in(found, is_right, sessions).sign_in(email, "x".to_owned(), client()).await;
            assert_eq!(result.err(), Some(SignInError::InvalidCredentials), "{email}");
        }
    }

    #[tokio::test]
    async fn who_is_disabled_while_signing_in_is_not_signed_in() {
        let mut sessions = MockSessionRepository::new();
        sessions.expect_open().returning(|_, _| Ok(false));
        let sign_in = sign_in(Some(user(4, Role::Agent)), true, sessions);
        let result = sign_in.sign_in("u@example.com", "right".to_owned(), client()).await;
        assert_eq!(result.err(), Some(SignInError::InvalidCredentials));
    }

    #[tokio::test]
    async fn past_the_bound_of_an_account_only_known_networks_go_on() {
        let retry_after = Duration::from_secs(9);
        let bound = Admission::OnlyFromKnownNetworks { retry_after };
        for (email, is_known) in [("u@example.com", true), ("u@example.com", false), ("no address", false)] {
            let mut mocks = Mocks::default();
            mocks.guesses.expect_begin().returning(move |_| bound);
            mocks
                .guesses
                .expect_take_back()
                .times(1)
                .withf(move |_, admission| *admission == bound)
                .returning(|_, _| ());
            mocks.sessions.expect_is_known_network().returning(move |_, _, _| Ok(is_known));
            mocks.sessions.expect_open().returning(|_, _| Ok(true));
            mocks.users.expect_credentials().returning(|_| Ok(Some(credentials(user(4, Role::Agent)))));
            mocks.passwords.expect_verify().times(usize::from(is_known)).returning(|_, _| Ok(true));
            let result = mocks.help_desk().sign_in.sign_in(email, "right".to_owned(), client()).await;
            let expected = (!is_known).then_some(SignInError::TooManyAttempts { retry_after });
            assert_eq!(result.err(), expected, "{email}");
        }
    }

    #[tokio::test]
    async fn who_is_refused_reaches_neither_store_nor_hasher() {
        let retry_after = Duration::from_secs(9);
        let mut mocks = Mocks::default();
        mocks.guesses.expect_begin().returning(move |_| Admission::Refused { retry_after });
        let result = mocks.help_desk().sign_in.sign_in("u@example.com", "x".to_owned(), client()).await;
        assert_eq!(result.err(), Some(SignInError::TooManyAttempts { retry_after }));
    }

    #[tokio::test]
    async fn a_wrong_password_stays_counted_and_one_that_was_not_looked_at_does_not() {
        for fails in [false, true] {
            let mut mocks = Mocks::default();
            mocks.guesses.expect_begin().times(1).returning(|_| Admission::Admitted);
            mocks.guesses.expect_take_back().times(usize::from(fails)).returning(|_, _| ());
            mocks.users.expect_credentials().returning(move |_| {
                if fails { Err(StoreError::Unavailable(Cause::new("gone"))) } else { Ok(None) }
            });
            mocks.passwords.expect_verify().times(usize::from(!fails)).returning(|_, _| Ok(false));
            let result = mocks.help_desk().sign_in.sign_in("u@example.com", "x".to_owned(), client()).await;
            assert_eq!(matches!(result, Err(SignInError::Store(_))), fails);
        }
    }
}
