//! What admins, and the operator at the command line, do with accounts.

mod invitations;
mod own;
mod registration;
#[cfg(test)]
mod tests;
mod writer;

pub use invitations::Invitations;
pub use own::OwnAccount;
pub use registration::Registration;
pub(crate) use writer::AccountWriter;

use std::sync::Arc;

use helpdesk_domain::{
    AccountCreation, AccountOutcome, AccountsActor, AdminActor, Email, FirstCredential, Invitation,
    NewPassword, NewUser, Precondition, Refusal, Ts, User, UserId, UserPatch,
};
use helpdesk_ports::{
    Clock, IdempotencyRepository, OpaqueTokens, Page, PasswordHasher, PasswordScreen, UserCreation,
    UserQuery, UserRepository,
};

use crate::error::refusal_of;
use crate::new_password::NewPasswords;
use crate::once::KeptAnswers;
use crate::{Done, OnceRequest, UseCaseError};

/// Runs accounts.
pub struct Accounts {
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) passwords: NewPasswords,
    pub(crate) opaque_tokens: Arc<dyn OpaqueTokens>,
    pub(crate) writer: AccountWriter,
    pub(crate) answers: KeptAnswers,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The token of an invitation. It is told once, here: of it a store keeps the digest alone.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken {
    /// The token.
    pub token: String,
    /// Until when it may be used.
    pub expires_at: Ts,
}

/// An account, and the token by which its owner chooses a password, where it has none.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountMade {
    /// The account.
    pub user: User,
    /// Its invitation.
    pub invitation: Option<InvitationToken>,
}

impl Accounts {
    /// The accounts by themselves, for a process that serves nobody.
    pub fn new(
        users: Arc<dyn UserRepository>,
        passwords: Arc<dyn PasswordHasher>,
        password_screen: Arc<dyn PasswordScreen>,
        opaque_tokens: Arc<dyn OpaqueTokens>,
        idempotency: Arc<dyn IdempotencyRepository>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let writer = AccountWriter { users: users.clone(), clock: clock.clone(), standings: Arc::default() };
        let passwords = NewPasswords { hasher: passwords, screen: password_screen };
        let answers = KeptAnswers { store: idempotency, clock: clock.clone() };
        Self { users, passwords, opaque_tokens, writer, answers, clock }
    }

    /// Makes an account: with a password, or else with an invitation to choose one.
    ///
    /// # Errors
    /// [`Refusal`]: the address is taken, the password too common, teams are unknown or not for this role.
    pub async fn create(
        &self,
        by: impl Into<AccountsActor>,
        new: NewUser,
        password: Option<NewPassword>,
    ) -> Result<AccountMade, UseCaseError> {
        let (creation, invitation) = self.creation(by.into(), new, password).await?;
        made(self.users.create(creation).await?, invitation)
    }

    /// The same once. What is kept is the answer of the account alone: the token is a secret, which is told once.
    ///
    /// # Errors
    /// The same, and [`Refusal::KeyReused`].
    pub async fn create_once(
        &self,
        by: AdminActor,
        new: NewUser,
        password: Option<NewPassword>,
        mut request: OnceRequest<User>,
    ) -> Result<Done<AccountMade>, UseCaseError> {
        if let Some(password) = &password {
            request.fingerprint = self.passwords.bind(request.fingerprint, password.clone()).await?;
        }
        let write = async |once| {
            let (creation, invitation) = self.creation(by.into(), new, password).await?;
            self.users.create_once(creation, once).await?.try_map(|came_to| made(came_to, invitation))
        };
        self.answers.once(by.id(), request, |user: &User| Ok(user.clone()), write).await
    }

    async fn creation(
        &self,
        by: AccountsActor,
        new: NewUser,
        password: Option<NewPassword>,
    ) -> Result<(AccountCreation, Option<InvitationToken>), UseCaseError> {
        let (credential, invitation) = if let Some(password) = password {
            (FirstCredential::Password(self.passwords.hash(password).await?), None)
        } else {
            let (invitation, token) = self.invitation();
            (FirstCredential::Invitation(invitation), Some(token))
        };
        Ok((User::create(by, new, credential, self.clock.now())?, invitation))
    }

