//! Tickets, with their comments and events.

use std::collections::BTreeMap;

use async_trait::async_trait;
use helpdesk_domain::{
    Change, Comment, CommentId, CommentScope, EventId, EventRecord, Opening, Outcome, Precondition,
    QueueScope, Refusal, Scope, SystemActor, Ticket, TicketId, Ts,
};

use crate::{Once, Page, PageRequest, StoreError, TicketFilter, WrittenOnce};

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// The change time that the scope may know (for a customer the public one), then the id.
    UpdatedAt,
    /// The order of creation, which is the order of ids.
    CreatedAt,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Oldest first.
    Ascending,
    /// Newest first.
    Descending,
}

/// How a list of tickets is sorted; by default, what changed last comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TicketSort {
    /// By what.
    pub key: SortKey,
    /// Which way. Ids go the same way.
    pub direction: Direction,
}

impl Default for TicketSort {
    fn default() -> Self {
        Self { key: SortKey::UpdatedAt, direction: Direction::Descending }
    }
}

/// A place in a list of tickets. In a list in ascending order each is greater than those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketPosition {
    /// In a list by [`SortKey::UpdatedAt`].
    UpdatedAt(Ts, TicketId),
    /// In a list by [`SortKey::CreatedAt`].
    CreatedAt(TicketId),
}

impl TicketPosition {
    /// Where this ticket stands in the scope's list. A customer's position is made of public values alone.
    pub fn of(ticket: &Ticket, scope: Scope, key: SortKey) -> Self {
        let record = ticket.record();
        match (key, scope.comments()) {
            (SortKey::CreatedAt, CommentScope::PublicOnly | CommentScope::Everything) => {
                Self::CreatedAt(record.id)
            }
            (SortKey::UpdatedAt, CommentScope::PublicOnly) => {
                Self::UpdatedAt(record.public_updated_at, record.id)
            }
            (SortKey::UpdatedAt, CommentScope::Everything) => Self::UpdatedAt(record.updated_at, record.id),
        }
    }

    /// The list it belongs to.
    pub fn key(&self) -> SortKey {
        match self {
            Self::UpdatedAt(..) => SortKey::UpdatedAt,
            Self::CreatedAt(_) => SortKey::CreatedAt,
        }
    }
}

/// Which tickets are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketQuery {
    /// What narrows them.
    pub filter: TicketFilter,
    /// In which order.
    pub sort: TicketSort,
    /// Which page. A position of another sort key is [`StoreError::Fault`]: the caller's to rule out.
    pub page: PageRequest<TicketPosition>,
}

/// A place among the comments of a ticket, which are in the order of (when written, id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommentPosition {
    /// When it was written.
    pub created_at: Ts,
    /// Its id.
    pub id: CommentId,
}

impl CommentPosition {
    /// Where this comment stands.
    pub fn of(comment: &Comment) -> Self {
        Self { created_at: comment.created_at(), id: comment.id() }
    }
}

/// A place in the history of a ticket, which is in the order of (when, id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventPosition {
    /// When it happened.
    pub at: Ts,
    /// Its id.
    pub id: EventId,
}

impl EventPosition {
    /// Where this event stands.
    pub fn of(event: &EventRecord) -> Self {
        Self { at: event.at, id: event.id }
    }
}

/// A ticket with a page of those of its comments that the scope admits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketWithComments {
    /// The ticket.
    pub ticket: Ticket,
    /// Its comments.
    pub comments: Page<Comment, CommentPosition>,
}

/// A change that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The ticket as it is now.
    pub ticket: Ticket,
    /// The comment that the change wrote, with its id.
    pub comment: Option<Comment>,
}

/// What came of committing a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commit {
    /// It was written, whole.
    Done(Box<Committed>),
    /// The ticket is no longer at the version that was decided upon, or is gone. Nothing was written.
    Stale,
    /// This does not hold. Nothing was written.
    Unmet(Precondition),
}

/// A decision about a ticket, to be made where the ticket is locked.
pub type Decide = Box<dyn FnOnce(&Ticket) -> Result<Outcome, Refusal> + Send>;

/// A decision about each of several tickets, to be made where they are locked. It is told which of its preconditions turned out
/// not to hold for this ticket, in the order in which they did: at first none.
pub type DecideEach = Box<dyn Fn(&Ticket, &[Precondition]) -> Result<Outcome, Refusal> + Send>;

/// What came of deciding about several tickets: what each is now, changed or not, or why it stays as it is.
pub type Decided = BTreeMap<TicketId, Result<Ticket, Refusal>>;

