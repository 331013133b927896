//! The one way in which a ticket is changed: load in scope, decide, commit.

use std::sync::Arc;

use helpdesk_domain::{
    Actor, Change, Comment, CommentDraft, EventRecord, Outcome, Precondition, Refusal, Ticket, TicketCommand,
    TicketId, Ts,
};
use helpdesk_ports::{
    Cause, Clock, CommentPosition, Commit, DecideEach, Decided, EventPosition, LockedCommit, Once, Page,
    PageRequest, StoreError, TicketPosition, TicketQuery, TicketRepository, TicketWithComments, WrittenOnce,
};

use crate::error::refusal_of;
use crate::once::KeptAnswers;
use crate::{Done, OnceRequest, UseCaseError};

/// How often a change is decided anew when others were faster, before it is decided under the row's lock.
const OPTIMISTIC_TRIES: usize = 3;

/// The tickets, the answers that are kept, and the time. Who uses it must turn what it gives into views.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(super) tickets: Arc<dyn TicketRepository>,
    pub(super) answers: KeptAnswers,
    pub(super) clock: Arc<dyn Clock>,
}

/// A ticket after a command, with the comments as they were when it was decided.
pub(super) struct Changed {
    pub(super) now: TicketWithComments,
    /// The comment that the command wrote.
    pub(super) comment: Option<Comment>,
}

/// The one place where a command meets a ticket. Whether the caller is up to date comes first: also a command that would change
/// nothing tells whether it is.
fn decide(
    ticket: &Ticket,
    actor: &Actor,
    command: TicketCommand,
    seen: Option<i64>,
    now: Ts,
) -> Result<Outcome, Refusal> {
    if let Some(seen) = seen {
        ticket.expect_version(actor, seen)?;
    }
    ticket.decide(actor, command, now)
}

impl Desk {
    pub(crate) fn new(
        tickets: Arc<dyn TicketRepository>,
        answers: KeptAnswers,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { tickets, answers, clock }
    }

