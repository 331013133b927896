//! Teams and their members.

mod read;
mod write;

use async_trait::async_trait;
use helpdesk_domain::{
    AccountsActor, MembershipChange, Team, TeamCreation, TeamDeletion, TeamId, TeamRenaming, User, UserId,
};
use helpdesk_ports::{
    MembershipCommit, Once, Page, PageRequest, StoreError, TeamDeleted, TeamMade, TeamRenamed,
    TeamRepository, WrittenOnce,
};

use super::dialect::Conn;
use super::idempotency::write_once;
use super::write as write_in_transaction;
use crate::executor::Lanes;

pub(super) use write::{create, join_default, join_these, leave_all};

pub(super) struct DieselTeams {
    lanes: Lanes<Conn>,
}

impl DieselTeams {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
    }
}

#[async_trait]
impl TeamRepository for DieselTeams {
    async fn find(&self, _by: AccountsActor, id: TeamId) -> Result<Option<Team>, StoreError> {
        self.lanes.reads.call(move |conn| read::find(conn, id)).await
    }

    async fn list(
        &self,
        _by: AccountsActor,
        page: PageRequest<TeamId>,
    ) -> Result<Page<Team, TeamId>, StoreError> {
        self.lanes.reads.call(move |conn| read::list(conn, &page)).await
    }

    async fn create(&self, creation: TeamCreation) -> Result<TeamMade, StoreError> {
        write_in_transaction(&self.lanes, move |conn| write::create(conn, creation)).await
    }

    async fn create_once(
        &self,
        creation: TeamCreation,
        once: Once<Team>,
    ) -> Result<WrittenOnce<TeamMade>, StoreError> {
        let create = move |conn: &mut Conn| write::create(conn, creation);
        write_once(&self.lanes, once, create, |made| match made {
            TeamMade::Created(team) => Some(team),
            TeamMade::NameTaken => None,
        })
        .await
    }

    async fn rename(&self, renaming: TeamRenaming) -> Result<TeamRenamed, StoreError> {
        write_in_transaction(&self.lanes, move |conn| write::rename(conn, &renaming)).await
    }

    async fn delete(&self, deletion: TeamDeletion) -> Result<TeamDeleted, StoreError> {
        write_in_transaction(&self.lanes, move |conn| write::delete(conn, &deletion)).await
    }

    async fn members(
        &self,
        _by: AccountsActor,
        id: TeamId,
        page: PageRequest<UserId>,
    ) -> Result<Option<Page<User, UserId>>, StoreError> {
        self.lanes.reads.call(move |conn| read::members(conn, id, &page)).await
    }

    async fn change_membership(&self, change: MembershipChange) -> Result<MembershipCommit, StoreError> {
        write_in_transaction(&self.lanes, move |conn| write::change_membership(conn, &change)).await
    }
}
