//! The ticket: its fields are private, and every change goes through [`Ticket::decide`], which takes the actor.

mod change;
mod decide;
mod opening;
mod queue;

pub use change::{Change, Outcome, Precondition, TicketCommand, TicketPatch};
pub use opening::{NewTicket, Opening};
pub use queue::QueueScope;

use crate::{
    Actor, AgentRef, Comment, CommentScope, Description, Person, Priority, Refusal, Status, Subject, Tags,
    TeamRef, TicketFacts, TicketId, Ts, Visibility,
};

/// Everything of a ticket, in the open: what a store writes and reads. It has no behaviour; [`Ticket`] has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRecord {
    /// Its id.
    pub id: TicketId,
    /// What it is about.
    pub subject: Subject,
    /// The requester's account of it.
    pub description: Description,
    /// Where it stands.
    pub status: Status,
    /// How urgent it is.
    pub priority: Priority,
    /// Internal.
    pub tags: Tags,
    /// Whose it is.
    pub requester: Person,
    /// Who works it.
    pub assignee: Option<AgentRef>,
    /// Which team it belongs to. Internal.
    pub team: TeamRef,
    /// The closed ticket that it follows up.
    pub follow_up_of: Option<TicketId>,
    /// Moves by one with every change. Internal: it would count what a customer may not know of.
    pub version: i64,
    /// Moves by one with every change that a customer may know of.
    pub public_version: i64,
    /// When it was opened.
    pub created_at: Ts,
    /// When anything changed last. Internal.
    pub updated_at: Ts,
    /// When anything changed last that a customer may know of.
    pub public_updated_at: Ts,
    /// When an agent first answered in public.
    pub first_responded_at: Option<Ts>,
    /// When it was resolved, unless it was reopened since.
    pub resolved_at: Option<Ts>,
    /// When it was closed, unless it was reopened since.
    pub closed_at: Option<Ts>,
    /// How often it went back from resolved or closed.
    pub reopen_count: i64,
}

/// A ticket. It does not serialise: [`crate::CustomerTicketView`] and [`crate::StaffTicketView`] are what callers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket(TicketRecord);

impl Ticket {
    /// A ticket as a store holds it.
    pub fn from_stored(record: TicketRecord) -> Self {
        Self(record)
    }

    /// All of it, for a store to write.
    pub fn record(&self) -> &TicketRecord {
        &self.0
    }

    pub(crate) fn into_record(self) -> TicketRecord {
        self.0
    }

    /// Its id.
    pub fn id(&self) -> TicketId {
        self.0.id
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        self.0.status
    }

    /// The version that moves with every change, internal ones included. Optimistic locking compares this one.
    pub fn version(&self) -> i64 {
        self.0.version
    }

    /// The version that a customer may know.
    pub fn public_version(&self) -> i64 {
        self.0.public_version
    }

    /// The version that this actor knows: what `If-Match` names.
    pub fn version_known_to(&self, actor: &Actor) -> i64 {
        match actor.scope().comments() {
            CommentScope::Everything => self.0.version,
            CommentScope::PublicOnly => self.0.public_version,
        }
    }

    /// Whether the ticket still is at the version that the actor has seen, as far as it may know. Nothing internal makes a
    /// customer's version old.
    ///
    /// # Errors
    /// [`Refusal::VersionMismatch`] with the version that it is at.
    pub fn expect_version(&self, actor: &Actor, seen: i64) -> Result<(), Refusal> {
        let current = self.version_known_to(actor);
        if seen == current { Ok(()) } else { Err(Refusal::VersionMismatch { current }) }
    }

    /// Whether this actor may open a ticket that follows this one up: it sees it, and it is closed.
    ///
    /// # Errors
    /// [`Refusal::NoFollowUp`], which does not say why: an unseen ticket is none.
    pub fn may_be_followed_up(&self, actor: &Actor) -> Result<(), Refusal> {
        let may = actor.scope().admits(&self.facts()) && self.0.status == Status::Closed;
        if may { Ok(()) } else { Err(Refusal::NoFollowUp) }
    }

    /// Whether the comment was there when the ticket was as it is. Whoever reads the ticket first and its comments after it may
    /// meet later ones; each of them has moved the time of change that it belongs to, or shares it.
    pub fn had(&self, comment: &Comment) -> bool {
        let changed_at = match comment.visibility() {
            Visibility::Public => self.0.public_updated_at,
            Visibility::Internal => self.0.updated_at,
        };
        comment.created_at() <= changed_at
    }

    /// What decides who may see it.
    pub fn facts(&self) -> TicketFacts {
        TicketFacts { requester: self.0.requester.id(), assignee: self.0.assignee.as_ref().map(AgentRef::id) }
    }
}
