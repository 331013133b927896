//! Changing accounts.

use super::{Invitation, User, UserPatch, UserRecord};
use crate::{
    AccountsActor, Actor, AuditChange, AuditEntry, AuditKind, AuditSubject, PasswordHash, PersonName,
    Precondition, Refusal, Role, SessionId, Ts,
};

/// What changing an account comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountOutcome {
    /// Nothing would change.
    Unchanged,
    /// This is to be written, whole or not at all.
    Changed(Box<AccountChange>),
}

/// Which sessions of an account end with a change of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedSessions {
    /// None.
    None,
    /// All of them.
    All,
    /// All but the one in which the change was made: it is good for the new token version as well.
    AllBut(SessionId),
}

/// What becomes of an account's password with a change of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialChange {
    /// It stays, and so does an invitation.
    Keep,
    /// This is the password from now on; an invitation is used up.
    Password(PasswordHash),
    /// There is none until this invitation is accepted, which takes the place of any earlier one.
    Invitation(Invitation),
}

/// A decided change of an account. Only the methods of [`User`] make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    base_version: i64,
    user: User,
    by: Actor,
    ended_sessions: EndedSessions,
    gives_tickets_back: bool,
    becomes_agent: bool,
    leaves_teams: bool,
    credential: CredentialChange,
    precondition: Option<Precondition>,
    audit: AuditEntry,
}

impl User {
    /// What comes of an admin's change of this account.
    ///
    /// # Errors
    /// [`Refusal::NothingToChange`] for a patch without any field. That an able admin remains is a [`Precondition`] for the
    /// store.
    pub fn decide(
        &self,
        by: impl Into<AccountsActor>,
        patch: UserPatch,
        now: Ts,
    ) -> Result<AccountOutcome, Refusal> {
        self.apply(Actor::from(by.into()), patch, now)
    }

    /// What comes of the account's own change of its name.
    ///
    /// # Errors
    /// None today.
    pub fn rename_self(&self, name: PersonName, now: Ts) -> Result<AccountOutcome, Refusal> {
        self.apply(self.as_actor(), UserPatch { name: Some(name), ..UserPatch::default() }, now)
    }

    /// The account chooses another password, in this session, having proved that it knows the old one.
    pub fn change_own_password(&self, password: PasswordHash, session: SessionId, now: Ts) -> AccountChange {
        let ended = EndedSessions::AllBut(session);
        self.with_credential(self.as_actor(), CredentialChange::Password(password), ended, now)
    }

    /// The operator gives the account another password.
    pub fn set_password(
        &self,
        by: impl Into<AccountsActor>,
        password: PasswordHash,
        now: Ts,
    ) -> AccountChange {
        let credential = CredentialChange::Password(password);
        self.with_credential(Actor::from(by.into()), credential, EndedSessions::All, now)
    }

    /// An admin takes the password away and invites the account to choose another.
    pub fn reset_password(
        &self,
        by: impl Into<AccountsActor>,
        invitation: Invitation,
        now: Ts,
    ) -> AccountChange {
        let credential = CredentialChange::Invitation(invitation);
        self.with_credential(Actor::from(by.into()), credential, EndedSessions::All, now)
    }

    /// Whoever holds the account's invitation chooses its password.
    ///
    /// # Errors
    /// [`Refusal::InvalidInvitation`] if the account is disabled, or the time is over.
    pub fn accept_invitation(
        &self,
        invitation: &Invitation,
        password: PasswordHash,
        now: Ts,
    ) -> Result<AccountChange, Refusal> {
        self.may_accept(invitation, now)?;
        let credential = CredentialChange::Password(password);
        let mut change = self.with_credential(self.as_actor(), credential, EndedSessions::All, now);
        change.audit.kind = AuditKind::InvitationAccepted;
        Ok(change)
    }

