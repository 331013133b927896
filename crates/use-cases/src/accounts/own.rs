//! What a signed-in account does with itself.

use std::sync::Arc;

use helpdesk_domain::{AccountOutcome, Client, NewPassword, PersonName, Refusal, User};
use helpdesk_ports::UserRepository;

use super::AccountWriter;
use crate::new_password::NewPasswords;
use crate::password_proof::PasswordProof;
use crate::{Authenticated, UseCaseError};

/// A signed-in account's own account.
pub struct OwnAccount {
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) passwords: NewPasswords,
    pub(crate) proof: PasswordProof,
    pub(crate) writer: AccountWriter,
}

impl OwnAccount {
    /// The account.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn find(&self, caller: &Authenticated) -> Result<User, UseCaseError> {
        Ok(self.users.own(caller.id()).await?.ok_or(Refusal::NotVisible)?)
    }

    /// Changes its name.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn rename(&self, caller: &Authenticated, name: PersonName) -> Result<User, UseCaseError> {
        let load = async || self.users.own(caller.id()).await;
        self.writer.change(load, |user, now| user.rename_self(name.clone(), now)).await
    }

    /// Changes its password, which the caller must know, and ends all its other sessions. Counts as signing in does.
    ///
    /// # Errors
    /// [`Refusal::NewPassword`], [`Refusal::WrongPassword`]; [`UseCaseError::TooManyAttempts`].
    pub async fn change_password(
        &self,
        caller: &Authenticated,
        current: String,
        new: &str,
        client: &Client,
    ) -> Result<User, UseCaseError> {
        let email = self.find(caller).await?.record().email.clone();
        // What cannot be a password is said before the current one is looked at, and is no attempt.
        let new = NewPassword::parse(new, &email).map_err(Refusal::NewPassword)?;
        let load = self.users.own_credentials(caller.id());
        let proved = self.proof.check(Some(email), client, load, current).await?;
        let mut user = proved.ok_or(Refusal::WrongPassword)?;
        let hash = self.passwords.hash(new).await?;
        loop {
            let decide = |user: &User, now| {
                let change = user.change_own_password(hash.clone(), caller.session(), now);
                Ok(AccountOutcome::Changed(Box::new(change)))
            };
            let token_version = user.record().token_version;
            if let Some(user) = self.writer.commit(user, decide).await? {
                return Ok(user);
            }
            // What was proved is the password of this token version. Who was faster may have taken it away, which is not to be
            // undone; a new name does not matter.
            user = self.find(caller).await?;
            if user.record().token_version != token_version {
                return Err(Refusal::WrongPassword.into());
            }
        }
    }
}
