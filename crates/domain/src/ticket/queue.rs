//! The queue: tickets that nobody works yet.

use super::Ticket;
use crate::{AgentActor, Status, UserId};

/// What an agent may see and take besides its own tickets. Only [`AgentActor::queue`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QueueScope(UserId);

impl AgentActor {
    /// The queue of the agent's teams.
    pub fn queue(self) -> QueueScope {
        QueueScope(self.id())
    }
}

impl QueueScope {
    /// Whose queue.
    pub const fn agent(&self) -> UserId {
        self.0
    }

    /// **The rule: which tickets are in the queue.** Those of the agent's teams that nobody works and that are not closed. A
    /// store knows whether the agent is a member of the ticket's team.
    pub fn lists(&self, ticket: &Ticket, is_member: bool) -> bool {
        self.reaches(is_member) && ticket.facts().assignee.is_none() && ticket.status() != Status::Closed
    }

    /// **The rule: which tickets an agent may try to claim.** Those of its teams, also those that somebody was faster to take:
    /// of them it learns that they are taken. A ticket of any other team does not exist.
    pub const fn reaches(&self, is_member: bool) -> bool {
        is_member
    }
}
