//! The sessions.

use async_trait::async_trait;
use helpdesk_domain::{
    ClientNetwork, Email, PresentedToken, Refresh, Session, SessionId, TokenDigest, Ts, UserId,
};
use helpdesk_ports::{
    Forgotten, Page, PageRequest, Refreshed, SessionPosition, SessionRepository, ShownToken, Standing,
    StoreError,
};

use crate::state::State;
use crate::store::MemoryStore;

impl State {
    fn is_live(&self, session: &Session, at: Ts) -> bool {
        self.user(session.user).is_some_and(|user| session.is_live(user, at))
    }

    fn refresh(&mut self, shown: ShownToken) -> Refreshed {
        let Some((id, token)) = self.tokens.get(&shown.token).copied() else { return Refreshed::Dead };
        let session = &self.sessions[&id];
        let newest = session.generation;
        let lost = self.tokens.values().filter(|(other, other_token)| {
            *other == id && other_token.generation == newest && other_token.is_superseded
        });
        let token = PresentedToken { lost_answers: i64::try_from(lost.count()).unwrap(), ..token };
        let user = self.user(session.user).unwrap().clone();
        match session.refresh(&user, token, shown.client, shown.at) {
            Refresh::Rotated(rotation) => {
                let session = rotation.session().clone();
                if rotation.supersedes() {
                    let others = self.tokens.values_mut().filter(|(other, _)| *other == id);
                    others
                        .filter(|(_, token)| token.generation == session.generation)
                        .for_each(|(_, token)| token.is_superseded = true);
                }
                let successor =
                    PresentedToken { generation: session.generation, is_superseded: false, lost_answers: 0 };
                self.tokens.insert(shown.successor, (id, successor));
                self.sessions.insert(id, session.clone());
                Refreshed::Rotated { user, session: Box::new(session) }
            }
            Refresh::Replayed(replay) => {
                self.sessions.insert(id, replay.session().clone());
                self.audit.push(replay.audit().clone());
                Refreshed::Replayed { user: user.id(), session: id }
            }
            Refresh::TooOften { retry_after } => Refreshed::TooOften { retry_after },
            Refresh::Dead => Refreshed::Dead,
        }
    }

    fn forget(&mut self, before: Ts, most: usize) -> Forgotten {
        let ended = self.sessions.values().filter(|session| session.expires_at < before);
        let ended: Vec<SessionId> = ended.map(|session| session.id).take(most).collect();
        self.sessions.retain(|id, _| !ended.contains(id));
        self.tokens.retain(|_, (session, _)| !ended.contains(session));
        let accounts = self.users.values_mut();
        let old = accounts.filter(|account| account.invitation.is_some_and(|one| one.expires_at < before));
        let old = old.take(most).map(|account| account.invitation = None).count();
        Forgotten { count: ended.len() + old, is_all: ended.len() < most && old < most }
    }
}

#[async_trait]
impl SessionRepository for MemoryStore {
    async fn open(&self, session: Session, refresh_token: TokenDigest) -> Result<bool, StoreError> {
        let mut state = self.turn().await;
        let is_good = state.user(session.user).is_some_and(|user| {
            user.record().is_active && user.record().token_version == session.token_version
        });
        if is_good {
            let token =
                PresentedToken { generation: session.generation, is_superseded: false, lost_answers: 0 };
            let network = session.client.as_ref().map(|client| client.address.network());
            state.networks.extend(network.map(|network| (session.user, network, session.created_at)));
            state.tokens.insert(refresh_token, (session.id, token));
            state.sessions.insert(session.id, session);
        }
        Ok(is_good)
    }

    async fn standing(&self, user: UserId, session: SessionId) -> Result<Option<Standing>, StoreError> {
        let state = self.turn().await;
        let Some(session) = state.sessions.get(&session).filter(|session| session.user == user) else {
            return Ok(None);
        };
        let account = state.users[&user].user.record();
        Ok(Some(Standing {
            role: account.role,
            is_active: account.is_active,
            token_version: account.token_version,
            session_token_version: session.token_version,
            expires_at: session.expires_at,
            idle_expires_at: session.idle_expires_at,
            is_revoked: session.revoked_at.is_some(),
        }))
    }

    async fn refresh(&self, shown: ShownToken) -> Result<Refreshed, StoreError> {
        Ok(self.turn().await.refresh(shown))
    }

    async fn end(&self, user: UserId, session: SessionId, at: Ts) -> Result<bool, StoreError> {
        let mut state = self.turn().await;
        let found = state.sessions.get(&session).filter(|session| session.user == user);
        let is_live = found.is_some_and(|session| state.is_live(session, at));
        if let Some(session) = state.sessions.get_mut(&session).filter(|_| is_live) {
            session.revoked_at = Some(at);
        }
        Ok(is_live)
    }

    async fn list(
        &self,
        user: UserId,
        at: Ts,
        page: PageRequest<SessionPosition>,
    ) -> Result<Page<Session, SessionPosition>, StoreError> {
        let state = self.turn().await;
        let live =
            state.sessions.values().filter(|session| session.user == user && state.is_live(session, at));
        let mut rows: Vec<Session> = live
            .filter(|session| page.after.is_none_or(|after| SessionPosition::of(session) < after))
            .cloned()
            .collect();
        rows.sort_by_key(|session| std::cmp::Reverse(SessionPosition::of(session)));
        Ok(Page::of_rows_read_ahead(rows, page.limit, SessionPosition::of))
    }

    async fn is_known_network(
        &self,
        email: Email,
        network: ClientNetwork,
        since: Ts,
    ) -> Result<bool, StoreError> {
        let state = self.turn().await;
        Ok(state.networks.iter().any(|(user, known, at)| {
            state.users[user].user.record().email == email && *at >= since && *known == network
        }))
    }

    async fn forget_ended(&self, before: Ts, most: usize) -> Result<Forgotten, StoreError> {
        Ok(self.turn().await.forget(before, most))
    }
}
