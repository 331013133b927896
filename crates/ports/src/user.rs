//! Accounts.

use async_trait::async_trait;
use helpdesk_domain::{
    AccountChange, AccountCreation, AccountsActor, AgentRef, Email, Invitation, PasswordHash, Precondition,
    Role, TokenDigest, User, UserId,
};

use crate::{Once, Page, PageRequest, StoreError, UserSearch, WrittenOnce};

/// What proving one's identity needs of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub user: User,
    /// Its password.
    pub password: PasswordHash,
}

/// An invitation that stands, and whom it invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The account.
    pub user: User,
    /// The invitation.
    pub invitation: Invitation,
}

/// What came of making an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserCreation {
    /// It was made.
    Created(User),
    /// Another account has this e-mail address.
    EmailTaken,
    /// This does not hold. Nothing was written.
    Unmet(Precondition),
}

/// What came of changing an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountCommit {
    /// It was written.
    Done(User),
    /// The account is no longer at the version that was decided upon. Nothing was written.
    Stale,
    /// This does not hold. Nothing was written.
    Unmet(Precondition),
}

/// What narrows a list of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Only accounts with this role.
    pub role: Option<Role>,
    /// Only accounts that are active, or only those that are not.
    pub is_active: Option<bool>,
    /// Only accounts whose name or e-mail address holds this text.
    pub text: Option<UserSearch>,
}

impl UserFilter {
    /// Whether it lets this account through: what a store's translation must agree with.
    pub fn admits(&self, user: &User) -> bool {
        let record = user.record();
        self.role.is_none_or(|role| role == record.role)
            && self.is_active.is_none_or(|is_active| is_active == record.is_active)
            && self
                .text
                .as_ref()
                .is_none_or(|text| text.is_in(record.name.as_str()) || text.is_in(record.email.as_str()))
    }
}

/// Which accounts are asked for: by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserQuery {
    /// What narrows them.
    pub filter: UserFilter,
    /// Which page.
    pub page: PageRequest<UserId>,
}

/// The accounts.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send + Sync {
    /// The account and password hash for an e-mail address; none where the account has no password yet. For sign-in alone.
    async fn credentials(&self, email: Email) -> Result<Option<Credentials>, StoreError>;

    /// The account and password hash of a signed-in caller; none where it has no password.
    async fn own_credentials(&self, id: UserId) -> Result<Option<Credentials>, StoreError>;

    /// The account of a signed-in caller.
    async fn own(&self, id: UserId) -> Result<Option<User>, StoreError>;

    /// One account.
    async fn find(&self, by: AccountsActor, id: UserId) -> Result<Option<User>, StoreError>;

    /// The account with an e-mail address.
    async fn find_by_email(&self, by: AccountsActor, email: Email) -> Result<Option<User>, StoreError>;

    /// A page of the accounts that the filter admits, by id.
    async fn list(&self, by: AccountsActor, query: UserQuery) -> Result<Page<User, UserId>, StoreError>;

    /// Makes an account with its password or invitation, its teams and its audit entry, in one transaction. A team that is not
    /// there is [`Precondition::TeamExists`], unmet. Of many at once with one address, one is made.
    async fn create(&self, creation: AccountCreation) -> Result<UserCreation, StoreError>;

    /// The same once: see [`IdempotencyRepository`](crate::IdempotencyRepository).
    async fn create_once(
        &self,
        creation: AccountCreation,
        once: Once<User>,
    ) -> Result<WrittenOnce<UserCreation>, StoreError>;

    /// Writes a change and its audit entry, in one transaction: the account where its version still matches
    /// [`AccountChange::base_version`] and the precondition holds (under row locks); its sessions ended as
    /// [`AccountChange::ended_sessions`] says, of which the one that goes on gets the account's new token version; its password
    /// and invitation as [`AccountChange::credential`] says; its tickets given back, each by
    /// [`helpdesk_domain::Ticket::give_back`] with its events, where [`AccountChange::gives_tickets_back`]; no team where
    /// [`AccountChange::leaves_teams`]; the default team where [`AccountChange::becomes_agent`] and it is in no team yet.
    async fn commit(&self, change: AccountChange) -> Result<AccountCommit, StoreError>;

    /// The account as an assignee, if it is an active agent.
    async fn active_agent(&self, by: AccountsActor, id: UserId) -> Result<Option<AgentRef>, StoreError>;

    /// The invitation with this token, used up neither by being accepted nor by a later one. It may be too old.
    async fn invited(&self, token: TokenDigest) -> Result<Option<Invited>, StoreError>;

    /// Whether there is an admin who can sign in: see [`User::is_able_admin`].
    async fn has_able_admin(&self) -> Result<bool, StoreError>;
}
