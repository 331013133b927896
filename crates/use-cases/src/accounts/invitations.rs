//! Choosing a password by an invitation.

use std::sync::Arc;

use helpdesk_domain::{AccountOutcome, Refusal, TokenDigest, User};
use helpdesk_ports::{Clock, Invited, OpaqueTokens, UserRepository};

use super::AccountWriter;
use crate::UseCaseError;
use crate::new_password::NewPasswords;

/// Accepts invitations.
pub struct Invitations {
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) passwords: NewPasswords,
    pub(crate) opaque_tokens: Arc<dyn OpaqueTokens>,
    pub(crate) writer: AccountWriter,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Invitations {
    /// Gives the invited account its password. Of many at once with one token, one does.
    ///
    /// # Errors
    /// [`Refusal::InvalidInvitation`], [`Refusal::NewPassword`].
    pub async fn accept(&self, token: &str, password: &str) -> Result<User, UseCaseError> {
        let digest = self.opaque_tokens.digest(token);
        let mut found = self.invited(digest).await?;
        // Before the password is looked at: what it must be depends on whose it will be.
        found.user.may_accept(&found.invitation, self.clock.now())?;
        let hash = self.passwords.hash_typed(password, &found.user.record().email).await?;
        loop {
            let invitation = found.invitation;
            let decide = |user: &User, now| {
                let change = user.accept_invitation(&invitation, hash.clone(), now)?;
                Ok(AccountOutcome::Changed(Box::new(change)))
            };
            if let Some(user) = self.writer.commit(found.user, decide).await? {
                return Ok(user);
            }
            // Somebody was faster: if with this very token, it is not there any more.
            found = self.invited(digest).await?;
        }
    }

    async fn invited(&self, token: TokenDigest) -> Result<Invited, UseCaseError> {
        Ok(self.users.invited(token).await?.ok_or(Refusal::InvalidInvitation)?)
    }
}
