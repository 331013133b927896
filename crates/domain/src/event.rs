//! Events: a ticket's history, its change feed and the outbox of notifications, in one.

use crate::{
    Actor, ActorKind, AgentRef, CommentId, EventId, EventKind, Priority, Status, Tags, TeamRef, Ts, UserId,
    Visibility,
};

/// One field's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldChange {
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
    /// Who works the ticket.
    Assignee {
        /// Before, under the name of that moment.
        from: Option<AgentRef>,
        /// After, under the name of that moment.
        to: Option<AgentRef>,
    },
    /// The tags.
    Tags {
        /// Before.
        from: Tags,
        /// After.
        to: Tags,
    },
    /// The team.
    Team {
        /// Before, under the name of that moment.
        from: TeamRef,
        /// After, under the name of that moment.
        to: TeamRef,
    },
}

impl FieldChange {
    /// The field's name.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Priority { .. } => "priority",
            Self::Assignee { .. } => "assignee",
            Self::Tags { .. } => "tags",
            Self::Team { .. } => "team",
        }
    }

    /// **The rule: which fields a customer may know of.** A public field's change moves the public version and change time.
    pub const fn visibility(&self) -> Visibility {
        match self {
            Self::Status { .. } | Self::Priority { .. } | Self::Assignee { .. } => Visibility::Public,
            Self::Tags { .. } | Self::Team { .. } => Visibility::Internal,
        }
    }
}

/// Who made an event happen, as history shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventActor {
    /// What kind of actor it was at that moment.
    pub kind: ActorKind,
    /// The account; none for the help desk itself.
    pub id: Option<UserId>,
}

impl From<&Actor> for EventActor {
    fn from(actor: &Actor) -> Self {
        Self { kind: actor.kind(), id: actor.id() }
    }
}

/// An event that was decided on and has no id yet. A change of public and internal things makes two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub(crate) kind: EventKind,
    pub(crate) visibility: Visibility,
    pub(crate) actor: EventActor,
    pub(crate) at: Ts,
    pub(crate) changes: Vec<FieldChange>,
}

impl Event {
    /// What happened.
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// Who may know of it.
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// Who did it.
    pub fn actor(&self) -> EventActor {
        self.actor
    }

    /// When.
    pub fn at(&self) -> Ts {
        self.at
    }

    /// Which fields changed, and how; each of the event's own visibility.
    pub fn changes(&self) -> &[FieldChange] {
        &self.changes
    }
}

/// An event as history holds it. It does not serialise: [`crate::CustomerEventView`] and [`crate::StaffEventView`] are what
/// callers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// Its id.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// Who may know of it.
    pub visibility: Visibility,
    /// Who did it.
    pub actor: EventActor,
    /// The name that the actor's account has today; none for the help desk itself.
    pub actor_name: Option<String>,
    /// When.
    pub at: Ts,
    /// Which fields changed, and how.
    pub changes: Vec<FieldChange>,
    /// The comment that it tells of.
    pub comment: Option<CommentId>,
}
