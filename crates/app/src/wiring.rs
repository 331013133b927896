//! Which adapter stands behind which port.

use std::sync::Arc;

use helpdesk_auth::{
    BcryptHasher, CommonPasswords, HasherConfig, InProcessGuessLimits, JwtAccessTokens, KeyRing, RandomTokens,
};
use helpdesk_domain::SignInLimits;
use helpdesk_ports::{Clock, PasswordHasher, Random, Stores};
use helpdesk_use_cases::{Accounts, HelpDesk, Ports, Settings};

use crate::environment::{OsRandom, SystemClock};
use crate::error::AppError;

/// What every command needs besides a store.
#[derive(Clone)]
pub(crate) struct Environment {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) passwords: Arc<dyn PasswordHasher>,
}

impl Environment {
    pub(crate) fn real() -> Result<Self, AppError> {
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        let passwords = BcryptHasher::start(HasherConfig::default(), random.clone())
            .map_err(|error| AppError::Input(error.to_string()))?;
        Ok(Self { clock: Arc::new(SystemClock::new()), random, passwords: Arc::new(passwords) })
    }

    /// All use cases on this store, with these keys for access tokens.
    pub(crate) fn help_desk(
        &self,
        stores: Stores,
        keys: Arc<KeyRing>,
        limits: SignInLimits,
        settings: Settings,
    ) -> HelpDesk {
        let ports = Ports {
            stores,
            clock: self.clock.clone(),
            random: self.random.clone(),
            passwords: self.passwords.clone(),
            password_screen: Arc::new(CommonPasswords),
            guesses: Arc::new(InProcessGuessLimits::new(limits, self.clock.clone())),
            access_tokens: Arc::new(JwtAccessTokens::new(keys, self.random.clone())),
            opaque_tokens: Arc::new(RandomTokens::new(self.random.clone())),
        };
        HelpDesk::new(ports, settings)
    }

    /// The accounts alone.
    pub(crate) fn accounts(&self, stores: &Stores) -> Accounts {
        Accounts::new(
            stores.users.clone(),
            self.passwords.clone(),
            Arc::new(CommonPasswords),
            Arc::new(RandomTokens::new(self.random.clone())),
            stores.idempotency.clone(),
            self.clock.clone(),
        )
    }
}
