//! Teams: who could work which tickets.

use crate::{
    AccountsActor, Actor, AuditChange, AuditEntry, AuditKind, AuditSubject, AuditValue, Refusal, Role,
    TeamId, TeamName, Ts, User, UserId,
};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name; no other team has it.
    pub name: TeamName,
    /// Whether it is the one that new tickets and new agents get. There is exactly one, and it stays.
    pub is_default: bool,
}

/// A team to be made. Only [`Team::create`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamCreation {
    name: TeamName,
    by: AccountsActor,
    at: Ts,
}

/// A team's new name. Only [`Team::rename`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRenaming {
    base: Team,
    name: TeamName,
    audit: AuditEntry,
}

/// A team to be deleted. Only [`Team::delete`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamDeletion {
    team: Team,
    audit: AuditEntry,
}

/// An agent joins or leaves a team. Only [`Team::admit`] and [`Team::dismiss`] make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipChange {
    team: TeamId,
    user: UserId,
    joins: bool,
    audit: AuditEntry,
}

impl Team {
    /// A new team, of which nobody is a member.
    pub fn create(by: AccountsActor, name: TeamName, now: Ts) -> TeamCreation {
        TeamCreation { name, by, at: now }
    }

    /// Gives it another name; `None` where that is the one it has.
    pub fn rename(&self, by: AccountsActor, name: TeamName, now: Ts) -> Option<TeamRenaming> {
        let change = AuditChange::between("name", self.name.as_str(), name.as_str())?;
        let audit = self.audit(by, AuditKind::TeamRenamed, now, vec![change]);
        Some(TeamRenaming { base: self.clone(), name, audit })
    }

    /// Deletes it. That it has neither tickets nor members is for the store to see, under a lock.
    ///
    /// # Errors
    /// [`Refusal::DefaultTeam`].
    pub fn delete(&self, by: AccountsActor, now: Ts) -> Result<TeamDeletion, Refusal> {
        if self.is_default {
            return Err(Refusal::DefaultTeam);
        }
        Ok(TeamDeletion {
            team: self.clone(),
            audit: self.audit(by, AuditKind::TeamDeleted, now, Vec::new()),
        })
    }

    /// An agent joins it. That the account still is an agent and the team still there, is for the store to see, under locks.
    ///
    /// # Errors
    /// [`Refusal::NotAnAgent`].
    pub fn admit(&self, by: AccountsActor, user: &User, now: Ts) -> Result<MembershipChange, Refusal> {
        if user.role() != Role::Agent {
            return Err(Refusal::NotAnAgent);
        }
        Ok(self.membership(by, user, true, now))
    }

    /// A member leaves it.
    pub fn dismiss(&self, by: AccountsActor, user: &User, now: Ts) -> MembershipChange {
        self.membership(by, user, false, now)
    }

    fn membership(&self, by: AccountsActor, user: &User, joins: bool, now: Ts) -> MembershipChange {
        let kind = if joins { AuditKind::TeamMemberAdded } else { AuditKind::TeamMemberRemoved };
        let member = Some(AuditValue::Id(user.id().get()));
        let (from, to) = if joins { (None, member) } else { (member, None) };
        let audit = self.audit(by, kind, now, vec![AuditChange::new("member_id", from, to)]);
        MembershipChange { team: self.id, user: user.id(), joins, audit }
    }

    fn audit(&self, by: AccountsActor, kind: AuditKind, at: Ts, changes: Vec<AuditChange>) -> AuditEntry {
        AuditEntry {
            at,
            actor: (&Actor::from(by)).into(),
            kind,
            subject: AuditSubject::Team(self.id),
            label: self.name.as_str().to_owned(),
            changes,
        }
    }
}

impl TeamCreation {
    /// Its name.
    pub fn name(&self) -> &TeamName {
        &self.name
    }

    /// The team, once the store has given it an id, and what the trail says of it.
    pub fn into_team(self, id: TeamId) -> (Team, AuditEntry) {
        let team = Team { id, name: self.name, is_default: false };
        let change = AuditChange::new("name", None, Some(team.name.as_str().into()));
        let audit = team.audit(self.by, AuditKind::TeamCreated, self.at, vec![change]);
        (team, audit)
    }
}

impl TeamRenaming {
    /// The team that was decided upon. A store writes only where it still has this name.
    pub fn base(&self) -> &Team {
        &self.base
    }

    /// The team as it will be.
    pub fn team(&self) -> Team {
        Team { name: self.name.clone(), ..self.base.clone() }
    }

    /// What the trail says of it.
    pub fn audit(&self) -> &AuditEntry {
        &self.audit
    }
}

impl TeamDeletion {
    /// The team.
    pub fn team(&self) -> &Team {
        &self.team
    }

    /// What the trail says of it.
    pub fn audit(&self) -> &AuditEntry {
        &self.audit
    }
}

impl MembershipChange {
    /// The team.
    pub fn team(&self) -> TeamId {
        self.team
    }

    /// Who joins or leaves it.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Whether it joins.
    pub fn joins(&self) -> bool {
        self.joins
    }

    /// What the trail says of it.
    pub fn audit(&self) -> &AuditEntry {
        &self.audit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AdminActor, Email, PersonName, UserRecord};

    fn team(is_default: bool) -> Team {
        Team { id: TeamId::new(2).unwrap(), name: TeamName::parse("Night").unwrap(), is_default }
    }

    fn by() -> AccountsActor {
        AdminActor::new(UserId::new(1).unwrap()).into()
    }

    fn user(role: Role) -> User {
        User::from_stored(UserRecord {
            id: UserId::new(5).unwrap(),
            email: Email::parse("u@example.com").unwrap(),
            name: PersonName::parse("U").unwrap(),
            role,
            is_active: false,
            has_password: false,
            version: 1,
            token_version: 1,
            created_at: Ts::EPOCH,
            updated_at: Ts::EPOCH,
        })
    }

    #[test]
    fn the_default_team_stays() {
        assert_eq!(team(true).delete(by(), Ts::EPOCH), Err(Refusal::DefaultTeam));
        assert_eq!(team(false).delete(by(), Ts::EPOCH).unwrap().audit().kind, AuditKind::TeamDeleted);
    }

    #[test]
    fn only_agents_join_and_anyone_leaves() {
        let change = team(false).admit(by(), &user(Role::Agent), Ts::EPOCH).unwrap();
        assert!(change.joins());
        assert_eq!(change.audit().changes, [AuditChange::new("member_id", None, Some(AuditValue::Id(5)))]);
        for role in [Role::Admin, Role::Customer] {
            assert_eq!(team(false).admit(by(), &user(role), Ts::EPOCH), Err(Refusal::NotAnAgent));
            assert!(!team(false).dismiss(by(), &user(role), Ts::EPOCH).joins());
        }
    }

    #[test]
    fn the_same_name_is_no_change() {
        assert_eq!(team(true).rename(by(), TeamName::parse(" Night ").unwrap(), Ts::EPOCH), None);
        let renaming = team(true).rename(by(), TeamName::parse("Day").unwrap(), Ts::EPOCH).unwrap();
        assert_eq!((renaming.team().name.as_str(), renaming.team().is_default), ("Day", true));
    }
}
