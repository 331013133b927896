//! Accounts: their fields are private, and every change of one is decided here, with what must happen along with it.

mod change;
mod creation;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use change::{AccountChange, AccountOutcome, CredentialChange, EndedSessions};
pub use creation::{AccountCreation, FirstCredential, JoinedTeams, NewUser};

use crate::{Email, PersonName, Role, TokenDigest, Ts, UserId};

/// How long an invitation is good for.
pub const INVITATION_LIFETIME: Duration = Duration::from_hours(24);

/// Everything of an account but its password, in the open: what a store writes and reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// Its id.
    pub id: UserId,
    /// The address it signs in with.
    pub email: Email,
    /// The name that others see.
    pub name: PersonName,
    /// What it may do.
    pub role: Role,
    /// Whether it may sign in at all.
    pub is_active: bool,
    /// Whether it has a password. One that was invited has none until it accepts.
    pub has_password: bool,
    /// Moves by one with every change of the account; optimistic locking compares it.
    pub version: i64,
    /// Moves whenever every token issued before must die: change of role or password, disabling.
    pub token_version: i64,
    /// When it was made.
    pub created_at: Ts,
    /// When it changed last.
    pub updated_at: Ts,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User(UserRecord);

/// A single-use token by which an account without a password gets one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The digest of the token.
    pub token: TokenDigest,
    /// Until when it may be used.
    pub expires_at: Ts,
}

impl Invitation {
    /// One that begins now.
    pub fn new(token: TokenDigest, now: Ts) -> Self {
        Self { token, expires_at: now.after(INVITATION_LIFETIME) }
    }
}

/// The fields of an account to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// The new name.
    pub name: Option<PersonName>,
    /// The new role.
    pub role: Option<Role>,
    /// Whether it may sign in.
    pub is_active: Option<bool>,
}

impl User {
    /// An account as a store holds it.
    pub fn from_stored(record: UserRecord) -> Self {
        Self(record)
    }

    /// All of it, for a store to write and an admin to read.
    pub fn record(&self) -> &UserRecord {
        &self.0
    }

    /// Its id.
    pub fn id(&self) -> UserId {
        self.0.id
    }

    /// What it may do.
    pub fn role(&self) -> Role {
        self.0.role
    }

    /// Whether tickets can be assigned to it.
    pub fn is_active_agent(&self) -> bool {
        self.0.is_active && self.0.role == Role::Agent
    }

    /// Whether it can run the help desk: an admin who is disabled, or cannot sign in yet, cannot.
    pub fn is_able_admin(&self) -> bool {
        self.0.is_active && self.0.has_password && self.0.role == Role::Admin
    }
}
