//! Taking a new password.

use std::sync::Arc;

use helpdesk_domain::{Email, NewPassword, PasswordError, PasswordHash, Refusal};
use helpdesk_ports::{PasswordHasher, PasswordScreen};

use crate::UseCaseError;

/// Checks and hashes new passwords: the one way in which an account gets one.
#[derive(Clone)]
pub(crate) struct NewPasswords {
    pub(crate) hasher: Arc<dyn PasswordHasher>,
    pub(crate) screen: Arc<dyn PasswordScreen>,
}

impl NewPasswords {
    /// What is typed for the account with this address.
    pub(crate) fn parse(&self, raw: &str, email: &Email) -> Result<NewPassword, Refusal> {
        let password = NewPassword::parse(raw, email).map_err(Refusal::NewPassword)?;
        self.screen(password)
    }

    fn screen(&self, password: NewPassword) -> Result<NewPassword, Refusal> {
        if self.screen.is_common(&password) {
            return Err(Refusal::NewPassword(PasswordError::Common));
        }
        Ok(password)
    }

    pub(crate) async fn hash(&self, password: NewPassword) -> Result<PasswordHash, UseCaseError> {
        let password = self.screen(password)?;
        Ok(self.hasher.hash(password).await?)
    }
}
