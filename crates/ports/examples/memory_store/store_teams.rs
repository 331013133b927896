//! The teams, their members, and the audit trail.

use async_trait::async_trait;
use helpdesk_domain::{
    AccountsActor, AdminActor, AuditId, AuditRecord, MembershipChange, Precondition, Team, TeamCreation,
    TeamDeletion, TeamId, TeamName, TeamRenaming, User, UserId,
};
use helpdesk_ports::{
    AuditQuery, AuditRepository, MembershipCommit, Once, Page, PageRequest, StoreError, TeamDeleted,
    TeamMade, TeamRenamed, TeamRepository, WrittenOnce,
};

use crate::state::State;
use crate::store::MemoryStore;

impl State {
    /// Whether the team is there under the name that was decided upon.
    fn is_as(&self, base: &Team) -> bool {
        self.teams.get(&base.id).is_some_and(|team| team.name == base.name)
    }

    fn is_taken(&self, name: &TeamName, by_other_than: Option<TeamId>) -> bool {
        self.teams.values().any(|team| team.name == *name && Some(team.id) != by_other_than)
    }

    fn create_team(&mut self, creation: TeamCreation) -> TeamMade {
        if self.is_taken(creation.name(), None) {
            return TeamMade::NameTaken;
        }
        self.teams_made += 1;
        let (team, audit) = creation.into_team(TeamId::new(self.teams_made).unwrap());
        self.teams.insert(team.id, team.clone());
        self.audit.push(audit);
        TeamMade::Created(team)
    }

    fn rename_team(&mut self, renaming: &TeamRenaming) -> TeamRenamed {
        let team = renaming.team();
        if !self.is_as(renaming.base()) {
            return TeamRenamed::Stale;
        }
        if self.is_taken(&team.name, Some(team.id)) {
            return TeamRenamed::NameTaken;
        }
        self.teams.insert(team.id, team.clone());
        self.audit.push(renaming.audit().clone());
        TeamRenamed::Done(team)
    }

    fn delete_team(&mut self, deletion: &TeamDeletion) -> TeamDeleted {
        let id = deletion.team().id;
        if !self.is_as(deletion.team()) {
            return TeamDeleted::Stale;
        }
        let has_members = self.members.iter().any(|(team, _)| *team == id);
        if has_members || self.tickets.values().any(|ticket| ticket.record().team.id() == id) {
            return TeamDeleted::NotEmpty;
        }
        self.teams.remove(&id);
        self.audit.push(deletion.audit().clone());
        TeamDeleted::Done
    }

    fn change_members(&mut self, change: &MembershipChange) -> MembershipCommit {
        let member = (change.team(), change.user());
        let needed = [Precondition::TeamExists(change.team()), Precondition::Agent(change.user())];
        let unmet = needed.into_iter().find(|precondition| change.joins() && !self.holds(*precondition));
        if let Some(unmet) = unmet {
            return MembershipCommit::Unmet(unmet);
        }
        let changed = if change.joins() { self.members.insert(member) } else { self.members.remove(&member) };
        if !changed {
            return MembershipCommit::Unchanged;
        }
        self.audit.push(change.audit().clone());
        MembershipCommit::Done
    }
}

#[async_trait]
impl TeamRepository for MemoryStore {
    async fn find(&self, _: AccountsActor, id: TeamId) -> Result<Option<Team>, StoreError> {
        Ok(self.turn().await.teams.get(&id).cloned())
    }

    async fn list(
        &self,
        _: AccountsActor,
        page: PageRequest<TeamId>,
    ) -> Result<Page<Team, TeamId>, StoreError> {
        let state = self.turn().await;
        let rows = state.teams.values().filter(|team| page.after.is_none_or(|after| team.id > after));
        Ok(Page::of_rows_read_ahead(rows.cloned().collect(), page.limit, |team| team.id))
    }

    async fn create(&self, creation: TeamCreation) -> Result<TeamMade, StoreError> {
        Ok(self.turn().await.create_team(creation))
    }

    async fn create_once(
        &self,
        creation: TeamCreation,
        once: Once<Team>,
    ) -> Result<WrittenOnce<TeamMade>, StoreError> {
        self.turn().await.once(
            &once,
            |state| Ok(state.create_team(creation)),
            |made| match made {
                TeamMade::Created(team) => Some(team),
                TeamMade::NameTaken => None,
            },
        )
    }

    async fn rename(&self, renaming: TeamRenaming) -> Result<TeamRenamed, StoreError> {
        Ok(self.turn().await.rename_team(&renaming))
    }

    async fn delete(&self, deletion: TeamDeletion) -> Result<TeamDeleted, StoreError> {
        Ok(self.turn().await.delete_team(&deletion))
    }

    async fn members(
        &self,
        _: AccountsActor,
        id: TeamId,
        page: PageRequest<UserId>,
    ) -> Result<Option<Page<User, UserId>>, StoreError> {
        let state = self.turn().await;
        if !state.teams.contains_key(&id) {
            return Ok(None);
        }
        let members = state.members.iter().filter(|(team, _)| *team == id).map(|(_, member)| *member);
        let behind = members.filter(|member| page.after.is_none_or(|after| *member > after));
        let rows = behind.map(|member| state.users[&member].user.clone()).collect();
        Ok(Some(Page::of_rows_read_ahead(rows, page.limit, User::id)))
    }

    async fn change_membership(&self, change: MembershipChange) -> Result<MembershipCommit, StoreError> {
        Ok(self.turn().await.change_members(&change))
    }
}

#[async_trait]
impl AuditRepository for MemoryStore {
    async fn list(&self, _: AdminActor, query: AuditQuery) -> Result<Page<AuditRecord, AuditId>, StoreError> {
        let AuditQuery { filter, page } = query;
        let state = self.turn().await;
        let entries = (1..).map(|id| AuditId::new(id).unwrap()).zip(&state.audit);
        let mut rows: Vec<AuditRecord> = entries
            .filter(|(id, entry)| page.after.is_none_or(|after| *id < after) && filter.admits(entry))
            .map(|(id, entry)| {
                let actor = entry.actor.id.and_then(|id| state.user(id));
                let actor_name = actor.map(|user| user.record().name.as_str().to_owned());
                AuditRecord { id, entry: entry.clone(), actor_name }
            })
            .collect();
        rows.reverse();
        Ok(Page::of_rows_read_ahead(rows, page.limit, |record| record.id))
    }
}
