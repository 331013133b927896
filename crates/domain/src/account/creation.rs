//! Making accounts.

use super::{Invitation, User, UserRecord};
use crate::{
    AccountsActor, Actor, ActorKind, AuditChange, AuditEntry, AuditKind, AuditSubject, AuditValue, Email,
    EventActor, PasswordHash, PersonName, Refusal, Role, TeamId, Ts, UserId,
};

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The address it will sign in with.
    pub email: Email,
    /// The name that others see.
    pub name: PersonName,
    /// What it may do.
    pub role: Role,
    /// The teams that an agent joins; `None` is the default team.
    pub teams: Option<Vec<TeamId>>,
}

/// What a new account proves itself by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstCredential {
    /// A password that whoever makes the account has chosen.
    Password(PasswordHash),
    /// None yet: it is invited to choose one.
    Invitation(Invitation),
}

/// Which teams a new account joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinedTeams<'a> {
    /// None: it is no agent.
    Nowhere,
    /// The default team.
    Default,
    /// These, each of which must exist.
    These(&'a [TeamId]),
}

/// A decided account. Only [`User::create`] and [`User::register`] make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCreation {
    new: NewUser,
    credential: FirstCredential,
    /// `None` if it makes itself.
    by: Option<AccountsActor>,
    at: Ts,
}

impl User {
    /// An admin, or the help desk itself, makes an account. That the address is free and the teams exist is for the store to
    /// see.
    ///
    /// # Errors
    /// [`Refusal::TeamsOfNoAgent`].
    pub fn create(
        by: AccountsActor,
        mut new: NewUser,
        credential: FirstCredential,
        now: Ts,
    ) -> Result<AccountCreation, Refusal> {
        if let Some(teams) = &mut new.teams {
            if new.role != Role::Agent {
                return Err(Refusal::TeamsOfNoAgent);
            }
            teams.sort_unstable();
            teams.dedup();
        }
        Ok(AccountCreation { new, credential, by: Some(by), at: now })
    }

    /// Somebody makes an account of their own: a customer's, whatever they say.
    pub fn register(email: Email, name: PersonName, password: PasswordHash, now: Ts) -> AccountCreation {
        let new = NewUser { email, name, role: Role::Customer, teams: None };
        AccountCreation { new, credential: FirstCredential::Password(password), by: None, at: now }
    }
}

impl AccountCreation {
    /// The account to be made.
    pub fn new_user(&self) -> &NewUser {
        &self.new
    }

    /// What it proves itself by.
    pub fn credential(&self) -> &FirstCredential {
        &self.credential
    }

    /// When.
    pub fn at(&self) -> Ts {
        self.at
    }

    /// Which teams it joins.
    pub fn teams(&self) -> JoinedTeams<'_> {
        match (self.new.role, &self.new.teams) {
            (Role::Admin | Role::Customer, _) => JoinedTeams::Nowhere,
            (Role::Agent, None) => JoinedTeams::Default,
            (Role::Agent, Some(teams)) => JoinedTeams::These(teams),
        }
    }

    /// The account, once the store has given it an id, and what the trail says of it.
    pub fn into_user(self, id: UserId) -> (User, AuditEntry) {
        let has_password = matches!(self.credential, FirstCredential::Password(_));
        let by = self.by.map(Actor::from);
        let mut changes = vec![
            AuditChange::new("name", None, Some(self.new.name.as_str().into())),
            AuditChange::new("role", None, Some(self.new.role.as_str().into())),
        ];
        let teams = self.new.teams.iter().flatten();
        changes.extend(teams.map(|team| AuditChange::new("team_id", None, Some(AuditValue::Id(team.get())))));
        let audit = AuditEntry {
            at: self.at,
            actor: by
                .as_ref()
                .map_or(EventActor { kind: ActorKind::Customer, id: Some(id) }, EventActor::from),
            kind: match (by, has_password) {
                (None, _) => AuditKind::UserRegistered,
                (Some(_), true) => AuditKind::UserCreated,
                (Some(_), false) => AuditKind::UserInvited,
            },
            subject: AuditSubject::User(id),
            label: self.new.email.as_str().to_owned(),
            changes,
        };
        let user = User(UserRecord {
            id,
            email: self.new.email,
            name: self.new.name,
            role: self.new.role,
            is_active: true,
            has_password,
            version: 1,
            token_version: 1,
            created_at: self.at,
            updated_at: self.at,
        });
        (user, audit)
    }
}
