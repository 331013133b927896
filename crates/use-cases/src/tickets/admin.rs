//! What admins alone do with tickets: assign them.

use std::sync::Arc;

use helpdesk_domain::{
    AdminActor, AgentRef, Priority, Refusal, Status, Tags, TeamId, TeamRef, TicketCommand, TicketId,
    TicketPatch, UserId,
};
use helpdesk_ports::{PageRequest, TeamRepository, UserRepository};

use super::{Desk, StaffTicketDetail, staff};
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
        let AdminTicketPatch { status, priority, tags, assignee, team } = patch;
        let assignee = match assignee {
            Some(Some(agent)) => Some(Some(self.assignable(by, id, agent).await?)),
            Some(None) => Some(None),
            None => None,
        };
        let team = match team {
            Some(team) => Some(self.existing_team(by, id, team).await?),
            None => None,
        };
        let command = TicketCommand::Update(TicketPatch { status, priority, tags, assignee, team });
        let changed = self.desk.change(&by.into(), id, command, seen).await?;
        Ok(staff::detail(changed.now))
    }

    /// The agent, if it can be given the ticket. That it still can when the change is written, is a precondition of the change.
    async fn assignable(
        &self,
        by: AdminActor,
        ticket: TicketId,
        agent: UserId,
    ) -> Result<AgentRef, UseCaseError> {
        match self.users.active_agent(by.into(), agent).await? {
            Some(agent) => Ok(agent),
            None => Err(self.absent_or(by, ticket, Refusal::NotAssignable).await),
        }
    }

    /// The team, if there is one. That it still is there when the change is written, is a precondition of the change.
    async fn existing_team(
        &self,
        by: AdminActor,
        ticket: TicketId,
        team: TeamId,
    ) -> Result<TeamRef, UseCaseError> {
        match self.teams.find(by.into(), team).await? {
            Some(team) => Ok(TeamRef::new(team.id, team.name.into_string())),
            None => Err(self.absent_or(by, ticket, Refusal::UnknownTeam).await),
        }
    }

    /// Of a ticket that is not there, that is to be said first.
    async fn absent_or(&self, by: AdminActor, ticket: TicketId, refusal: Refusal) -> UseCaseError {
        match self.desk.find(&by.into(), ticket, PageRequest::default()).await {
            Ok(_) => refusal.into(),
            Err(error) => error,
        }
    }
}
