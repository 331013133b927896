//! Opening a ticket.

use crate::{
    Actor, CustomerActor, Description, Event, EventKind, Person, Priority, Status, Subject, Tags, TeamRef,
    Ticket, TicketId, TicketRecord, Ts, UserId, Visibility,
};

/// What a customer says of a new ticket. Everything else is not the customer's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTicket {
    /// What it is about.
    pub subject: Subject,
    /// All that there is to say.
    pub description: Description,
    /// How urgent it is.
    pub priority: Priority,
    /// The closed ticket that it follows up; see [`Ticket::may_be_followed_up`].
    pub follow_up_of: Option<TicketId>,
}

/// A ticket that was decided on and has no id yet, with the event that tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    requester: UserId,
    draft: NewTicket,
    at: Ts,
    event: Event,
}

impl Ticket {
    /// A customer opens a ticket: the requester is always the caller.
    pub fn open(customer: &CustomerActor, draft: NewTicket, now: Ts) -> Opening {
        let event = Event {
            kind: EventKind::Created,
            visibility: Visibility::Public,
            actor: (&Actor::from(*customer)).into(),
            at: now,
            changes: Vec::new(),
        };
        Opening { requester: customer.id(), draft, at: now, event }
    }
}

impl Opening {
    /// Whose ticket it will be.
    pub fn requester(&self) -> UserId {
        self.requester
    }

    /// What the customer says of it.
    pub fn draft(&self) -> &NewTicket {
        &self.draft
    }

    /// The event to write with it.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The ticket, once the store has given it an id and knows the names of its requester and its team.
    pub fn into_ticket(self, id: TicketId, requester: Person, team: TeamRef) -> Ticket {
        Ticket::from_stored(TicketRecord {
            id,
            subject: self.draft.subject,
            description: self.draft.description,
            status: Status::Open,
            priority: self.draft.priority,
            tags: Tags::default(),
            requester,
            assignee: None,
            team,
            follow_up_of: self.draft.follow_up_of,
            version: 1,
            public_version: 1,
            created_at: self.at,
            updated_at: self.at,
            public_updated_at: self.at,
            first_responded_at: None,
            resolved_at: None,
            closed_at: None,
            reopen_count: 0,
        })
    }
}