    fn invitation(&self) -> (Invitation, InvitationToken) {
        let (token, digest) = self.opaque_tokens.generate();
        let invitation = Invitation::new(digest, self.clock.now());
        (invitation, InvitationToken { token, expires_at: invitation.expires_at })
    }

    /// A page of the accounts that the filter admits, by id.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn list(
        &self,
        by: impl Into<AccountsActor>,
        query: UserQuery,
    ) -> Result<Page<User, UserId>, UseCaseError> {
        Ok(self.users.list(by.into(), query).await?)
    }

    /// One account.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if there is none.
    pub async fn find(&self, by: impl Into<AccountsActor>, id: UserId) -> Result<User, UseCaseError> {
        Ok(self.users.find(by.into(), id).await?.ok_or(Refusal::NotVisible)?)
    }

    /// The account with this e-mail address.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if there is none.
    pub async fn find_by_email(
        &self,
        by: impl Into<AccountsActor>,
        email: Email,
    ) -> Result<User, UseCaseError> {
        Ok(self.users.find_by_email(by.into(), email).await?.ok_or(Refusal::NotVisible)?)
    }

    /// Changes name, role or activity of an account.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`], [`Refusal::NothingToChange`], [`Refusal::LastAdmin`].
    pub async fn update(
        &self,
        by: impl Into<AccountsActor>,
        id: UserId,
        patch: UserPatch,
    ) -> Result<User, UseCaseError> {
        let by = by.into();
        self.change(by, id, |user, now| user.decide(by, patch.clone(), now)).await
    }

    /// Takes an account's password away, ends its sessions, and invites its owner to choose another. The invitation takes the
    /// place of any earlier one.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`]; [`Refusal::LastAdmin`] where no admin could sign in any more.
    pub async fn reset_password(
        &self,
        by: impl Into<AccountsActor>,
        id: UserId,
    ) -> Result<(User, InvitationToken), UseCaseError> {
        let by = by.into();
        let (invitation, token) = self.invitation();
        let decide = |user: &User, now| {
            Ok(AccountOutcome::Changed(Box::new(user.reset_password(by, invitation, now))))
        };
        Ok((self.change(by, id, decide).await?, token))
    }

    /// Gives an account another password and ends its sessions: for the operator, who may have lost every other way in.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`]; [`Refusal::NewPassword`].
    pub async fn set_password(
        &self,
        by: impl Into<AccountsActor>,
        id: UserId,
        password: &str,
    ) -> Result<User, UseCaseError> {
        let by = by.into();
        let email = self.find(by, id).await?.record().email.clone();
        let hash = self.passwords.hash_typed(password, &email).await?;
        let decide = |user: &User, now| {
            Ok(AccountOutcome::Changed(Box::new(user.set_password(by, hash.clone(), now))))
        };
        self.change(by, id, decide).await
    }

    /// Whether there is an admin who can sign in.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn has_able_admin(&self) -> Result<bool, UseCaseError> {
        Ok(self.users.has_able_admin().await?)
    }

    async fn change(
        &self,
        by: AccountsActor,
        id: UserId,
        decide: impl FnMut(&User, Ts) -> Result<AccountOutcome, Refusal>,
    ) -> Result<User, UseCaseError> {
        self.writer.change(async || self.users.find(by, id).await, decide).await
    }
}

fn made(came_to: UserCreation, invitation: Option<InvitationToken>) -> Result<AccountMade, UseCaseError> {
    match came_to {
        UserCreation::Created(user) => Ok(AccountMade { user, invitation }),
        UserCreation::EmailTaken => Err(Refusal::EmailTaken.into()),
        UserCreation::Unmet(Precondition::TeamExists(_)) => Err(Refusal::UnknownTeams.into()),
        UserCreation::Unmet(other) => Err(refusal_of(other).into()),
    }
}
