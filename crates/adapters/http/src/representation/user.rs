//! Accounts.

use helpdesk_domain::{Email, PersonName, Role, Ts, User, UserId};
use helpdesk_use_cases::{AccountMade, InvitationToken};
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
    /// Whether it has a password. One that was invited has none until it accepts.
    has_password: bool,
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
            has_password: record.has_password,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}

/// What an account without a password chooses one with.
// No Debug: it holds a secret.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
struct InvitationResponse {
    /// The token for `POST /invitations/accept`. It is shown here once and never again, and is good once.
    #[schema(example = "b4m1Zp0uTq2kXv7sYw3cRe9aLd5gHj8nQf6iUoPtKxE")]
    token: String,
    /// Until when it may be used.
    #[schema(value_type = schema::Time)]
    expires_at: Ts,
}

/// An account, and its invitation if it was invited just now.
// No Debug: it may hold a secret.
#[derive(Serialize, ToSchema)]
#[schema(as = UserWithInvitation)]
pub(crate) struct InvitedUserResponse {
    #[serde(flatten)]
    user: UserResponse,
    /// How its owner chooses a password; there only where the account was invited by this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    invitation: Option<InvitationResponse>,
}

impl InvitedUserResponse {
    /// Where to find the account.
    pub(crate) fn location(&self) -> String {
        format!("/admin/users/{}", self.user.id)
    }
}

impl From<AccountMade> for InvitedUserResponse {
    fn from(AccountMade { user, invitation }: AccountMade) -> Self {
        let invitation =
            invitation.map(|InvitationToken { token, expires_at }| InvitationResponse { token, expires_at });
        Self { user: user.into(), invitation }
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
