//! Reading accounts.

use diesel::prelude::*;
use helpdesk_domain::{AgentRef, Email, PasswordHash, User, UserId};
use helpdesk_ports::{Credentials, Page, UserQuery};

use super::super::dialect::Conn;
use super::super::rows::UserRow;
use super::super::schema::users;
use super::super::tickets::one_more_than;
use super::super::user_text::holds;
use super::super::{Failure, is_able_admin, is_active_agent};

type CredentialsRow = (UserRow, Option<i16>, Option<String>);

pub(super) fn credentials(conn: &mut Conn, email: &Email) -> Result<Option<Credentials>, Failure> {
    let row: Option<CredentialsRow> = users::table
        .filter(users::email.eq(email.as_str()))
        .select((UserRow::as_select(), users::password_scheme, users::password_hash))
        .get_result(conn)
        .optional()?;
    with_password(row)
}

pub(super) fn own_credentials(conn: &mut Conn, id: UserId) -> Result<Option<Credentials>, Failure> {
    let row: Option<CredentialsRow> = users::table
        .find(id.get())
        .select((UserRow::as_select(), users::password_scheme, users::password_hash))
        .get_result(conn)
        .optional()?;
    with_password(row)
}

/// An account that has no password yet cannot be signed in to, as if there were none.
fn with_password(row: Option<CredentialsRow>) -> Result<Option<Credentials>, Failure> {
    let Some((row, Some(scheme), Some(text))) = row else {
        return Ok(None);
    };
    Ok(Some(Credentials { user: row.try_into()?, password: PasswordHash { scheme, text } }))
}

pub(super) fn find(conn: &mut Conn, id: UserId) -> Result<Option<User>, Failure> {
    let row = users::table.find(id.get()).select(UserRow::as_select()).get_result(conn).optional()?;
    Ok(row.map(User::try_from).transpose()?)
}

pub(super) fn find_by_email(conn: &mut Conn, email: &Email) -> Result<Option<User>, Failure> {
    let row = users::table
        .filter(users::email.eq(email.as_str()))
        .select(UserRow::as_select())
        .get_result(conn)
        .optional()?;
    Ok(row.map(User::try_from).transpose()?)
}

/// Goes along the ids, of one role or of all, and leaves out what does not match until the page is full. A text may be
/// anywhere, so that no index finds it, and those who look for one are few.
pub(super) fn list(conn: &mut Conn, asked: &UserQuery) -> Result<Page<User, UserId>, Failure> {
    let mut query = users::table
        .filter(users::id.gt(asked.page.after.map_or(0, UserId::get)))
        .order(users::id)
        .limit(one_more_than(asked.page.limit))
        .select(UserRow::as_select())
        .into_boxed();
    if let Some(role) = asked.filter.role {
        query = query.filter(users::role.eq(role.as_str()));
    }
    if let Some(is_active) = asked.filter.is_active {
        query = query.filter(users::is_active.eq(is_active));
    }
    if let Some(text) = &asked.filter.text {
        query = query.filter(holds(text));
    }
    let rows: Vec<UserRow> = query.load(conn)?;
    let accounts = rows.into_iter().map(User::try_from).collect::<Result<_, _>>()?;
    Ok(Page::of_rows_read_ahead(accounts, asked.page.limit, User::id))
}

pub(super) fn active_agent(conn: &mut Conn, id: UserId) -> Result<Option<AgentRef>, Failure> {
    let name: Option<String> = users::table
        .find(id.get())
        .filter(is_active_agent())
        .select(users::name)
        .get_result(conn)
        .optional()?;
    Ok(name.map(|name| AgentRef::new(id, name)))
}

pub(super) fn has_able_admin(conn: &mut Conn) -> Result<bool, Failure> {
    // The first of them, by the index of roles: asked whether one exists, Postgres may look at all accounts instead.
    let first = users::table.filter(is_able_admin()).order(users::id).limit(1).select(users::id);
    Ok(first.get_result::<i64>(conn).optional()?.is_some())
}
