//! Accounts.

use helpdesk_domain::{Email, PersonName, Role, Ts, User, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;

/// An account, as admins see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserResponse {
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: UserId,
    /// The address it signs in with.
    #[schema(value_type = String, max_length = 254, example = "ada@example.com")]
    email: Email,
    /// The name that others see.
    #[schema(value_type = String, max_length = 100, example = "Ada Lovelace")]
    name: PersonName,
    /// What it may do.
    #[schema(value_type = schema::Role)]
    role: Role,
    /// Whether it may sign in.
    is_active: bool,
    /// When it was made.
    #[schema(value_type = schema::Time)]
    created_at: Ts,
    /// When it changed last.
    #[schema(value_type = schema::Time)]
    updated_at: Ts,
}

impl From<User> for UserResponse {
    fn from(user: User) -> Self {
        let record = user.record().clone();
        Self {
            id: record.id,
            email: record.email,
            name: record.name,
            role: record.role,
            is_active: record.is_active,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}

/// An account, as it sees itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignedInUser)]
pub(crate) struct SignedInUserResponse {
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: UserId,
    /// The address it signs in with.
    #[schema(value_type = String, max_length = 254, example = "ada@example.com")]
    email: Email,
    /// The name that others see.
    #[schema(value_type = String, max_length = 100, example = "Ada Lovelace")]
    name: PersonName,
    /// What it may do.
    #[schema(value_type = schema::Role)]
    role: Role,
}

impl From<User> for SignedInUserResponse {
    fn from(user: User) -> Self {
        let record = user.record().clone();
        Self { id: record.id, email: record.email, name: record.name, role: record.role }
    }
}