    pub(super) async fn list(
        &self,
        actor: &Actor,
        query: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, UseCaseError> {
        Ok(self.tickets.list(actor.scope(), query).await?)
    }

    pub(super) async fn find(
        &self,
        actor: &Actor,
        id: TicketId,
        comments: PageRequest<CommentPosition>,
    ) -> Result<TicketWithComments, UseCaseError> {
        Ok(self.tickets.find(actor.scope(), id, comments).await?.ok_or(Refusal::NotVisible)?)
    }

    pub(super) async fn comments(
        &self,
        actor: &Actor,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Page<Comment, CommentPosition>, UseCaseError> {
        Ok(self.tickets.comments(actor.scope(), id, page).await?.ok_or(Refusal::NotVisible)?)
    }

    pub(super) async fn history(
        &self,
        actor: &Actor,
        id: TicketId,
        page: PageRequest<EventPosition>,
    ) -> Result<Page<EventRecord, EventPosition>, UseCaseError> {
        Ok(self.tickets.history(actor.scope(), id, page).await?.ok_or(Refusal::NotVisible)?)
    }

    /// Carries a command out, if the ticket still is at the version that the caller has seen. When others keep being faster it is decided under the row's lock in the end, so that no one
    /// else's act, above all no internal one, ever surfaces as an error.
    pub(super) async fn change(
        &self,
        actor: &Actor,
        id: TicketId,
        command: TicketCommand,
        seen: Option<i64>,
    ) -> Result<Changed, UseCaseError> {
        match self.carry_out(actor, id, command, seen, None).await? {
            WrittenOnce::Ran(changed) => Ok(changed),
            WrittenOnce::KeyTaken => Err(fault("no key was given, and it is taken")),
        }
    }

    /// The same, once where that is asked for.
    async fn carry_out(
        &self,
        actor: &Actor,
        id: TicketId,
        mut command: TicketCommand,
        seen: Option<i64>,
        once: Option<&Once<Comment>>,
    ) -> Result<WrittenOnce<Changed>, UseCaseError> {
        for _ in 0..OPTIMISTIC_TRIES {
            let loaded = self.find(actor, id, PageRequest::default()).await?;
            let change = match decide(&loaded.ticket, actor, command.clone(), seen, self.clock.now())? {
                Outcome::Unchanged => return Ok(WrittenOnce::Ran(Changed { now: loaded, comment: None })),
                Outcome::Changed(change) => change,
            };
            match self.commit(*change, once).await {
                Ok(WrittenOnce::KeyTaken) => return Ok(WrittenOnce::KeyTaken),
                Ok(WrittenOnce::Ran(Commit::Done(committed))) => {
                    // The version held, so nobody wrote a comment since these were read.
                    let now = TicketWithComments { ticket: committed.ticket, comments: loaded.comments };
                    return Ok(WrittenOnce::Ran(Changed { now, comment: committed.comment }));
                }
                Ok(WrittenOnce::Ran(Commit::Unmet(unmet))) => {
                    command = command.instead(unmet).ok_or_else(|| refusal_of(unmet))?;
                }
                Ok(WrittenOnce::Ran(Commit::Stale)) | Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        loop {
            let commit = match self.commit_locked(actor, id, command.clone(), seen, once).await? {
                WrittenOnce::KeyTaken => return Ok(WrittenOnce::KeyTaken),
                WrittenOnce::Ran(commit) => commit.ok_or(Refusal::NotVisible)?,
            };
            let changed = match commit {
                LockedCommit::Refused(refusal) => return Err(refusal.into()),
                LockedCommit::Unmet(unmet) => {
                    command = command.instead(unmet).ok_or_else(|| refusal_of(unmet))?;
                    continue;
                }
                LockedCommit::Unchanged(now) => Changed { now: *now, comment: None },
                LockedCommit::Done { now, comment } => {
                    Changed { now: *now, comment: comment.map(|boxed| *boxed) }
                }
            };
            return Ok(WrittenOnce::Ran(changed));
        }
    }

    async fn commit(
        &self,
        change: Change,
        once: Option<&Once<Comment>>,
    ) -> Result<WrittenOnce<Commit>, StoreError> {
        match once {
            None => self.tickets.commit(change).await.map(WrittenOnce::Ran),
            Some(once) => self.tickets.commit_once(change, once.clone()).await,
        }
    }

    async fn commit_locked(
        &self,
        actor: &Actor,
        id: TicketId,
        command: TicketCommand,
        seen: Option<i64>,
        once: Option<&Once<Comment>>,
    ) -> Result<WrittenOnce<Option<LockedCommit>>, StoreError> {
        let (by, clock) = (*actor, self.clock.clone());
        let decide = Box::new(move |ticket: &Ticket| decide(ticket, &by, command, seen, clock.now()));
        match once {
            None => self.tickets.decide_locked(actor.scope(), id, decide).await.map(WrittenOnce::Ran),
            Some(once) => self.tickets.decide_locked_once(actor.scope(), id, decide, once.clone()).await,
        }
    }

    /// Carries a command out on each of the tickets, in one transaction; what is not in the result is not visible. What comes of
    /// each is what would come of it alone.
    pub(super) async fn change_many(
        &self,
        actor: &Actor,
        ids: &[TicketId],
        command: &TicketCommand,
    ) -> Result<Decided, UseCaseError> {
        for _ in 1..OPTIMISTIC_TRIES {
            match self.commit_many(actor, ids, command).await {
                Err(StoreError::Conflict(_)) => {}
                outcome => return Ok(outcome?),
            }
        }
        Ok(self.commit_many(actor, ids, command).await?)
    }

    async fn commit_many(
        &self,
        actor: &Actor,
        ids: &[TicketId],
        command: &TicketCommand,
    ) -> Result<Decided, StoreError> {
        let (by, command, clock) = (*actor, command.clone(), self.clock.clone());
        let decide: DecideEach = Box::new(move |ticket: &Ticket, unmet: &[Precondition]| {
            let instead = |command: TicketCommand, unmet: &Precondition| {
                command.instead(*unmet).ok_or_else(|| refusal_of(*unmet))
            };
            let command = unmet.iter().try_fold(command.clone(), instead)?;
            decide(ticket, &by, command, None, clock.now())
        });
        self.tickets.decide_many(actor.scope(), ids.to_vec(), decide).await
    }

    /// Writes a comment.
    pub(super) async fn comment(
        &self,
        actor: &Actor,
        id: TicketId,
        draft: CommentDraft,
        seen: Option<i64>,
    ) -> Result<Comment, UseCaseError> {
        let changed = self.change(actor, id, TicketCommand::Comment(draft), seen).await?;
        changed.comment.ok_or_else(no_comment)
    }

    /// Writes a comment once. Whether the caller sees the ticket comes first; what version was seen, does not count for what was
    /// done before.
    pub(super) async fn comment_once<V: 'static>(
        &self,
        actor: &Actor,
        id: TicketId,
        draft: CommentDraft,
        seen: Option<i64>,
        request: OnceRequest<V>,
        view: fn(&Comment) -> Result<V, Cause>,
    ) -> Result<Done<V>, UseCaseError> {
        let account = actor.id().ok_or_else(|| fault("a key without an account"))?;
        self.find(actor, id, PageRequest::default()).await?;
        let write = async |once| {
            let command = TicketCommand::Comment(draft);
            let written = self.carry_out(actor, id, command, seen, Some(&once)).await?;
            written.try_map(|changed| {
                let comment = changed.comment.ok_or_else(no_comment)?;
                view(&comment).map_err(|cause| StoreError::Fault(cause).into())
            })
        };
        self.answers.once(account, request, view, write).await
    }
}

fn fault(what: &str) -> UseCaseError {
    StoreError::Fault(Cause::new(what)).into()
}

fn no_comment() -> UseCaseError {
    fault("a committed comment did not come back")
}
