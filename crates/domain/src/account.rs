//! Accounts.

use crate::{AdminActor, Email, PersonName, Precondition, Refusal, Role, Ts, UserId};

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

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The address it will sign in with.
    pub email: Email,
    /// The name that others see.
    pub name: PersonName,
    /// What it may do.
    pub role: Role,
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

/// What changing an account comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountOutcome {
    /// Nothing would change.
    Unchanged,
    /// This is to be written, whole or not at all.
    Changed(Box<AccountChange>),
}

/// A decided change of an account. Only [`User::decide`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    base_version: i64,
    user: User,
    by: AdminActor,
    ends_sessions: bool,
    gives_tickets_back: bool,
    becomes_agent: bool,
    precondition: Option<Precondition>,
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

    fn is_active_admin(&self) -> bool {
        self.0.is_active && self.0.role == Role::Admin
    }

    /// What comes of an admin's change of this account.
    ///
    /// # Errors
    /// [`Refusal::NothingToChange`] for a patch without any field. That an active admin remains is a
    /// [`Precondition`] for the store.
    pub fn decide(&self, by: AdminActor, patch: UserPatch, now: Ts) -> Result<AccountOutcome, Refusal> {
        if patch == UserPatch::default() {
            return Err(Refusal::NothingToChange);
        }
        let mut record = self.0.clone();
        record.name = patch.name.unwrap_or(record.name);
        record.role = patch.role.unwrap_or(record.role);
        record.is_active = patch.is_active.unwrap_or(record.is_active);
        if record == self.0 {
            return Ok(AccountOutcome::Unchanged);
        }

        let ends_sessions = record.role != self.0.role || (self.0.is_active && !record.is_active);
        record.version += 1;
        record.token_version += i64::from(ends_sessions);
        record.updated_at = now.max(record.updated_at);
        let user = Self(record);
        let precondition = (self.is_active_admin() && !user.is_active_admin())
            .then_some(Precondition::AnotherAdminRemains(self.id()));
        Ok(AccountOutcome::Changed(Box::new(AccountChange {
            base_version: self.0.version,
            by,
            ends_sessions,
            gives_tickets_back: self.is_active_agent() && !user.is_active_agent(),
            becomes_agent: user.role() == Role::Agent && self.role() != Role::Agent,
            precondition,
            user,
        })))
    }
}

impl AccountChange {
    /// The version that was decided upon. A store writes only where it still stands.
    pub fn base_version(&self) -> i64 {
        self.base_version
    }

    /// The account as it will be.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The admin who makes the change.
    pub fn by(&self) -> AdminActor {
        self.by
    }

    /// Whether every session of the account ends with it.
    pub fn ends_sessions(&self) -> bool {
        self.ends_sessions
    }

    /// Whether the account's tickets go back to their teams' queues, in the same transaction
    /// (each by [`crate::Ticket::give_back`]).
    pub fn gives_tickets_back(&self) -> bool {
        self.gives_tickets_back
    }

    /// Whether the account joins the default team, unless it is in a team already.
    pub fn becomes_agent(&self) -> bool {
        self.becomes_agent
    }

    /// What must hold across rows.
    pub fn precondition(&self) -> Option<Precondition> {
        self.precondition
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(role: Role) -> User {
        let at = Ts::from_micros(1_000).unwrap();
        User(UserRecord {
            id: UserId::new(5).unwrap(),
            email: Email::parse("u@example.com").unwrap(),
            name: PersonName::parse("U").unwrap(),
            role,
            is_active: true,
            version: 3,
            token_version: 7,
            created_at: at,
            updated_at: at,
        })
    }

    fn decide(user: &User, patch: UserPatch) -> AccountChange {
        let admin = AdminActor::new(UserId::new(1).unwrap());
        match user.decide(admin, patch, Ts::from_micros(2_000).unwrap()).unwrap() {
            AccountOutcome::Changed(change) => *change,
            AccountOutcome::Unchanged => panic!("unchanged"),
        }
    }

    #[test]
    fn a_lost_role_ends_sessions_and_gives_tickets_back() {
        let change =
            decide(&user(Role::Agent), UserPatch { role: Some(Role::Customer), ..UserPatch::default() });
        assert!(change.ends_sessions() && change.gives_tickets_back() && !change.becomes_agent());
        assert_eq!((change.base_version(), change.user().record().version), (3, 4));
        assert_eq!(change.user().record().token_version, 8);
        assert_eq!(change.precondition(), None);
    }

    #[test]
    fn a_new_name_ends_nothing() {
        let patch = UserPatch { name: Some(PersonName::parse("New").unwrap()), ..UserPatch::default() };
        let change = decide(&user(Role::Agent), patch);
        assert!(!change.ends_sessions() && !change.gives_tickets_back());
        assert_eq!(change.user().record().token_version, 7);
    }

    #[test]
    fn an_admin_goes_only_where_another_remains() {
        for patch in [
            UserPatch { role: Some(Role::Agent), ..UserPatch::default() },
            UserPatch { is_active: Some(false), ..UserPatch::default() },
        ] {
            let change = decide(&user(Role::Admin), patch);
            assert_eq!(
                change.precondition(),
                Some(Precondition::AnotherAdminRemains(UserId::new(5).unwrap()))
            );
        }
    }

    #[test]
    fn the_same_values_are_no_change_and_no_values_are_refused() {
        let admin = AdminActor::new(UserId::new(1).unwrap());
        let now = Ts::from_micros(2_000).unwrap();
        let same = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
        assert_eq!(user(Role::Agent).decide(admin, same, now), Ok(AccountOutcome::Unchanged));
        assert_eq!(user(Role::Agent).decide(admin, UserPatch::default(), now), Err(Refusal::NothingToChange));
    }
}
