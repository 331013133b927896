//! Accounts.

mod change;

use async_trait::async_trait;
use diesel::prelude::*;
use helpdesk_domain::{
    AccountChange, AdminActor, AgentRef, Email, NewUser, Role, Ts, User, UserId, UserRecord,
};
use helpdesk_ports::{
    AccountCommit, Credentials, Page, PageRequest, PasswordHash, StoreError, UserCreation, UserRepository,
};

use super::dialect::Conn;
use super::rows::{Origin, UserRow};
use super::schema::users;
use super::{Failure, StoredTs, is_active_agent, tickets, write};
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
        self.lanes.reads.call(move |conn| credentials(conn, &email)).await
    }

    async fn find(&self, _by: AdminActor, id: UserId) -> Result<Option<User>, StoreError> {
        self.lanes.reads.call(move |conn| find(conn, id)).await
    }

    async fn list(
        &self,
        _by: AdminActor,
        page: PageRequest<UserId>,
    ) -> Result<Page<User, UserId>, StoreError> {
        self.lanes.reads.call(move |conn| list(conn, &page)).await
    }

    async fn create(
        &self,
        user: NewUser,
        password: PasswordHash,
        now: Ts,
    ) -> Result<UserCreation, StoreError> {
        let create = move |conn: &mut Conn| create(conn, user, &password, now);
        write(&self.lanes, create).await
    }

    async fn commit(&self, account: AccountChange) -> Result<AccountCommit, StoreError> {
        let commit = move |conn: &mut Conn| change::commit(conn, &account);
        write(&self.lanes, commit).await
    }

    async fn active_agent(&self, _by: AdminActor, id: UserId) -> Result<Option<AgentRef>, StoreError> {
        self.lanes.reads.call(move |conn| active_agent(conn, id)).await
    }
}

fn credentials(conn: &mut Conn, email: &Email) -> Result<Option<Credentials>, Failure> {
    let row: Option<(UserRow, Option<i16>, Option<String>)> = users::table
        .filter(users::email.eq(email.as_str()))
        .select((UserRow::as_select(), users::password_scheme, users::password_hash))
        .get_result(conn)
        .optional()?;
    // An account that has no password yet cannot be signed in to, as if there were none.
    let Some((row, Some(scheme), Some(text))) = row else {
        return Ok(None);
    };
    Ok(Some(Credentials { user: row.try_into()?, password: PasswordHash { scheme, text } }))
}

fn find(conn: &mut Conn, id: UserId) -> Result<Option<User>, Failure> {
    let row = users::table.find(id.get()).select(UserRow::as_select()).get_result(conn).optional()?;
    Ok(row.map(User::try_from).transpose()?)
}

fn list(conn: &mut Conn, page: &PageRequest<UserId>) -> Result<Page<User, UserId>, Failure> {
    let rows = users::table
        .filter(users::id.gt(page.after.map_or(0, UserId::get)))
        .order(users::id)
        .limit(tickets::one_more_than(page.limit))
        .select(UserRow::as_select())
        .load(conn)?;
    let accounts = rows.into_iter().map(User::try_from).collect::<Result<_, _>>()?;
    Ok(Page::of_rows_read_ahead(accounts, page.limit, User::id))
}

fn create(conn: &mut Conn, user: NewUser, password: &PasswordHash, now: Ts) -> Result<UserCreation, Failure> {
    // Expected: the unique address. Asked for so, it is an answer and not an error that would end the transaction.
    let id: Option<i64> = diesel::insert_into(users::table)
        .values((
            users::email.eq(user.email.as_str()),
            users::name.eq(user.name.as_str()),
            users::role.eq(user.role.as_str()),
            users::is_active.eq(true),
            users::version.eq(1),
            users::token_version.eq(1),
            users::password_scheme.eq(password.scheme),
            users::password_hash.eq(&password.text),
            users::created_at.eq(StoredTs::from(now)),
            users::updated_at.eq(StoredTs::from(now)),
        ))
        .on_conflict(users::email)
        .do_nothing()
        .returning(users::id)
        .get_result(conn)
        .optional()?;
    let Some(id) = id else {
        return Ok(UserCreation::EmailTaken);
    };
    let id = Origin::new("users", id).id("id", id, UserId::new)?;
    if user.role == Role::Agent {
        change::join_default_team(conn, id)?;
    }
    Ok(UserCreation::Created(User::from_stored(UserRecord {
        id,
        email: user.email,
        name: user.name,
        role: user.role,
        is_active: true,
        version: 1,
        token_version: 1,
        created_at: now,
        updated_at: now,
    })))
}

fn active_agent(conn: &mut Conn, id: UserId) -> Result<Option<AgentRef>, Failure> {
    let name: Option<String> = users::table
        .find(id.get())
        .filter(is_active_agent())
        .select(users::name)
        .get_result(conn)
        .optional()?;
    Ok(name.map(|name| AgentRef::new(id, name)))
}
