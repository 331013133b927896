//! Sessions, and the tokens by which they go on.

use std::time::Duration;

use helpdesk_domain::{Client, ClientAddress, Email, Session, SessionId, TokenDigest, Ts};
use helpdesk_ports::{Refreshed, ShownToken};

use super::{Run, now, whole_page};
use crate::seed::Seed;

fn client() -> Client {
    Client { address: ClientAddress::new([192, 0, 2, 1].into()), user_agent: None }
}

fn shown(token: u8, successor: u8) -> ShownToken {
    let [token, successor] = [token, successor].map(|byte| TokenDigest([byte; 32]));
    ShownToken { token, successor, client: client(), at: now() }
}

impl Run<'_> {
    pub(super) async fn sessions_read(&mut self) {
        let (sessions, user) = (&self.stores.sessions, Seed::admin().id());
        let standing = sessions.standing(user, SessionId::from_bits(1));
        self.note("where a session stands", standing).await.unwrap();
        self.note("a list of sessions", sessions.list(user, Ts::EPOCH, whole_page())).await;
        let email = Email::parse("user-3@example.com").unwrap();
        let known = sessions.is_known_network(email, client().address.network(), Ts::EPOCH);
        assert!(self.note("whether a network is known", known).await);
    }

    pub(super) async fn sessions_written(&mut self) {
        let sessions = &self.stores.sessions;
        let admin = self.account(Seed::admin().id()).await;
        let session = |bits| Session::open(SessionId::from_bits(bits), &admin, client(), now());
        let opened = sessions.open(session(u128::MAX), TokenDigest([11; 32]));
        assert!(self.note("opening a session", opened).await);

        let refreshed = self.note("refreshing a session", sessions.refresh(shown(11, 12))).await;
        assert!(matches!(refreshed, Refreshed::Rotated { .. }), "{refreshed:?}");
        let again = self.note("refreshing a lost answer", sessions.refresh(shown(11, 13))).await;
        assert!(matches!(again, Refreshed::Rotated { .. }), "{again:?}");
        let replayed = self.note("a replayed token", sessions.refresh(shown(12, 14))).await;
        assert!(matches!(replayed, Refreshed::Replayed { .. }), "{replayed:?}");
        let dead = self.note("an unknown token", sessions.refresh(shown(99, 98))).await;
        assert_eq!(dead, Refreshed::Dead);

        let other = session(u128::MAX - 1);
        assert!(sessions.open(other.clone(), TokenDigest([21; 32])).await.unwrap());
        assert!(self.note("ending a session", sessions.end(admin.id(), other.id, now())).await);
        // The first few, as they were seeded.
        let before = Ts::EPOCH.after(Duration::from_hours(30 * 24)).after(Duration::from_secs(4));
        assert!(self.note("forgetting what ended", sessions.forget_ended(before, 1_000)).await.count > 0);
    }
}
