//! Making accounts.

use super::{Invitation, User, UserRecord};
use crate::{
    AccountsActor, Actor, ActorKind, AuditChange, AuditEntry, AuditKind, AuditSubject, AuditValue, Email,
    EventActor, ImportedAccount, PasswordHash, PersonName, Refusal, Role, SystemActor, TeamId, Ts, UserId,
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
    /// None, and no invitation: an admin may invite it later.
    NoneYet,
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

/// A decided account. Only [`User::create`], [`User::register`] and [`User::import`] make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCreation {
    new: NewUser,
    credential: FirstCredential,
    is_active: bool,
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
        Ok(AccountCreation { new, credential, is_active: true, by: Some(by), at: now })
    }

    /// Somebody makes an account of their own: a customer's, whatever they say.
    pub fn register(email: Email, name: PersonName, password: PasswordHash, now: Ts) -> AccountCreation {
        let new = NewUser { email, name, role: Role::Customer, teams: None };
        AccountCreation {
            new,
            credential: FirstCredential::Password(password),
            is_active: true,
            by: None,
            at: now,
        }
    }

    /// The help desk makes an account for somebody whom it knows from elsewhere: with no way to sign in until an admin invites
    /// it, and an admin of no kind, whatever was told. Who is to run the help desk is not for a file to say.
    pub fn import(by: SystemActor, account: &ImportedAccount, now: Ts) -> AccountCreation {
        let role = match account.role {
            Role::Admin | Role::Agent => Role::Agent,
            Role::Customer => Role::Customer,
        };
        let new = NewUser { email: account.email.clone(), name: account.name.clone(), role, teams: None };
        AccountCreation {
            new,
            credential: FirstCredential::NoneYet,
            is_active: account.is_active,
            by: Some(by.into()),
            at: now,
        }
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

    /// Whether it may sign in, once it can.
    pub fn is_active(&self) -> bool {
        self.is_active
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
        let by = self.by.map(Actor::from);
        let mut changes = vec![
            AuditChange::new("name", None, Some(self.new.name.as_str().into())),
            AuditChange::new("role", None, Some(self.new.role.as_str().into())),
        ];
        if !self.is_active {
            changes.push(AuditChange::new("is_active", None, Some(false.into())));
        }
        let teams = self.new.teams.iter().flatten();
        changes.extend(teams.map(|team| AuditChange::new("team_id", None, Some(AuditValue::Id(team.get())))));
        let audit = AuditEntry {
            at: self.at,
            actor: by
                .as_ref()
                .map_or(EventActor { kind: ActorKind::Customer, id: Some(id) }, EventActor::from),
            kind: match (by, &self.credential) {
                (None, _) => AuditKind::UserRegistered,
                (Some(_), FirstCredential::Password(_)) => AuditKind::UserCreated,
                (Some(_), FirstCredential::Invitation(_)) => AuditKind::UserInvited,
                (Some(_), FirstCredential::NoneYet) => AuditKind::UserImported,
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
            is_active: self.is_active,
            has_password: matches!(self.credential, FirstCredential::Password(_)),
            version: 1,
            token_version: 1,
            created_at: self.at,
            updated_at: self.at,
        });
        (user, audit)
    }
}
