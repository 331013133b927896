//! Teams and their members.

use async_trait::async_trait;
use helpdesk_domain::{
    AccountsActor, MembershipChange, Precondition, Team, TeamCreation, TeamDeletion, TeamId, TeamRenaming,
    User, UserId,
};

use crate::{Once, Page, PageRequest, StoreError, WrittenOnce};

/// What came of making a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamMade {
    /// It was made.
    Created(Team),
    /// Another team has this name.
    NameTaken,
}

/// What came of renaming a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamRenamed {
    /// It was written.
    Done(Team),
    /// The team is gone, or no longer has the name that was decided upon. Nothing was written.
    Stale,
    /// Another team has this name. Nothing was written.
    NameTaken,
}

/// What came of deleting a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamDeleted {
    /// It is gone.
    Done,
    /// It was gone already, or has another name by now. Nothing was written.
    Stale,
    /// It has tickets or members. Nothing was written.
    NotEmpty,
}

/// What came of a change of membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipCommit {
    /// It was written.
    Done,
    /// It was so already. Nothing was written, the trail included.
    Unchanged,
    /// This does not hold. Nothing was written.
    Unmet(Precondition),
}

/// The teams.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TeamRepository: Send + Sync {
    /// One team.
    async fn find(&self, by: AccountsActor, id: TeamId) -> Result<Option<Team>, StoreError>;

    /// A page of all teams, by id.
    async fn list(
        &self,
        by: AccountsActor,
        page: PageRequest<TeamId>,
    ) -> Result<Page<Team, TeamId>, StoreError>;

    /// Makes a team and its audit entry, in one transaction.
    async fn create(&self, creation: TeamCreation) -> Result<TeamMade, StoreError>;

    /// The same once: see [`IdempotencyRepository`](crate::IdempotencyRepository).
    async fn create_once(
        &self,
        creation: TeamCreation,
        once: Once<Team>,
    ) -> Result<WrittenOnce<TeamMade>, StoreError>;

    /// Writes a team's new name and its audit entry, in one transaction.
    async fn rename(&self, renaming: TeamRenaming) -> Result<TeamRenamed, StoreError>;

    /// Deletes a team and writes its audit entry, in one transaction, under a lock that keeps tickets and members from coming
    /// to it meanwhile.
    async fn delete(&self, deletion: TeamDeletion) -> Result<TeamDeleted, StoreError>;

    /// A page of a team's members, by id; `None` if there is no such team.
    async fn members(
        &self,
        by: AccountsActor,
        id: TeamId,
        page: PageRequest<UserId>,
    ) -> Result<Option<Page<User, UserId>>, StoreError>;

    /// Writes who joins or leaves, and the audit entry, in one transaction. Who joins must be an agent until the commit
    /// ([`Precondition::Agent`]) and the team be there ([`Precondition::TeamExists`]); both are checked under locks.
    async fn change_membership(&self, change: MembershipChange) -> Result<MembershipCommit, StoreError>;
}
