//! What admins alone do with tickets: assign them.

use std::sync::Arc;

use helpdesk_domain::{
    AdminActor, AgentRef, Priority, Refusal, Status, Tags, TeamId, TeamRef, TicketCommand, TicketId,
    TicketPatch, UserId,
};
use helpdesk_ports::{PageRequest, TeamRepository, UserRepository};

use super::{BulkItem, Desk, StaffTicketDetail, staff};
use crate::UseCaseError;

/// The fields that an admin may change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdminTicketPatch {
    /// The new status.
    pub status: Option<Status>,
    /// The new priority.
    pub priority: Option<Priority>,
    /// All tags from now on.
    pub tags: Option<Tags>,
    /// The account that works it from now on; `Some(None)` is nobody.
    pub assignee: Option<Option<UserId>>,
    /// The team that it belongs to from now on.
    pub team: Option<TeamId>,
}

/// What admins alone do with tickets.
pub struct AdminTickets {
    desk: Desk,
    users: Arc<dyn UserRepository>,
    teams: Arc<dyn TeamRepository>,
}

impl AdminTickets {
    pub(crate) fn new(desk: Desk, users: Arc<dyn UserRepository>, teams: Arc<dyn TeamRepository>) -> Self {
        Self { desk, users, teams }
    }

    /// Changes fields, the assignee included.
    ///
    /// # Errors
    /// [`Refusal`]: no such ticket, closed, no such transition, an assignee who is no active agent, or no such team.
    pub async fn update(
        &self,
        by: AdminActor,
        id: TicketId,
        patch: AdminTicketPatch,
        seen: Option<i64>,
    ) -> Result<StaffTicketDetail, UseCaseError> {
        let patch = match self.with_names(by, patch).await {
            Ok(patch) => patch,
            Err(UseCaseError::Refused(refusal)) => return Err(self.absent_or(by, id, refusal).await),
            Err(error) => return Err(error),
        };
        let command = TicketCommand::Update(patch);
        let changed = self.desk.change(&by.into(), id, command, seen).await?;
        Ok(staff::detail(changed.now))
    }

    /// Changes fields of several tickets, the assignee included, each by a decision of its own: one that is refused keeps none of the
    /// others. Each is to be named once.
    ///
    /// # Errors
    /// [`Refusal`] of the change itself: it names no field, an assignee who is no active agent, or no such team. What a single ticket
    /// is refused for, stands in its item.
    pub async fn update_many(
        &self,
        by: AdminActor,
        ids: &[TicketId],
        patch: AdminTicketPatch,
    ) -> Result<Vec<BulkItem>, UseCaseError> {
        let patch = self.with_names(by, patch).await?;
        self.desk.update_many(&by.into(), ids, patch).await
    }

    /// The patch with what it names. That the agent still can be given a ticket, and the team is there, when the change is written,
    /// is a precondition of the change.
    async fn with_names(&self, by: AdminActor, patch: AdminTicketPatch) -> Result<TicketPatch, UseCaseError> {
        let AdminTicketPatch { status, priority, tags, assignee, team } = patch;
        let assignee = match assignee {
            Some(Some(agent)) => Some(Some(self.assignable(by, agent).await?)),
            Some(None) => Some(None),
            None => None,
        };
        let team = match team {
            Some(team) => Some(self.existing_team(by, team).await?),
            None => None,
        };
        Ok(TicketPatch { status, priority, tags, assignee, team })
    }

    async fn assignable(&self, by: AdminActor, agent: UserId) -> Result<AgentRef, UseCaseError> {
        Ok(self.users.active_agent(by.into(), agent).await?.ok_or(Refusal::NotAssignable)?)
    }

    async fn existing_team(&self, by: AdminActor, team: TeamId) -> Result<TeamRef, UseCaseError> {
        let team = self.teams.find(by.into(), team).await?.ok_or(Refusal::UnknownTeam)?;
        Ok(TeamRef::new(team.id, team.name.into_string()))
    }

    /// Of a ticket that is not there, that is to be said first.
    async fn absent_or(&self, by: AdminActor, ticket: TicketId, refusal: Refusal) -> UseCaseError {
        match self.desk.find(&by.into(), ticket, PageRequest::default()).await {
            Ok(_) => refusal.into(),
            Err(error) => error,
        }
    }
}
