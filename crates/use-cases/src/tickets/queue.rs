//! What agents do with the queue of their teams.

use std::sync::Arc;

use helpdesk_domain::{
    AccountsActor, AgentActor, AgentRef, Outcome, Precondition, Refusal, StaffTicketView, SystemActor,
    Ticket, TicketId, Ts,
};
use helpdesk_ports::{
    Cause, Commit, Page, PageRequest, StoreError, TicketPosition, TicketQuery, UserRepository,
};

use super::{Desk, StaffTicketDetail, staff};
use crate::UseCaseError;
use crate::error::refusal_of;

/// How often taking or putting back is decided anew when the ticket changed meanwhile. Each time somebody else got something
/// done.
const TRIES: usize = 20;

/// The queue of an agent's teams.
pub struct Queue {
    desk: Desk,
    users: Arc<dyn UserRepository>,
}

impl Queue {
    pub(crate) fn new(desk: Desk, users: Arc<dyn UserRepository>) -> Self {
        Self { desk, users }
    }

    /// A page of the tickets of the agent's teams that nobody works.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn list(
        &self,
        by: AgentActor,
        query: TicketQuery,
    ) -> Result<Page<StaffTicketView, TicketPosition>, UseCaseError> {
        Ok(self.desk.tickets.queue(by.queue(), query).await?.map(StaffTicketView::from))
    }

    /// The agent takes a ticket of one of its teams. Of many at once one does.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if it is of no team of the agent's; [`Refusal::AlreadyClaimed`], [`Refusal::TicketClosed`].
    pub async fn claim(&self, by: AgentActor, id: TicketId) -> Result<StaffTicketDetail, UseCaseError> {
        let me = self.own_name(by).await?;
        let load = async || Ok(self.desk.tickets.claimable(by.queue(), id).await?);
        self.change(load, |ticket, now| ticket.claim(by, &me, now)).await?;
        // Its comments are the agent's to see from now on.
        Ok(staff::detail(self.desk.find(&by.into(), id, PageRequest::default()).await?))
    }

    /// The agent puts a ticket of its own back into its team's queue.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`], [`Refusal::TicketClosed`].
    pub async fn release(&self, by: AgentActor, id: TicketId) -> Result<(), UseCaseError> {
        let load = async || {
            let found = self.desk.tickets.find(by.scope(), id, PageRequest::default()).await?;
            Ok(found.map(|found| found.ticket))
        };
        self.change(load, |ticket, now| ticket.release(by, now)).await
    }

    /// The name under which the agent stands in the ticket's events.
    async fn own_name(&self, by: AgentActor) -> Result<AgentRef, UseCaseError> {
        let system = AccountsActor::from(SystemActor::outside_any_request());
        Ok(self.users.active_agent(system, by.id()).await?.ok_or(Refusal::NotVisible)?)
    }

    async fn change(
        &self,
        load: impl AsyncFn() -> Result<Option<Ticket>, UseCaseError>,
        decide: impl Fn(&Ticket, Ts) -> Result<Outcome, Refusal>,
    ) -> Result<(), UseCaseError> {
        for _ in 0..TRIES {
            let ticket = load().await?.ok_or(Refusal::NotVisible)?;
            let change = match decide(&ticket, self.desk.clock.now())? {
                Outcome::Unchanged => return Ok(()),
                Outcome::Changed(change) => change,
            };
            match self.desk.tickets.commit(*change).await {
                Ok(Commit::Done(_)) => return Ok(()),
                // Taken out of the team since: the ticket is not there any more.
                Ok(Commit::Unmet(Precondition::ActiveMember(..))) => return Err(Refusal::NotVisible.into()),
                Ok(Commit::Unmet(unmet)) => return Err(refusal_of(unmet).into()),
                Ok(Commit::Stale) | Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict(Cause::new("the ticket kept changing")).into())
    }
}