    /// Whether the account's invitation may be accepted now.
    ///
    /// # Errors
    /// [`Refusal::InvalidInvitation`].
    pub fn may_accept(&self, invitation: &Invitation, now: Ts) -> Result<(), Refusal> {
        let is_good = self.0.is_active && now < invitation.expires_at;
        if is_good { Ok(()) } else { Err(Refusal::InvalidInvitation) }
    }

    fn as_actor(&self) -> Actor {
        Actor::of_account(self.id(), self.role())
    }

    fn apply(&self, by: Actor, patch: UserPatch, now: Ts) -> Result<AccountOutcome, Refusal> {
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
        let changes = [
            AuditChange::between("name", self.0.name.as_str(), record.name.as_str()),
            AuditChange::between("role", self.0.role.as_str(), record.role.as_str()),
            AuditChange::between("is_active", &self.0.is_active, &record.is_active),
        ];
        let changes = changes.into_iter().flatten().collect();
        let ends_sessions = record.role != self.0.role || (self.0.is_active && !record.is_active);
        let ended = if ends_sessions { EndedSessions::All } else { EndedSessions::None };
        let audit = self.audit(by, AuditKind::UserUpdated, now, changes);
        Ok(AccountOutcome::Changed(Box::new(self.finish(
            by,
            record,
            CredentialChange::Keep,
            ended,
            audit,
            now,
        ))))
    }

    fn with_credential(
        &self,
        by: Actor,
        credential: CredentialChange,
        ended: EndedSessions,
        now: Ts,
    ) -> AccountChange {
        let mut record = self.0.clone();
        let kind = match credential {
            CredentialChange::Keep | CredentialChange::Password(_) => AuditKind::PasswordChanged,
            CredentialChange::Invitation(_) => AuditKind::PasswordReset,
        };
        record.has_password = matches!(credential, CredentialChange::Password(_));
        let audit = self.audit(by, kind, now, Vec::new());
        self.finish(by, record, credential, ended, audit, now)
    }

    fn finish(
        &self,
        by: Actor,
        mut record: UserRecord,
        credential: CredentialChange,
        ended_sessions: EndedSessions,
        audit: AuditEntry,
        now: Ts,
    ) -> AccountChange {
        record.version += 1;
        record.token_version += i64::from(ended_sessions != EndedSessions::None);
        // A clock that was set back must not make times run backwards.
        record.updated_at = now.max(record.updated_at);
        let user = Self(record);
        let precondition = (self.is_able_admin() && !user.is_able_admin())
            .then_some(Precondition::AnotherAdminRemains(self.id()));
        AccountChange {
            base_version: self.0.version,
            by,
            ended_sessions,
            gives_tickets_back: self.is_active_agent() && !user.is_active_agent(),
            becomes_agent: user.role() == Role::Agent && self.role() != Role::Agent,
            leaves_teams: user.role() != Role::Agent && self.role() == Role::Agent,
            credential,
            precondition,
            audit,
            user,
        }
    }

    fn audit(&self, by: Actor, kind: AuditKind, at: Ts, changes: Vec<AuditChange>) -> AuditEntry {
        AuditEntry {
            at,
            actor: (&by).into(),
            kind,
            subject: AuditSubject::User(self.id()),
            label: self.0.email.as_str().to_owned(),
            changes,
        }
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

    /// Who makes the change.
    pub fn by(&self) -> Actor {
        self.by
    }

    /// Which sessions of the account end with it.
    pub fn ended_sessions(&self) -> EndedSessions {
        self.ended_sessions
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

    /// Whether the account leaves every team: only agents are in one.
    pub fn leaves_teams(&self) -> bool {
        self.leaves_teams
    }

    /// What becomes of its password.
    pub fn credential(&self) -> &CredentialChange {
        &self.credential
    }

    /// What must hold across rows.
    pub fn precondition(&self) -> Option<Precondition> {
        self.precondition
    }

    /// What the trail says of it.
    pub fn audit(&self) -> &AuditEntry {
        &self.audit
    }
}
