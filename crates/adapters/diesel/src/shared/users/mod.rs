//! Accounts.

mod change;
mod create;
mod invitations;
mod read;

use async_trait::async_trait;
use helpdesk_domain::{
    AccountChange, AccountCreation, AccountsActor, AgentRef, Email, TokenDigest, User, UserId,
};
use helpdesk_ports::{
    AccountCommit, Credentials, Invited, Once, Page, StoreError, UserCreation, UserQuery, UserRepository,
    WrittenOnce,
};

pub(super) use create::create;

use super::dialect::Conn;
use super::idempotency::write_once;
use super::write;
use crate::executor::Lanes;

pub(super) struct DieselUsers {
    lanes: Lanes<Conn>,
}

impl DieselUsers {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
    }
}

#[async_trait]
impl UserRepository for DieselUsers {
    async fn credentials(&self, email: Email) -> Result<Option<Credentials>, StoreError> {
        self.lanes.reads.call(move |conn| read::credentials(conn, &email)).await
    }

    async fn own_credentials(&self, id: UserId) -> Result<Option<Credentials>, StoreError> {
        self.lanes.reads.call(move |conn| read::own_credentials(conn, id)).await
    }

    async fn own(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.lanes.reads.call(move |conn| read::find(conn, id)).await
    }

    async fn find(&self, _by: AccountsActor, id: UserId) -> Result<Option<User>, StoreError> {
        self.lanes.reads.call(move |conn| read::find(conn, id)).await
    }

    async fn find_by_email(&self, _by: AccountsActor, email: Email) -> Result<Option<User>, StoreError> {
        self.lanes.reads.call(move |conn| read::find_by_email(conn, &email)).await
    }

    async fn list(&self, _by: AccountsActor, query: UserQuery) -> Result<Page<User, UserId>, StoreError> {
        self.lanes.reads.call(move |conn| read::list(conn, &query)).await
    }

    async fn create(&self, creation: AccountCreation) -> Result<UserCreation, StoreError> {
        write(&self.lanes, move |conn| create::create(conn, creation)).await
    }

    async fn create_once(
        &self,
        creation: AccountCreation,
        once: Once<User>,
    ) -> Result<WrittenOnce<UserCreation>, StoreError> {
        let create = move |conn: &mut Conn| create::create(conn, creation);
        write_once(&self.lanes, once, create, |made| match made {
            UserCreation::Created(user) => Some(user),
            UserCreation::EmailTaken | UserCreation::Unmet(_) => None,
        })
        .await
    }

    async fn commit(&self, account: AccountChange) -> Result<AccountCommit, StoreError> {
        write(&self.lanes, move |conn| change::commit(conn, &account)).await
    }

    async fn active_agent(&self, _by: AccountsActor, id: UserId) -> Result<Option<AgentRef>, StoreError> {
        self.lanes.reads.call(move |conn| read::active_agent(conn, id)).await
    }

    async fn invited(&self, token: TokenDigest) -> Result<Option<Invited>, StoreError> {
        self.lanes.reads.call(move |conn| invitations::invited(conn, token)).await
    }

    async fn has_able_admin(&self) -> Result<bool, StoreError> {
        self.lanes.reads.call(read::has_able_admin).await
    }
}
