//! The tickets, each call a few lines over the state.

use async_trait::async_trait;
use helpdesk_domain::{
    AgentActor, Change, EventRecord, Opening, Outcome, QueueScope, Scope, SystemActor, Ticket, TicketId, Ts,
};
use helpdesk_ports::{
    Cause, CommentPosition, Commit, Decide, Direction, EventPosition, LockedCommit, Page, PageRequest,
    StoreError, TicketPosition, TicketQuery, TicketRepository, TicketWithComments,
};

use crate::store::MemoryStore;

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
        page(self.turn().await.tickets(scope), scope, query)
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
        page(self.turn().await.queue(queue), AgentActor::new(queue.agent()).scope(), query)
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

    async fn commit(&self, change: Change) -> Result<Commit, StoreError> {
        Ok(self.turn().await.commit(&change))
    }

    async fn decide_locked(
        &self,
        scope: Scope,
        id: TicketId,
        decide: Decide,
    ) -> Result<Option<LockedCommit>, StoreError> {
        let mut state = self.turn().await;
        let Some(ticket) = state.ticket(scope, id) else { return Ok(None) };
        Ok(Some(match decide(&ticket) {
            Err(refusal) => LockedCommit::Refused(refusal),
            Ok(Outcome::Unchanged) => {
                LockedCommit::Unchanged(Box::new(state.with_comments(scope, ticket, PageRequest::default())))
            }
            Ok(Outcome::Changed(change)) => match state.commit(&change) {
                Commit::Done(done) => {
                    let now = Box::new(state.with_comments(scope, done.ticket, PageRequest::default()));
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

/// Of these tickets the ones that are asked for.
fn page(
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
    rows.retain(|ticket| filter.admits(ticket, scope.comments()));
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
