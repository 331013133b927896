//! Accounts.

use async_trait::async_trait;
use helpdesk_domain::{AccountChange, AdminActor, AgentRef, Email, NewUser, Precondition, Ts, User, UserId};

use crate::{Page, PageRequest, PasswordHash, StoreError};

/// What sign-in needs of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub user: User,
    /// Its password.
    pub password: PasswordHash,
}

/// What came of making an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserCreation {
    /// It was made.
    Created(User),
    /// Another account has this e-mail address.
    EmailTaken,
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

/// The accounts.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send + Sync {
    /// The account and password hash for an e-mail address; none where the account has no password yet. For sign-in alone.
    async fn credentials(&self, email: Email) -> Result<Option<Credentials>, StoreError>;

    /// One account.
    async fn find(&self, by: AdminActor, id: UserId) -> Result<Option<User>, StoreError>;

    /// All accounts, by id.
    async fn list(&self, by: AdminActor, page: PageRequest<UserId>)
    -> Result<Page<User, UserId>, StoreError>;

    /// Makes an account, active. An agent joins the default team. Of many at once with one address, one is made.
    async fn create(
        &self,
        user: NewUser,
        password: PasswordHash,
        now: Ts,
    ) -> Result<UserCreation, StoreError>;

    /// Writes a change, in one transaction: the account where its version still matches
    /// [`AccountChange::base_version`] and the precondition holds (under row locks); all its sessions ended where
    /// [`AccountChange::ends_sessions`]; its tickets given back, each by [`helpdesk_domain::Ticket::give_back`] with its
    /// events, where [`AccountChange::gives_tickets_back`]; membership of the default team where
    /// [`AccountChange::becomes_agent`] and it is in no team yet.
    async fn commit(&self, change: AccountChange) -> Result<AccountCommit, StoreError>;

    /// The account as an assignee, if it is an active agent.
    async fn active_agent(&self, by: AdminActor, id: UserId) -> Result<Option<AgentRef>, StoreError>;
}
