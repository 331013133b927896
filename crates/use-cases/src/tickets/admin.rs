//! What admins alone do with tickets: assign them.

use std::sync::Arc;

use helpdesk_domain::{
    AdminActor, AgentRef, Priority, Refusal, Status, Tags, TicketCommand, TicketId, TicketPatch, UserId,
};
use helpdesk_ports::{PageRequest, UserRepository};

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
}

/// What admins alone do with tickets.
pub struct AdminTickets {
    desk: Desk,
    users: Arc<dyn UserRepository>,
}

impl AdminTickets {
    pub(crate) fn new(desk: Desk, users: Arc<dyn UserRepository>) -> Self {
        Self { desk, users }
    }

    /// Changes fields, the assignee included.
    ///
    /// # Errors
    /// [`Refusal`]: no such ticket, closed, no such transition, or an assignee who is no active agent.
    pub async fn update(
        &self,
        by: AdminActor,
        id: TicketId,
        patch: AdminTicketPatch,
    ) -> Result<StaffTicketDetail, UseCaseError> {
        let AdminTicketPatch { status, priority, tags, assignee } = patch;
        let assignee = match assignee {
            Some(Some(agent)) => Some(Some(self.assignable(by, id, agent).await?)),
            Some(None) => Some(None),
            None => None,
        };
        let command = TicketCommand::Update(TicketPatch { status, priority, tags, assignee });
        let changed = self.desk.change(&by.into(), id, command).await?;
        Ok(staff::detail(changed.now))
    }

    /// The agent, if it can be given the ticket. That it still can when the change is written, is a precondition of the change.
    async fn assignable(
        &self,
        by: AdminActor,
        ticket: TicketId,
        agent: UserId,
    ) -> Result<AgentRef, UseCaseError> {
        if let Some(agent) = self.users.active_agent(by, agent).await? {
            return Ok(agent);
        }
        // Of a ticket that is not there, that is to be said first.
        self.desk.find(&by.into(), ticket, PageRequest::default()).await?;
        Err(Refusal::NotAssignable.into())
    }
}
