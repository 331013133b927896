//! Sign-in sessions. Neither a session's id nor a token's digest is part of any error.

mod read;
mod refresh;
mod write;

use async_trait::async_trait;
use helpdesk_domain::{ClientNetwork, Email, Session, SessionId, TokenDigest, Ts, UserId};
use helpdesk_ports::{
    Forgotten, Page, PageRequest, Refreshed, SessionPosition, SessionRepository, ShownToken, Standing,
    StoreError,
};

use super::dialect::Conn;
use super::write as write_in_transaction;
use crate::executor::Lanes;

pub(super) use write::end_of_account;

pub(super) struct DieselSessions {
    lanes: Lanes<Conn>,
}

impl DieselSessions {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
    }
}

#[async_trait]
impl SessionRepository for DieselSessions {
    async fn open(&self, session: Session, refresh_token: TokenDigest) -> Result<bool, StoreError> {
        let open = move |conn: &mut Conn| write::open(conn, &session, refresh_token);
        write_in_transaction(&self.lanes, open).await
    }

    async fn standing(&self, user: UserId, session: SessionId) -> Result<Option<Standing>, StoreError> {
        self.lanes.reads.call(move |conn| read::standing(conn, user, session)).await
    }

    async fn refresh(&self, shown: ShownToken) -> Result<Refreshed, StoreError> {
        write_in_transaction(&self.lanes, move |conn| refresh::refresh(conn, shown)).await
    }

    async fn end(&self, user: UserId, session: SessionId, at: Ts) -> Result<bool, StoreError> {
        write_in_transaction(&self.lanes, move |conn| write::end(conn, user, session, at)).await
    }

    async fn list(
        &self,
        user: UserId,
        at: Ts,
        page: PageRequest<SessionPosition>,
    ) -> Result<Page<Session, SessionPosition>, StoreError> {
        self.lanes.reads.call(move |conn| read::list(conn, user, at, &page)).await
    }

    async fn is_known_network(
        &self,
        email: Email,
        network: ClientNetwork,
        since: Ts,
    ) -> Result<bool, StoreError> {
        self.lanes.reads.call(move |conn| read::is_known_network(conn, &email, network, since)).await
    }

    async fn forget_ended(&self, before: Ts, most: usize) -> Result<Forgotten, StoreError> {
        write_in_transaction(&self.lanes, move |conn| write::forget_ended(conn, before, most)).await
    }
}
