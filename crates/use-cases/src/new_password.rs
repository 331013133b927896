//! Taking a new password.

use std::sync::Arc;

use helpdesk_domain::{Email, NewPassword, PasswordError, PasswordHash, Refusal};
use helpdesk_ports::{Fingerprint, PasswordHasher, PasswordScreen};

use crate::UseCaseError;

/// Checks and hashes new passwords: the one way in which an account gets one.
#[derive(Clone)]
pub(crate) struct NewPasswords {
    pub(crate) hasher: Arc<dyn PasswordHasher>,
    pub(crate) screen: Arc<dyn PasswordScreen>,
}

impl NewPasswords {
    /// Hashes a password, unless it is one of those that everybody tries first.
    pub(crate) async fn hash(&self, password: NewPassword) -> Result<PasswordHash, UseCaseError> {
        if self.screen.is_common(&password) {
            return Err(Refusal::NewPassword(PasswordError::Common).into());
        }
        Ok(self.hasher.hash(password).await?)
    }

    /// The fingerprint of a request with this password in it, of that of the rest.
    pub(crate) async fn bind(
        &self,
        rest: Fingerprint,
        password: NewPassword,
    ) -> Result<Fingerprint, UseCaseError> {
        Ok(self.hasher.bind(rest, password).await?)
    }

    /// Hashes what was typed as a new password for the account with this address.
    pub(crate) async fn hash_typed(&self, raw: &str, email: &Email) -> Result<PasswordHash, UseCaseError> {
        let password = NewPassword::parse(raw, email).map_err(Refusal::NewPassword)?;
        self.hash(password).await
    }
}
