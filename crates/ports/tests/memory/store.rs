//! The ports, each a few lines over the state.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use async_trait::async_trait;
use helpdesk_domain::{
    AccountChange, AdminActor, AgentRef, Change, Email, NewUser, Opening, Outcome, Scope, SessionId, Ticket,
    TicketId, Ts, User, UserId, UserRecord,
};
use helpdesk_ports::{
    AccountCommit, Cause, CommentPosition, Commit, Credentials, Decide, Direction, LockedCommit, NewSession,
    Page, PageRequest, PasswordHash, STORE_SECRET_BYTES, SessionRepository, Standing, StoreAdmin, StoreError,
    StoreSecret, Stores, TicketPosition, TicketQuery, TicketRepository, TicketWithComments, UserCreation,
    UserRepository,
};

use crate::state::State;

pub(crate) fn stores() -> Stores {
    let store = Arc::new(MemoryStore::default());
    Stores { tickets: store.clone(), users: store.clone(), sessions: store.clone(), admin: store }
}

#[derive(Default)]
struct MemoryStore(Mutex<State>);

impl MemoryStore {
    /// Lets the other calls go first, so that calls that are made at once really mix.
    async fn turn(&self) -> MutexGuard<'_, State> {
        let mut waited = false;
        poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        self.0.lock().unwrap()
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
        let mut rows = self.turn().await.tickets(scope);
        rows.retain(|ticket| filter.admits(ticket));
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

    async fn comments(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<Page<helpdesk_domain::Comment, CommentPosition>>, StoreError> {
        let state = self.turn().await;
        Ok(state.ticket(scope, id).map(|_| state.comments(scope.comments(), id, page)))
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

#[async_trait]
impl UserRepository for MemoryStore {
    async fn credentials(&self, email: Email) -> Result<Option<Credentials>, StoreError> {
        let state = self.turn().await;
        let found = state.users.values().find(|(user, _)| user.record().email == email).cloned();
        Ok(found.map(|(user, password)| Credentials { user, password }))
    }

    async fn find(&self, _: AdminActor, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.turn().await.users.get(&id).map(|(user, _)| user.clone()))
    }

    async fn list(&self, _: AdminActor, page: PageRequest<UserId>) -> Result<Page<User, UserId>, StoreError> {
        let state = self.turn().await;
        let behind = state.users.iter().filter(|(id, _)| page.after.is_none_or(|after| **id > after));
        let rows = behind.map(|(_, (user, _))| user.clone()).collect();
        Ok(Page::of_rows_read_ahead(rows, page.limit, User::id))
    }

    async fn create(
        &self,
        user: NewUser,
        password: PasswordHash,
        now: Ts,
    ) -> Result<UserCreation, StoreError> {
        let mut state = self.turn().await;
        if state.users.values().any(|(other, _)| other.record().email == user.email) {
            return Ok(UserCreation::EmailTaken);
        }
        let user = User::from_stored(UserRecord {
            id: state.next_user_id(),
            email: user.email,
            name: user.name,
            role: user.role,
            is_active: true,
            version: 1,
            token_version: 1,
            created_at: now,
            updated_at: now,
        });
        state.users.insert(user.id(), (user.clone(), password));
        Ok(UserCreation::Created(user))
    }

    async fn commit(&self, change: AccountChange) -> Result<AccountCommit, StoreError> {
        Ok(self.turn().await.commit_account(&change))
    }

    async fn active_agent(&self, _: AdminActor, id: UserId) -> Result<Option<AgentRef>, StoreError> {
        let state = self.turn().await;
        let user = state.users.get(&id).map(|(user, _)| user).filter(|user| user.is_active_agent());
        Ok(user.map(|user| AgentRef::new(id, user.record().name.as_str())))
    }
}

#[async_trait]
impl SessionRepository for MemoryStore {
    async fn open(&self, session: NewSession) -> Result<(), StoreError> {
        self.turn().await.sessions.insert(session.id, (session, false));
        Ok(())
    }

    async fn standing(&self, user: UserId, session: SessionId) -> Result<Option<Standing>, StoreError> {
        let state = self.turn().await;
        let Some((session, is_revoked)) =
            state.sessions.get(&session).filter(|(found, _)| found.user == user)
        else {
            return Ok(None);
        };
        let account = state.users[&user].0.record();
        Ok(Some(Standing {
            role: account.role,
            is_active: account.is_active,
            token_version: account.token_version,
            expires_at: session.expires_at,
            is_revoked: *is_revoked,
        }))
    }
}

#[async_trait]
impl StoreAdmin for MemoryStore {
    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn secret(&self) -> Result<StoreSecret, StoreError> {
        Ok(StoreSecret([7; STORE_SECRET_BYTES]))
    }
}
