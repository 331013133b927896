//! What `User::is_active_agent` means in SQL: here, and nowhere else.

use diesel::dsl::auto_type;
use diesel::prelude::*;
use helpdesk_domain::Role;

use super::schema::users;

/// The accounts that tickets can be assigned to.
#[auto_type(no_type_alias)]
pub(in super::super) fn is_active_agent() -> _ {
    let agent: &'static str = Role::Agent.as_str();
    users::is_active.eq(true).and(users::role.eq(agent))
}
