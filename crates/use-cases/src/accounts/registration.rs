//! Making an account of one's own.

use std::sync::Arc;

use helpdesk_domain::{Client, Email, NewPassword, PersonName, Refusal, User};
use helpdesk_ports::{Clock, GuessLimits, UserCreation, UserRepository};

use crate::UseCaseError;
use crate::new_password::NewPasswords;

/// Registers customers, where the operator wants that.
pub struct Registration {
    pub(crate) is_open: bool,
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) passwords: NewPasswords,
    pub(crate) guesses: Arc<dyn GuessLimits>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Registration {
    /// Whether it is on. Where it is off there is, for everyone, no such thing.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Makes a customer's account. That an address is taken is told, and so tells that it has an account.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] where it is off; [`Refusal::EmailTaken`], [`Refusal::NewPassword`];
    /// [`UseCaseError::TooManyAttempts`].
    pub async fn register(
        &self,
        email: Email,
        name: PersonName,
        password: NewPassword,
        client: &Client,
    ) -> Result<User, UseCaseError> {
        if !self.is_open {
            return Err(Refusal::NotVisible.into());
        }
        self.guesses
            .begin_registration(client.address.network())
            .map_err(|retry_after| UseCaseError::TooManyAttempts { retry_after })?;
        let hash = self.passwords.hash(password).await?;
        match self.users.create(User::register(email, name, hash, self.clock.now())).await? {
            UserCreation::Created(user) => Ok(user),
            UserCreation::EmailTaken => Err(Refusal::EmailTaken.into()),
            UserCreation::Unmet(unmet) => Err(crate::error::refusal_of(unmet).into()),
        }
    }
}
