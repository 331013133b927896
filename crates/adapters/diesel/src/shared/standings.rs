//! What `User::is_active_agent`, `User::is_able_admin` and `Session::is_live` mean in SQL: here, and nowhere else.

use diesel::dsl::{auto_type, exists};
use diesel::prelude::*;
use helpdesk_domain::{Role, Ts};

use super::StoredTs;
use super::schema::{sessions, users};
use super::scope::Condition;

/// The accounts that are agents, active or not.
#[auto_type(no_type_alias)]
pub(in super::super) fn is_agent() -> _ {
    let agent: &'static str = Role::Agent.as_str();
    users::role.eq(agent)
}

/// The accounts that tickets can be assigned to.
#[auto_type(no_type_alias)]
pub(in super::super) fn is_active_agent() -> _ {
    let agent: &'static str = Role::Agent.as_str();
    users::is_active.eq(true).and(users::role.eq(agent))
}

/// The accounts that can run the help desk.
#[auto_type(no_type_alias)]
pub(in super::super) fn is_able_admin() -> _ {
    let admin: &'static str = Role::Admin.as_str();
    users::role.eq(admin).and(users::is_active.eq(true)).and(users::password_hash.is_not_null())
}

/// The sessions that are good for anything at this moment.
pub(super) fn is_live(at: Ts) -> Condition<sessions::table> {
    let at = StoredTs::from(at);
    let accounts = users::table
        .filter(users::id.eq(sessions::user_id))
        .filter(users::is_active.eq(true))
        .filter(users::token_version.eq(sessions::token_version));
    Box::new(
        sessions::revoked_at
            .is_null()
            .and(sessions::expires_at.gt(at))
            .and(sessions::idle_expires_at.gt(at))
            .and(exists(accounts)),
    )
}
