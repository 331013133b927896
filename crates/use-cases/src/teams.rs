//! What admins do with teams.

use std::sync::Arc;

use helpdesk_domain::{
    AccountsActor, AdminActor, Precondition, Refusal, Team, TeamId, TeamName, User, UserId,
};
use helpdesk_ports::{
    Cause, Clock, MembershipCommit, Page, PageRequest, StoreError, TeamDeleted, TeamMade, TeamRenamed,
    TeamRepository, UserRepository,
};

use crate::error::refusal_of;
use crate::once::KeptAnswers;
use crate::{Done, OnceRequest, UseCaseError};

/// How often a change is decided anew when others were faster. Each time another one was made, so of this many at once the last
/// is still done.
const TRIES: usize = 50;

/// Runs teams.
pub struct Teams {
    pub(crate) store: Arc<dyn TeamRepository>,
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) answers: KeptAnswers,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Teams {
    /// A page of all teams, by id.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn list(
        &self,
        by: impl Into<AccountsActor>,
        page: PageRequest<TeamId>,
    ) -> Result<Page<Team, TeamId>, UseCaseError> {
        Ok(self.store.list(by.into(), page).await?)
    }

    /// One team.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if there is none.
    pub async fn find(&self, by: impl Into<AccountsActor>, id: TeamId) -> Result<Team, UseCaseError> {
        Ok(self.store.find(by.into(), id).await?.ok_or(Refusal::NotVisible)?)
    }

    /// Makes a team.
    ///
    /// # Errors
    /// [`Refusal::TeamNameTaken`].
    pub async fn create(&self, by: impl Into<AccountsActor>, name: TeamName) -> Result<Team, UseCaseError> {
        made(self.store.create(Team::create(by.into(), name, self.clock.now())).await?)
    }

    /// The same once.
    ///
    /// # Errors
    /// The same, and [`Refusal::KeyReused`].
    pub async fn create_once(
        &self,
        by: AdminActor,
        name: TeamName,
        request: OnceRequest<Team>,
    ) -> Result<Done<Team>, UseCaseError> {
        let write = async |once| {
            let creation = Team::create(by.into(), name, self.clock.now());
            self.store.create_once(creation, once).await?.try_map(made)
        };
        self.answers.once(by.id(), request, |team: &Team| Ok(team.clone()), write).await
    }

    /// Gives a team another name.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`], [`Refusal::TeamNameTaken`].
    pub async fn rename(
        &self,
        by: impl Into<AccountsActor>,
        id: TeamId,
        name: TeamName,
    ) -> Result<Team, UseCaseError> {
        let by = by.into();
        for _ in 0..TRIES {
            let team = self.find(by, id).await?;
            let Some(renaming) = team.rename(by, name.clone(), self.clock.now()) else {
                return Ok(team);
            };
            match self.store.rename(renaming).await {
                Ok(TeamRenamed::Done(team)) => return Ok(team),
                Ok(TeamRenamed::NameTaken) => return Err(Refusal::TeamNameTaken.into()),
                Ok(TeamRenamed::Stale) | Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(kept_changing())
    }

    /// Deletes a team that has neither tickets nor members.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`], [`Refusal::DefaultTeam`], [`Refusal::TeamNotEmpty`].
    pub async fn delete(&self, by: impl Into<AccountsActor>, id: TeamId) -> Result<(), UseCaseError> {
        let by = by.into();
        for _ in 0..TRIES {
            let deletion = self.find(by, id).await?.delete(by, self.clock.now())?;
            match self.store.delete(deletion).await {
                Ok(TeamDeleted::Done) => return Ok(()),
                Ok(TeamDeleted::NotEmpty) => return Err(Refusal::TeamNotEmpty.into()),
                Ok(TeamDeleted::Stale) | Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(kept_changing())
    }

    /// A page of a team's members, by id.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if there is no such team.
    pub async fn members(
        &self,
        by: impl Into<AccountsActor>,
        id: TeamId,
        page: PageRequest<UserId>,
    ) -> Result<Page<User, UserId>, UseCaseError> {
        Ok(self.store.members(by.into(), id, page).await?.ok_or(Refusal::NotVisible)?)
    }

    /// An agent joins a team; who is in it already, stays.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if there is no such team or account; [`Refusal::NotAnAgent`].
    pub async fn admit(
        &self,
        by: impl Into<AccountsActor>,
        id: TeamId,
        user: UserId,
    ) -> Result<(), UseCaseError> {
        let by = by.into();
        let (team, user) = self.pair(by, id, user).await?;
        let change = team.admit(by, &user, self.clock.now())?;
        self.change_membership(change).await
    }

    /// A member leaves a team; who is not in it, is not.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if there is no such team or account.
    pub async fn dismiss(
        &self,
        by: impl Into<AccountsActor>,
        id: TeamId,
        user: UserId,
    ) -> Result<(), UseCaseError> {
        let by = by.into();
        let (team, user) = self.pair(by, id, user).await?;
        self.change_membership(team.dismiss(by, &user, self.clock.now())).await
    }

    async fn pair(&self, by: AccountsActor, id: TeamId, user: UserId) -> Result<(Team, User), UseCaseError> {
        let team = self.find(by, id).await?;
        Ok((team, self.users.find(by, user).await?.ok_or(Refusal::NotVisible)?))
    }

    async fn change_membership(&self, change: helpdesk_domain::MembershipChange) -> Result<(), UseCaseError> {
        for _ in 0..TRIES {
            match self.store.change_membership(change.clone()).await {
                Ok(MembershipCommit::Done | MembershipCommit::Unchanged) => return Ok(()),
                // It was there a moment ago.
                Ok(MembershipCommit::Unmet(Precondition::TeamExists(_))) => {
                    return Err(Refusal::NotVisible.into());
                }
                Ok(MembershipCommit::Unmet(unmet)) => return Err(refusal_of(unmet).into()),
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(kept_changing())
    }
}

fn made(made: TeamMade) -> Result<Team, UseCaseError> {
    match made {
        TeamMade::Created(team) => Ok(team),
        TeamMade::NameTaken => Err(Refusal::TeamNameTaken.into()),
    }
}

fn kept_changing() -> UseCaseError {
    StoreError::Conflict(Cause::new("the team kept changing")).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Mocks, user};
    use helpdesk_domain::Role;

    fn by() -> AdminActor {
        AdminActor::new(UserId::new(1).unwrap())
    }

    fn id() -> TeamId {
        TeamId::new(2).unwrap()
    }

    fn name(text: &str) -> TeamName {
        TeamName::parse(text).unwrap()
    }

    fn with_team(is_default: bool) -> Mocks {
        let mut mocks = Mocks::default();
        mocks.teams.expect_find().returning(move |_, found| {
            Ok((found == id()).then(|| Team { id: id(), name: name("Night"), is_default }))
        });
        mocks
    }

    #[tokio::test]
    async fn a_stale_name_is_decided_again_and_the_same_name_never_written() {
        let mut mocks = with_team(false);
        let mut tries = 0;
        mocks.teams.expect_rename().times(2).returning(move |renaming| {
            tries += 1;
            Ok(if tries == 1 { TeamRenamed::Stale } else { TeamRenamed::Done(renaming.team()) })
        });
        let teams = mocks.help_desk().teams;
        assert_eq!(teams.rename(by(), id(), name("Day")).await.unwrap().name, name("Day"));
        assert_eq!(teams.rename(by(), id(), name("Night")).await.unwrap().name, name("Night"));
        let absent = teams.rename(by(), TeamId::new(3).unwrap(), name("Day")).await;
        assert_eq!(absent, Err(Refusal::NotVisible.into()));
    }

    #[tokio::test]
    async fn what_the_store_says_of_a_team_is_told() {
        let mut mocks = with_team(false);
        mocks.teams.expect_create().returning(|_| Ok(TeamMade::NameTaken));
        mocks.teams.expect_rename().returning(|_| Ok(TeamRenamed::NameTaken));
        mocks.teams.expect_delete().returning(|_| Ok(TeamDeleted::NotEmpty));
        let teams = mocks.help_desk().teams;
        assert_eq!(teams.create(by(), name("Day")).await, Err(Refusal::TeamNameTaken.into()));
        assert_eq!(teams.rename(by(), id(), name("Day")).await, Err(Refusal::TeamNameTaken.into()));
        assert_eq!(teams.delete(by(), id()).await, Err(Refusal::TeamNotEmpty.into()));

        let result = with_team(true).help_desk().teams.delete(by(), id()).await;
        assert_eq!(result, Err(Refusal::DefaultTeam.into()), "the store is not even asked");
    }

    #[tokio::test]
    async fn members_are_agents_also_at_the_last_moment() {
        let five = UserId::new(5).unwrap();
        let cases = [
            (Some(Role::Customer), None, Err(Refusal::NotAnAgent)),
            (None, None, Err(Refusal::NotVisible)),
            (Some(Role::Agent), Some(MembershipCommit::Done), Ok(())),
            (Some(Role::Agent), Some(MembershipCommit::Unchanged), Ok(())),
            (
                Some(Role::Agent),
                Some(MembershipCommit::Unmet(Precondition::Agent(five))),
                Err(Refusal::NotAnAgent),
            ),
            (
                Some(Role::Agent),
                Some(MembershipCommit::Unmet(Precondition::TeamExists(id()))),
                Err(Refusal::NotVisible),
            ),
        ];
        for (role, came_to, expected) in cases {
            let mut mocks = with_team(false);
            mocks.users.expect_find().returning(move |_, _| Ok(role.map(|role| user(5, role))));
            if let Some(came_to) = came_to {
                mocks.teams.expect_change_membership().times(1).returning(move |_| Ok(came_to));
            }
            let result = mocks.help_desk().teams.admit(by(), id(), five).await;
            assert_eq!(result, expected.map_err(UseCaseError::from), "{role:?} {came_to:?}");
        }
    }
}
