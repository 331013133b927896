//! What can be asked of a ticket, and what comes of it.

use crate::{
    AgentRef, CommentDraft, Event, NewComment, Priority, Status, Tags, TeamId, TeamRef, Ticket, UserId,
};

/// What an actor asks of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketCommand {
    /// Change fields.
    Update(TicketPatch),
    /// Write a comment.
    Comment(CommentDraft),
}

impl TicketCommand {
    /// What to decide instead, where a precondition does not hold that the caller did not ask for: a ticket that is
    /// reopened when its agent is no active one any more goes to its team's queue.
    pub fn instead(&self, unmet: Precondition) -> Option<Self> {
        match (self, unmet) {
            (Self::Update(patch), Precondition::ActiveAgent(_)) if patch.assignee.is_none() => {
                Some(Self::Update(TicketPatch { assignee: Some(None), ..patch.clone() }))
            }
            _ => None,
        }
    }
}

/// The fields to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketPatch {
    /// The new status.
    pub status: Option<Status>,
    /// The new priority.
    pub priority: Option<Priority>,
    /// All tags from now on.
    pub tags: Option<Tags>,
    /// Who works it from now on; `Some(None)` is nobody.
    pub assignee: Option<Option<AgentRef>>,
    /// The team it belongs to from now on.
    pub team: Option<TeamRef>,
}

impl TicketPatch {
    /// Whether it names no field.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What must hold across rows when a change is committed. A store checks it under row locks, in the change's transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precondition {
    /// This account is an agent and active.
    ActiveAgent(UserId),
    /// Some admin other than this account is active and has a password.
    AnotherAdminRemains(UserId),
    /// This account is an agent, active or not.
    Agent(UserId),
    /// This team exists.
    TeamExists(TeamId),
    /// This account is an active agent and a member of the team.
    ActiveMember(TeamId, UserId),
}

/// What a command comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing would change: no new version, no event, nothing to write.
    Unchanged,
    /// This is to be written, whole or not at all.
    Changed(Box<Change>),
}

/// A decided change of a ticket. Only [`Ticket::decide`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub(crate) base_version: i64,
    pub(crate) ticket: Ticket,
    pub(crate) comment: Option<NewComment>,
    pub(crate) events: Vec<Event>,
    pub(crate) preconditions: Vec<Precondition>,
}

impl Change {
    /// The version of the ticket that was decided upon. A store writes only where it still stands.
    pub fn base_version(&self) -> i64 {
        self.base_version
    }

    /// The ticket as it will be.
    pub fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// The comment to write, if any.
    pub fn comment(&self) -> Option<&NewComment> {
        self.comment.as_ref()
    }

    /// What happened: one event, or two where both public and internal things change.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What must hold across rows.
    pub fn preconditions(&self) -> &[Precondition] {
        &self.preconditions
    }
}
