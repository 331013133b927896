//! What callers see. Answers are made from these alone.

use crate::{
    ActorKind, AgentRef, Comment, CommentAuthor, CommentBody, CommentId, Description, EventActor, EventId,
    EventKind, EventRecord, FieldChange, Person, Priority, Status, Subject, Tags, TeamRef, Ticket, TicketId,
    Ts, Visibility,
};

/// A ticket as its requester sees it. There is no field here that could hold anything internal: the version and the change
/// time are the public ones, and of the assignee there is the name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerTicketView {
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
    /// The requester, which is the one who looks.
    pub requester: Person,
    /// The name of who works it.
    pub assignee_name: Option<String>,
    /// The closed ticket that it follows up.
    pub follow_up_of: Option<TicketId>,
    /// The public version.
    pub version: i64,
    /// When it was opened.
    pub created_at: Ts,
    /// When anything public changed last.
    pub updated_at: Ts,
    /// When an agent first answered.
    pub first_responded_at: Option<Ts>,
    /// When it was resolved.
    pub resolved_at: Option<Ts>,
    /// When it was closed.
    pub closed_at: Option<Ts>,
    /// How often it was reopened.
    pub reopen_count: i64,
}

impl From<Ticket> for CustomerTicketView {
    fn from(ticket: Ticket) -> Self {
        let record = ticket.into_record();
        Self {
            id: record.id,
            subject: record.subject,
            description: record.description,
            status: record.status,
            priority: record.priority,
            requester: record.requester,
            assignee_name: record.assignee.map(|agent| agent.name().to_owned()),
            follow_up_of: record.follow_up_of,
            version: record.public_version,
            created_at: record.created_at,
            updated_at: record.public_updated_at,
            first_responded_at: record.first_responded_at,
            resolved_at: record.resolved_at,
            closed_at: record.closed_at,
            reopen_count: record.reopen_count,
        }
    }
}

/// A ticket as agents and admins see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffTicketView {
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
    /// The tags.
    pub tags: Tags,
    /// Whose it is, with name and e-mail.
    pub requester: Person,
    /// Who works it.
    pub assignee: Option<AgentRef>,
    /// Which team it belongs to.
    pub team: TeamRef,
    /// The closed ticket that it follows up.
    pub follow_up_of: Option<TicketId>,
    /// The version that moves with every change.
    pub version: i64,
    /// When it was opened.
    pub created_at: Ts,
    /// When anything changed last.
    pub updated_at: Ts,
    /// When an agent first answered in public.
    pub first_responded_at: Option<Ts>,
    /// When it was resolved.
    pub resolved_at: Option<Ts>,
    /// When it was closed.
    pub closed_at: Option<Ts>,
    /// How often it was reopened.
    pub reopen_count: i64,
}

impl From<Ticket> for StaffTicketView {
    fn from(ticket: Ticket) -> Self {
        let record = ticket.into_record();
        Self {
            id: record.id,
            subject: record.subject,
            description: record.description,
            status: record.status,
            priority: record.priority,
            tags: record.tags,
            requester: record.requester,
            assignee: record.assignee,
            team: record.team,
            follow_up_of: record.follow_up_of,
            version: record.version,
            created_at: record.created_at,
            updated_at: record.updated_at,
            first_responded_at: record.first_responded_at,
            resolved_at: record.resolved_at,
            closed_at: record.closed_at,
            reopen_count: record.reopen_count,
        }
    }
}

/// A comment as the ticket's requester sees it. That it is public goes without saying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerCommentView {
    /// Its id.
    pub id: CommentId,
    /// Who wrote it.
    pub author: CommentAuthor,
    /// What it says.
    pub body: CommentBody,
    /// When it was written.
    pub created_at: Ts,
}

impl CustomerCommentView {
    /// The view of a public comment; of an internal one there is none.
    pub fn of(comment: Comment) -> Option<Self> {
        let (id, author, body, visibility, created_at) = comment.into_parts();
        match visibility {
            Visibility::Public => Some(Self { id, author, body, created_at }),
            Visibility::Internal => None,
        }
    }
}

/// A comment as agents and admins see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffCommentView {
    /// Its id.
    pub id: CommentId,
    /// Who wrote it.
    pub author: CommentAuthor,
    /// What it says.
    pub body: CommentBody,
    /// Who may read it.
    pub visibility: Visibility,
    /// When it was written.
    pub created_at: Ts,
}

impl From<Comment> for StaffCommentView {
    fn from(comment: Comment) -> Self {
        let (id, author, body, visibility, created_at) = comment.into_parts();
        Self { id, author, body, visibility, created_at }
    }
}

/// A field's change as the ticket's requester sees it. There is no variant for a field that is internal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerFieldChange {
    /// The status.
    Status {
        /// Before.
        from: Status,
        /// After.
        to: Status,
    },
    /// The priority.
    Priority {
        /// Before.
        from: Priority,
        /// After.
        to: Priority,
    },
    /// Who works the ticket, by name alone.
    Assignee {
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
}

impl CustomerFieldChange {
    fn of(change: FieldChange) -> Option<Self> {
        let name = |agent: Option<AgentRef>| agent.map(|agent| agent.name().to_owned());
        match change {
            FieldChange::Status { from, to } => Some(Self::Status { from, to }),
            FieldChange::Priority { from, to } => Some(Self::Priority { from, to }),
            FieldChange::Assignee { from, to } => Some(Self::Assignee { from: name(from), to: name(to) }),
            FieldChange::Tags { .. } | FieldChange::Team { .. } => None,
        }
    }
}

/// An event as the ticket's requester sees it. That it is public goes without saying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerEventView {
    /// Its id.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// What kind of actor did it.
    pub actor_kind: ActorKind,
    /// The actor's name; none for the help desk itself.
    pub actor_name: Option<String>,
    /// When.
    pub at: Ts,
    /// Which fields changed, and how.
    pub changes: Vec<CustomerFieldChange>,
    /// The comment that it tells of.
    pub comment: Option<CommentId>,
}

impl CustomerEventView {
    /// The view of a public event; of an internal one there is none.
    pub fn of(event: EventRecord) -> Option<Self> {
        match event.visibility {
            Visibility::Public => Some(Self {
                id: event.id,
                kind: event.kind,
                actor_kind: event.actor.kind,
                actor_name: event.actor_name,
                at: event.at,
                changes: event.changes.into_iter().filter_map(CustomerFieldChange::of).collect(),
                comment: event.comment,
            }),
            Visibility::Internal => None,
        }
    }
}

/// An event as agents and admins see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffEventView {
    /// Its id.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// Who may know of it.
    pub visibility: Visibility,
    /// Who did it.
    pub actor: EventActor,
    /// The actor's name; none for the help desk itself.
    pub actor_name: Option<String>,
    /// When.
    pub at: Ts,
    /// Which fields changed, and how.
    pub changes: Vec<FieldChange>,
    /// The comment that it tells of.
    pub comment: Option<CommentId>,
}

impl From<EventRecord> for StaffEventView {
    fn from(event: EventRecord) -> Self {
        let EventRecord { id, kind, visibility, actor, actor_name, at, changes, comment } = event;
        Self { id, kind, visibility, actor, actor_name, at, changes, comment }
    }
}