/// What came of deciding under the row's lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockedCommit {
    /// The rules refused. Nothing was written.
    Refused(Refusal),
    /// Nothing was to be written.
    Unchanged(Box<TicketWithComments>),
    /// It was written, whole; the first page of comments is as it is now.
    Done {
        /// The ticket, and its comments as they are now.
        now: Box<TicketWithComments>,
        /// The comment that the change wrote.
        comment: Option<Box<Comment>>,
    },
    /// This does not hold. Nothing was written.
    Unmet(Precondition),
}

/// The tickets.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TicketRepository: Send + Sync {
    /// A ticket, if the scope admits it, with the page of its comments. The ticket is read first: a change between the
    /// two reads shows in its version.
    async fn find(
        &self,
        scope: Scope,
        id: TicketId,
        comments: PageRequest<CommentPosition>,
    ) -> Result<Option<TicketWithComments>, StoreError>;

    /// A page of the tickets that both scope and filter admit.
    async fn list(
        &self,
        scope: Scope,
        query: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError>;

    /// A page of the comments that the scope admits, oldest first; `None` if it does not admit the ticket.
    async fn comments(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<Page<Comment, CommentPosition>>, StoreError>;

    /// A page of the events that the scope admits, oldest first, each with the name that its actor has today; `None` if it does
    /// not admit the ticket.
    async fn history(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<EventPosition>,
    ) -> Result<Option<Page<EventRecord, EventPosition>>, StoreError>;

    /// A page of the tickets that both the queue ([`QueueScope::lists`]) and the filter admit, sorted as staff's lists are.
    async fn queue(
        &self,
        queue: QueueScope,
        query: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError>;

    /// A ticket that the agent may try to claim ([`QueueScope::reaches`]).
    async fn claimable(&self, queue: QueueScope, id: TicketId) -> Result<Option<Ticket>, StoreError>;

    /// Closes up to `most` of the tickets that were resolved before that moment, longest ago first, each by
    /// [`Ticket::close_by_itself`] with its events, in one transaction; how many. A ticket that somebody else holds is passed
    /// over, so that any number of processes may do this at once, and none waits for another.
    async fn close_resolved(
        &self,
        by: SystemActor,
        resolved_before: Ts,
        now: Ts,
        most: usize,
    ) -> Result<usize, StoreError>;

    /// Writes a new ticket and its event, in one transaction, and gives it its id and the default team.
    async fn open(&self, opening: Opening) -> Result<Ticket, StoreError>;

    /// The same once: see [`IdempotencyRepository`](crate::IdempotencyRepository).
    async fn open_once(
        &self,
        opening: Opening,
        once: Once<Ticket>,
    ) -> Result<WrittenOnce<Ticket>, StoreError>;

    /// Writes ticket, comment and events in one transaction, where the ticket's version still is
    /// [`Change::base_version`] and every precondition holds (checked under row locks that last until the commit).
    /// Public comments and events get odd ids, internal ones even, each kind from a sequence of its own.
    async fn commit(&self, change: Change) -> Result<Commit, StoreError>;

    /// The same once, for a change that brings a comment, which is what is answered with: see
    /// [`IdempotencyRepository`](crate::IdempotencyRepository). A change without one is [`StoreError::Fault`].
    async fn commit_once(
        &self,
        change: Change,
        once: Once<Comment>,
    ) -> Result<WrittenOnce<Commit>, StoreError>;

    /// Locks the ticket, lets `decide` decide about it as it is now, and commits what it decided, in one transaction.
    /// `None` if the scope does not admit the ticket. For when others were faster too often.
    async fn decide_locked(
        &self,
        scope: Scope,
        id: TicketId,
        decide: Decide,
    ) -> Result<Option<LockedCommit>, StoreError>;

    /// The same once, where what is decided brings a comment: see [`TicketRepository::commit_once`].
    async fn decide_locked_once(
        &self,
        scope: Scope,
        id: TicketId,
        decide: Decide,
        once: Once<Comment>,
    ) -> Result<WrittenOnce<Option<LockedCommit>>, StoreError>;

    /// Locks those of the tickets that the scope admits, lets `decide` decide about each as it is now, and commits what it decided,
    /// all in one transaction. What the scope does not admit is neither locked nor in the result. A ticket for which the decision
    /// is a refusal harms no other.
    ///
    /// Where a precondition does not hold, `decide` is asked about that ticket again and told so, and it MUST NOT ask for that one
    /// again, which is [`StoreError::Fault`]; so is a decision to write a comment. It may be asked about a ticket more often than
    /// that, and what counts is its last word.
    ///
    /// MUST take as many statements for a hundred tickets as for one, and MUST NOT end in a deadlock with a like call, in whatever
    /// order each names its tickets.
    async fn decide_many(
        &self,
        scope: Scope,
        ids: Vec<TicketId>,
        decide: DecideEach,
    ) -> Result<Decided, StoreError>;
}
