//! The tickets, each call a few lines over the state.

use async_trait::async_trait;
use helpdesk_domain::{
    AgentActor, Change, Comment, EventRecord, Opening, Outcome, QueueScope, Scope, SystemActor, Ticket,
    TicketId, Ts,
};
use helpdesk_ports::{
    Cause, CommentPosition, Commit, Decide, DecideEach, Decided, Direction, EventPosition, LockedCommit,
    Once, Page, PageRequest, StoreError, TicketPosition, TicketQuery, TicketRepository, TicketWithComments,
    WrittenOnce,
};

use crate::state::State;
use crate::store::MemoryStore;

impl State {
    fn decide_locked(
        &mut self,
        scope: Scope,
        id: TicketId,
        decide: Decide,
    ) -> Result<Option<LockedCommit>, StoreError> {
        let Some(ticket) = self.ticket(scope, id) else { return Ok(None) };
        Ok(Some(match decide(&ticket) {
            Err(refusal) => LockedCommit::Refused(refusal),
            Ok(Outcome::Unchanged) => {
                LockedCommit::Unchanged(Box::new(self.with_comments(scope, ticket, PageRequest::default())))
            }
            Ok(Outcome::Changed(change)) => match self.commit(&change) {
                Commit::Done(done) => {
                    let now = Box::new(self.with_comments(scope, done.ticket, PageRequest::default()));
                    LockedCommit::Done { now, comment: done.comment.map(Box::new) }
                }
                Commit::Unmet(precondition) => LockedCommit::Unmet(precondition),
                Commit::Stale => {
                    return Err(StoreError::Fault(Cause::new("it was decided about something else")));
                }
            },
        }))
    }
}

#[async_trait]
impl TicketRepository for MemoryStore {
    async fn find(
        &self,
        scope: Scope,
        id: TicketId,
        comments: PageRequest<CommentPosition>,
    ) -> Result<Option<TicketWithComments>, StoreError> {
        let state = self.turn().await;
        Ok(state.ticket(scope, id).map(|ticket| state.with_comments(scope, ticket, comments)))
    }

    async fn list(
        &self,
        scope: Scope,
        query: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError> {
        let state = self.turn().await;
        page(&state, state.tickets(scope), scope, query)
    }

    async fn comments(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<Page<helpdesk_domain::Comment, CommentPosition>>, StoreError> {
        let state = self.turn().await;
        Ok(state.ticket(scope, id).map(|_| state.comments(scope.comments(), id, page)))
    }

    async fn history(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<EventPosition>,
    ) -> Result<Option<Page<EventRecord, EventPosition>>, StoreError> {
        let state = self.turn().await;
        Ok(state.ticket(scope, id).map(|_| state.history(scope.comments(), id, page)))
    }

    async fn queue(
        &self,
        queue: QueueScope,
        query: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError> {
        // What is in the queue is not the agent's; it is only sorted and filtered as what an agent sees.
        let state = self.turn().await;
        page(&state, state.queue(queue), AgentActor::new(queue.agent()).scope(), query)
    }

    async fn claimable(&self, queue: QueueScope, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        Ok(self.turn().await.claimable(queue, id))
    }

    async fn close_resolved(
        &self,
        by: SystemActor,
        resolved_before: Ts,
        now: Ts,
        most: usize,
    ) -> Result<usize, StoreError> {
        Ok(self.turn().await.close_resolved(by, resolved_before, now, most))
    }

    async fn open(&self, opening: Opening) -> Result<Ticket, StoreError> {
        Ok(self.turn().await.open(opening))
    }

    async fn open_once(
        &self,
        opening: Opening,
        once: Once<Ticket>,
    ) -> Result<WrittenOnce<Ticket>, StoreError> {
        self.turn().await.once(&once, |state| Ok(state.open(opening)), |ticket| Some(ticket))
    }

    async fn commit(&self, change: Change) -> Result<Commit, StoreError> {
        Ok(self.turn().await.commit(&change))
    }

    async fn commit_once(
        &self,
        change: Change,
        once: Once<Comment>,
    ) -> Result<WrittenOnce<Commit>, StoreError> {
        self.turn().await.once(
            &once,
            |state| Ok(state.commit(&change)),
            |commit| match commit {
                Commit::Done(done) => done.comment.as_ref(),
                Commit::Stale | Commit::Unmet(_) => None,
            },
        )
    }

    async fn decide_locked(
        &self,
        scope: Scope,
        id: TicketId,
        decide: Decide,
    ) -> Result<Option<LockedCommit>, StoreError> {
        self.turn().await.decide_locked(scope, id, decide)
    }

    async fn decide_locked_once(
        &self,
        scope: Scope,
        id: TicketId,
        decide: Decide,
        once: Once<Comment>,
    ) -> Result<WrittenOnce<Option<LockedCommit>>, StoreError> {
        let decide = |state: &mut State| state.decide_locked(scope, id, decide);
        self.turn().await.once(&once, decide, |commit| match commit {
            Some(LockedCommit::Done { comment, .. }) => comment.as_deref(),
            _ => None,
        })
    }

    async fn decide_many(
        &self,
        scope: Scope,
        ids: Vec<TicketId>,
        decide: DecideEach,
    ) -> Result<Decided, StoreError> {
        let mut state = self.turn().await;
        let mut decided = Decided::new();
        for id in ids {
            if let Some(ticket) = state.ticket(scope, id) {
                decided.insert(id, state.decide_one(&ticket, &decide)?);
            }
        }
        Ok(decided)
    }
}

/// Of these tickets the ones that are asked for.
fn page(
    state: &State,
    mut rows: Vec<Ticket>,
    scope: Scope,
    query: TicketQuery,
) -> Result<Page<Ticket, TicketPosition>, StoreError> {
    let TicketQuery { filter, sort, page } = query;
    if page.after.is_some_and(|after| after.key() != sort.key) {
        return Err(StoreError::Fault(Cause::new("a position of another list")));
    }
    // Either key sorts by (time, id); by creation, the time is the same for all.
    let key = |position: TicketPosition| match position {
        TicketPosition::UpdatedAt(at, id) => (Some(at), id),
        TicketPosition::CreatedAt(id) => (None, id),
    };
    let key_of = |ticket: &Ticket| key(TicketPosition::of(ticket, scope, sort.key));
    rows.retain(|ticket| filter.admits(ticket, state.comments_of(ticket.id()), scope.comments()));
    rows.sort_by_key(key_of);
    let after = page.after.map(key);
    match sort.direction {
        Direction::Ascending => rows.retain(|ticket| after.is_none_or(|after| key_of(ticket) > after)),
        Direction::Descending => {
            rows.reverse();
            rows.retain(|ticket| after.is_none_or(|after| key_of(ticket) < after));
        }
    }
    Ok(Page::of_rows_read_ahead(rows, page.limit, |ticket| TicketPosition::of(ticket, scope, sort.key)))
}
