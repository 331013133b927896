//! Proving that one knows an account's password, within the limits on guessing.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::{Client, Email, SESSION_LIFETIME, User};
use helpdesk_ports::{
    Admission, Clock, Credentials, Guess, GuessLimits, HashError, PasswordHasher, SessionRepository,
    StoreError,
};

use crate::UseCaseError;

/// For how long a network from which an account was signed in to is known. Sessions, which tell, are kept for as long.
const KNOWN_FOR: Duration = SESSION_LIFETIME;

/// Checks passwords. Signing in and every other place that asks for a password go through it, so that all of them count.
#[derive(Clone)]
pub(crate) struct PasswordProof {
    pub(crate) passwords: Arc<dyn PasswordHasher>,
    pub(crate) guesses: Arc<dyn GuessLimits>,
    pub(crate) sessions: Arc<dyn SessionRepository>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Why a password could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProofError {
    TooManyAttempts { retry_after: Duration },
    Store(StoreError),
    Hash(HashError),
}

impl From<StoreError> for ProofError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<HashError> for ProofError {
    fn from(error: HashError) -> Self {
        Self::Hash(error)
    }
}

impl From<ProofError> for UseCaseError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::TooManyAttempts { retry_after } => Self::TooManyAttempts { retry_after },
            ProofError::Store(error) => error.into(),
            ProofError::Hash(error) => error.into(),
        }
    }
}

impl PasswordProof {
    /// The account, if it is active and this its password. The work is the same whether there is such an account or not: one
    /// look at the store, one hash.
    pub(crate) async fn check(
        &self,
        account: Option<Email>,
        client: &Client,
        load: impl Future<Output = Result<Option<Credentials>, StoreError>>,
        password: String,
    ) -> Result<Option<User>, ProofError> {
        let guess = Guess { network: client.address.network(), account };
        let admission = self.guesses.begin(&guess);
        if let Admission::Refused { retry_after } = admission {
            return Err(ProofError::TooManyAttempts { retry_after });
        }
        // From here on the guess is counted; who goes away meanwhile has made one.
        let checked = self.check_admitted(&guess, admission, load, password).await;
        let is_wrong = matches!(checked, Ok(None));
        if !is_wrong {
            self.guesses.take_back(&guess, admission);
        }
        checked
    }

    async fn check_admitted(
        &self,
        guess: &Guess,
        admission: Admission,
        load: impl Future<Output = Result<Option<Credentials>, StoreError>>,
        password: String,
    ) -> Result<Option<User>, ProofError> {
        if let Admission::OnlyFromKnownNetworks { retry_after } = admission
            && !self.is_known(guess).await?
        {
            return Err(ProofError::TooManyAttempts { retry_after });
        }
        let (user, hash) = load.await?.map(|found| (found.user, found.password)).unzip();
        let is_right = self.passwords.verify(password, hash).await?;
        Ok(user.filter(|user| is_right && user.record().is_active))
    }

    async fn is_known(&self, guess: &Guess) -> Result<bool, StoreError> {
        let Some(account) = guess.account.clone() else {
            return Ok(false);
        };
        let since = self.clock.now().before(KNOWN_FOR);
        self.sessions.is_known_network(account, guess.network, since).await
    }
}
