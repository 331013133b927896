use super::{ImportedComment, ImportedTicket};
use crate::{
    ActorKind, AgentRef, Event, EventActor, EventKind, FieldChange, NewComment, Person, Status, Tags,
    TeamRef, Ticket, TicketId, TicketRecord, Ts, UserId, Visibility,
};

/// Where an imported ticket comes to stand: what the accounts, the team and the other ticket that it names are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id here.
    pub id: TicketId,
    /// Whose it is.
    pub requester: Person,
    /// Who works it: see [`ImportedTicket::may_be_worked_by`].
    pub assignee: Option<AgentRef>,
    /// Which team it belongs to.
    pub team: TeamRef,
    /// The ticket that it follows up.
    pub follow_up_of: Option<TicketId>,
}

/// An event of an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The event.
    pub event: Event,
    /// The ticket's version behind it.
    pub version: i64,
    /// The ticket's public version behind it.
    pub public_version: i64,
}

/// A ticket that is being written, or written on, from what was told elsewhere, with the events that tell of it. Only this
/// makes history of what nobody decided here.
///
/// An imported ticket begins as one that its requester opened in its team. The help desk itself has moved it to where it
/// stands, at the times that were told; then come its comments. So its events lead to what it is, like anybody's, but for how
/// often it was reopened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    ticket: Ticket,
    told: Vec<Told>,
}

/// Who moved it.
const ITSELF: EventActor = EventActor { kind: ActorKind::System, id: None };

impl Arrival {
    /// A ticket that is new here.
    pub fn of_new(ticket: &ImportedTicket, place: Place) -> Self {
        let from = ticket.told().clone();
        let requester = place.requester.id();
        let moves = moves(ticket, place.assignee.as_ref());
        let mut arrival = Self {
            ticket: Ticket::from_stored(TicketRecord {
                id: place.id,
                subject: from.subject,
                description: from.description,
                status: from.status,
                priority: from.priority,
                tags: from.tags,
                requester: place.requester,
                assignee: place.assignee,
                team: place.team,
                follow_up_of: place.follow_up_of,
                version: 0,
                public_version: 0,
                created_at: from.created_at,
                updated_at: from.updated_at,
                public_updated_at: from.public_updated_at,
                first_responded_at: from.first_responded_at,
                resolved_at: from.resolved_at,
                closed_at: from.closed_at,
                reopen_count: from.reopen_count,
            }),
            told: Vec::new(),
        };
        let by = EventActor { kind: ActorKind::Customer, id: Some(requester) };
        arrival.tell(EventKind::Created, Visibility::Public, by, from.created_at, Vec::new());
        for (visibility, at, changes) in moves {
            arrival.tell(EventKind::Updated, visibility, ITSELF, at, changes);
        }
        arrival
    }

    /// A ticket that was imported before, and is as it is by now: more of its comments are to be written.
    pub fn of_known(ticket: Ticket) -> Self {
        Self { ticket, told: Vec::new() }
    }

    /// Adds a comment of the ticket by this account, with its event. The event is the last of [`Arrival::told`].
    pub fn add(&mut self, comment: &ImportedComment, author: UserId) -> NewComment {
        let comment = comment.by(author);
        let by = EventActor { kind: comment.author_role.into(), id: Some(author) };
        self.tell(EventKind::Commented, comment.visibility, by, comment.created_at, Vec::new());
        comment
    }

    fn tell(
        &mut self,
        kind: EventKind,
        visibility: Visibility,
        actor: EventActor,
        at: Ts,
        changes: Vec<FieldChange>,
    ) {
        let mut record = self.ticket.record().clone();
        record.version += 1;
        // Never back: the ticket may have gone on here.
        record.updated_at = record.updated_at.max(at);
        if visibility == Visibility::Public {
            record.public_version += 1;
            record.public_updated_at = record.public_updated_at.max(at);
        }
        self.told.push(Told {
            event: Event { kind, visibility, actor, at, changes },
            version: record.version,
            public_version: record.public_version,
        });
        self.ticket = Ticket::from_stored(record);
    }

    /// The ticket, with everything that was added to it.
    pub fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// What is to be written of its history.
    pub fn told(&self) -> &[Told] {
        &self.told
    }
}

/// How a ticket that was opened came to stand where it stands.
fn moves(ticket: &ImportedTicket, assignee: Option<&AgentRef>) -> Vec<(Visibility, Ts, Vec<FieldChange>)> {
    let told = ticket.told();
    let mut status = Status::Open;
    let mut to = |to: Status| FieldChange::Status { from: std::mem::replace(&mut status, to), to };
    let mut public = match (told.status, told.resolved_at, told.closed_at) {
        (Status::Closed, Some(resolved_at), Some(closed_at)) => {
            vec![(resolved_at, vec![to(Status::Resolved)]), (closed_at, vec![to(Status::Closed)])]
        }
        (Status::Closed | Status::Resolved, Some(at), None) | (Status::Closed, None, Some(at)) => {
            vec![(at, vec![to(told.status)])]
        }
        (Status::Open, ..) => Vec::new(),
        (other, ..) => vec![(told.public_updated_at, vec![to(other)])],
    };
    if let Some(agent) = assignee {
        if public.is_empty() {
            public.push((told.public_updated_at, Vec::new()));
        }
        public[0].1.push(FieldChange::Assignee { from: None, to: Some(agent.clone()) });
    }
    let mut moves: Vec<_> =
        public.into_iter().map(|(at, changes)| (Visibility::Public, at, changes)).collect();
    if !told.tags.is_empty() {
        let change = FieldChange::Tags { from: Tags::default(), to: told.tags.clone() };
        moves.push((Visibility::Internal, told.updated_at, vec![change]));
    }
    moves
}
