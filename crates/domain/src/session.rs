//! Sign-in sessions, and the rule by which their refresh tokens follow one another.
//!
//! A session counts generations. Each refresh token belongs to one; showing the token of the newest generation begins the
//! next. Showing that of the one before says that the answer was lost, and as long as its successor was never shown it is
//! answered with another successor that takes the lost one's place. Every other token that was ours once is a replay: two
//! hold what only one should, nobody can tell which is the thief, and the session ends (RFC 9700, section 4.14.2).

use std::time::Duration;

use crate::{
    ActorKind, AuditChange, AuditEntry, AuditKind, AuditSubject, ClientAddress, EventActor, SessionId, Ts,
    User, UserId,
};

/// How long a session lives, whatever happens.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How long a session lives when it is not refreshed.
pub const SESSION_IDLE_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// How often a session may be refreshed at once; and from then on, counted from its beginning, once a minute. A client needs it
/// four times an hour.
const REFRESH_BURST: i64 = 60;
const REFRESH_INTERVAL: Duration = Duration::from_mins(1);
/// How many answers in a row may be lost. Tokens are kept as long as their session, and nobody is to make any number of them.
const LOST_ANSWERS: i64 = 50;

/// What a client calls itself: up to 200 characters of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserAgent(String);

impl UserAgent {
    /// The most characters that are kept.
    pub const MAX_CHARS: usize = 200;

    /// What is worth keeping of a text that a client sent: control characters become spaces, the rest is cut off. `None` where
    /// nothing is left.
    pub fn clean(raw: &str) -> Option<Self> {
        let kept: String =
            raw.trim().chars().take(Self::MAX_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let kept = kept.trim();
        (!kept.is_empty()).then(|| Self(kept.to_owned()))
    }

    /// A text that was cleaned when it was written: for stores, which give back what they took.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// From where and with what a caller calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub address: ClientAddress,
    /// What it calls itself.
    pub user_agent: Option<UserAgent>,
}

/// A session: what a store writes and reads of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its random id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// The account's token version that it is good for.
    pub token_version: i64,
    /// Which generation of refresh tokens is the newest; the first is 1.
    pub generation: i64,
    /// When it began.
    pub created_at: Ts,
    /// When it was refreshed last, or began.
    pub last_used_at: Ts,
    /// When it ends, whatever happens.
    pub expires_at: Ts,
    /// When it ends unless it is refreshed; never after [`Session::expires_at`].
    pub idle_expires_at: Ts,
    /// When it was ended before that.
    pub revoked_at: Option<Ts>,
    /// From where and with what it was refreshed last, or began; unknown of old ones.
    pub client: Option<Client>,
}

/// A refresh token that was shown, and is or was one of the session's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresentedToken {
    /// The generation it was issued for.
    pub generation: i64,
    /// Whether another one took its place, because its answer seemed to be lost.
    pub is_superseded: bool,
    /// How many tokens of the session's newest generation were superseded; 0 will do for a token of that generation.
    pub lost_answers: i64,
}

/// What comes of showing a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// The session goes on, and gets a new token.
    Rotated(Box<Rotation>),
    /// The token was used before: the session ends, and the trail says so.
    Replayed(Box<Replay>),
    /// The session was refreshed too often. Nothing changes.
    TooOften {
        /// When it may be refreshed next.
        retry_after: Duration,
    },
    /// The session is over, or the account may not go on.
    Dead,
}

/// A session that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    session: Session,
    supersedes: bool,
}

impl Rotation {
    /// The session as it will be; the new token belongs to its generation.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Whether the new token takes the place of those of the same generation.
    pub fn supersedes(&self) -> bool {
        self.supersedes
    }
}

/// A session that ends because a token was used twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    session: Session,
    audit: AuditEntry,
}

impl Replay {
    /// The session as it will be.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What the trail says of it.
    pub fn audit(&self) -> &AuditEntry {
        &self.audit
    }
}

impl Session {
    /// A session of this account begins.
    pub fn open(id: SessionId, user: &User, client: Client, now: Ts) -> Self {
        Self {
            id,
            user: user.id(),
            token_version: user.record().token_version,
            generation: 1,
            created_at: now,
            last_used_at: now,
            expires_at: now.after(SESSION_LIFETIME),
            idle_expires_at: now.after(SESSION_IDLE_LIFETIME),
            revoked_at: None,
            client: Some(client),
        }
    }

    /// Whether the session is good for anything now.
    pub fn is_live(&self, user: &User, now: Ts) -> bool {
        self.revoked_at.is_none()
            && now < self.expires_at
            && now < self.idle_expires_at
            && user.record().is_active
            && user.record().token_version == self.token_version
    }

    /// **The rule of rotation.** What comes of showing this token of the session now.
    pub fn refresh(&self, user: &User, token: PresentedToken, client: Client, now: Ts) -> Refresh {
        if !self.is_live(user, now) {
            return Refresh::Dead;
        }
        let is_newest = token.generation == self.generation;
        let is_one_before = token.generation == self.generation - 1;
        let is_lost_too_often = is_one_before && token.lost_answers >= LOST_ANSWERS;
        if token.is_superseded || is_lost_too_often || !(is_newest || is_one_before) {
            return Refresh::Replayed(Box::new(self.replayed(user, &client, now)));
        }
        if let Some(next_at) = self.next_refresh_at().filter(|next_at| is_newest && now < *next_at) {
            return Refresh::TooOften { retry_after: next_at.since(now) };
        }
        // A clock that was set back must not make times run backwards.
        let now = now.max(self.last_used_at);
        let session = Self {
            generation: self.generation + i64::from(is_newest),
            last_used_at: now,
            idle_expires_at: now.after(SESSION_IDLE_LIFETIME).min(self.expires_at),
            client: Some(client),
            ..self.clone()
        };
        Refresh::Rotated(Box::new(Rotation { session, supersedes: is_one_before }))
    }

    /// The earliest moment at which the next generation may begin; `None` for the first ones, which may at any time.
    fn next_refresh_at(&self) -> Option<Ts> {
        let paid_for =
            u32::try_from(self.generation - REFRESH_BURST).ok().filter(|paid_for| *paid_for > 0)?;
        Some(self.created_at.after(REFRESH_INTERVAL.saturating_mul(paid_for)))
    }

    fn replayed(&self, user: &User, client: &Client, now: Ts) -> Replay {
        let audit = AuditEntry {
            at: now,
            // Whoever showed it: that this was the account's owner is what nobody knows.
            actor: EventActor { kind: ActorKind::System, id: None },
            kind: AuditKind::RefreshTokenReplayed,
            subject: AuditSubject::User(self.user),
            label: user.record().email.as_str().to_owned(),
            changes: vec![AuditChange::new(
                "address",
                None,
                Some(client.address.to_string().as_str().into()),
            )],
        };
        Replay { session: Self { revoked_at: Some(now), ..self.clone() }, audit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Email, PersonName, Role, UserRecord};
    use proptest::prelude::*;

    const NOW: Ts = Ts::EPOCH;

    fn user() -> User {
        User::from_stored(UserRecord {
            id: UserId::new(5).unwrap(),
            email: Email::parse("u@example.com").unwrap(),
            name: PersonName::parse("U").unwrap(),
            role: Role::Agent,
            is_active: true,
            has_password: true,
            version: 1,
            token_version: 4,
            created_at: NOW,
            updated_at: NOW,
        })
    }

    fn client(address: &str) -> Client {
        Client { address: ClientAddress::new(address.parse().unwrap()), user_agent: UserAgent::clean("curl") }
    }

    fn session() -> Session {
        Session::open(SessionId::from_bits(1), &user(), client("192.0.2.1"), NOW)
    }

    fn show(session: &Session, generation: i64, is_superseded: bool, now: Ts) -> Refresh {
        let token = PresentedToken { generation, is_superseded, lost_answers: 0 };
        session.refresh(&user(), token, client("192.0.2.2"), now)
    }

    fn rotated(refresh: Refresh) -> Rotation {
        match refresh {
            Refresh::Rotated(rotation) => *rotation,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_newest_token_begins_the_next_generation() {
        let later = NOW.after(Duration::from_hours(1));
        let rotation = rotated(show(&session(), 1, false, later));
        assert!(!rotation.supersedes());
        let after = rotation.session();
        assert_eq!((after.generation, after.last_used_at), (2, later));
        assert_eq!(after.idle_expires_at, later.after(SESSION_IDLE_LIFETIME));
        assert_eq!(after.expires_at, session().expires_at, "the end stays where it was");
        assert_eq!(after.client, Some(client("192.0.2.2")));
    }

    #[test]
    fn a_lost_answer_is_given_again_and_takes_the_place_of_the_lost_one() {
        let second = rotated(show(&session(), 1, false, NOW)).session().clone();
        let again = rotated(show(&second, 1, false, NOW));
        assert!(again.supersedes());
        assert_eq!(again.session().generation, 2);
    }

    #[test]
    fn any_other_token_of_the_session_ends_it() {
        let second = rotated(show(&session(), 1, false, NOW)).session().clone();
        let third = rotated(show(&second, 2, false, NOW)).session().clone();
        for (session, generation, is_superseded) in
            [(&third, 1, false), (&second, 2, true), (&second, 1, true)]
        {
            let Refresh::Replayed(replay) = show(session, generation, is_superseded, NOW) else {
                panic!("generation {generation} of {session:?}");
            };
            assert_eq!(replay.session().revoked_at, Some(NOW));
            assert_eq!(replay.audit().kind, AuditKind::RefreshTokenReplayed);
            assert_eq!(show(replay.session(), 1, false, NOW), Refresh::Dead);
        }
    }

    #[test]
    fn a_session_is_refreshed_at_once_and_then_now_and_then() {
        let mut session = session();
        for generation in 2..=61 {
            session = rotated(show(&session, session.generation, false, NOW)).session().clone();
            assert_eq!(session.generation, generation);
        }
        let too_often = Refresh::TooOften { retry_after: Duration::from_mins(1) };
        assert_eq!(show(&session, 61, false, NOW), too_often);
        assert!(rotated(show(&session, 60, false, NOW)).supersedes(), "a lost answer is given again");
        assert!(
            matches!(show(&session, 59, false, NOW), Refresh::Replayed(_)),
            "a replay is one at any time"
        );
        let later = NOW.after(Duration::from_mins(1));
        assert_eq!(rotated(show(&session, 61, false, later)).session().generation, 62);
    }

    #[test]
    fn answers_are_lost_only_so_often() {
        let session = rotated(show(&session(), 1, false, NOW)).session().clone();
        let lost = |lost_answers| {
            let token = PresentedToken { generation: 1, is_superseded: false, lost_answers };
            session.refresh(&user(), token, client("192.0.2.2"), NOW)
        };
        assert!(matches!(lost(LOST_ANSWERS - 1), Refresh::Rotated(_)));
        assert!(matches!(lost(LOST_ANSWERS), Refresh::Replayed(_)));
    }

    #[test]
    fn a_session_ends_when_idle_and_at_its_end_whatever_happens() {
        assert_eq!(show(&session(), 1, false, NOW.after(SESSION_IDLE_LIFETIME)), Refresh::Dead);
        let mut session = session();
        for _ in 0..5 {
            let just_in_time = session.idle_expires_at.before(Duration::from_micros(1));
            session = match show(&session, session.generation, false, just_in_time) {
                Refresh::Rotated(rotation) => rotation.session().clone(),
                other => panic!("{other:?}"),
            };
        }
        assert_eq!(session.idle_expires_at, session.expires_at);
        assert_eq!(show(&session, session.generation, false, session.expires_at), Refresh::Dead);
    }

    #[test]
    fn a_session_is_nothing_without_its_account() {
        for change in [|r: &mut UserRecord| r.is_active = false, |r: &mut UserRecord| r.token_version = 5] {
            let mut record = user().record().clone();
            change(&mut record);
            let user = User::from_stored(record);
            let token = PresentedToken { generation: 1, is_superseded: false, lost_answers: 0 };
            assert_eq!(session().refresh(&user, token, client("192.0.2.1"), NOW), Refresh::Dead);
        }
    }

    #[test]
    fn of_a_user_agent_one_short_line_is_kept() {
        assert_eq!(UserAgent::clean(" a\r\nb\0 ").unwrap().as_str(), "a  b");
        assert_eq!(UserAgent::clean(&"x".repeat(300)).unwrap().as_str().len(), 200);
        assert_eq!(UserAgent::clean(" \n "), None);
    }

    proptest! {
        /// Two hold copies of the tokens that were issued and show them in any order. Whatever happens, at most one token is
        /// good at any time besides the one before it, and once a thief and the owner have both gone on from the same token,
        /// one of them ends the session for both.
        #[test]
        fn there_is_one_live_branch(shown in proptest::collection::vec(0..12usize, 1..40)) {
            let mut session = session();
            let mut issued = vec![PresentedToken { generation: 1, is_superseded: false, lost_answers: 0 }];
            for pick in shown {
                let token = issued[pick % issued.len()];
                match session.refresh(&user(), token, client("192.0.2.1"), NOW) {
                    Refresh::Rotated(rotation) => {
                        session = rotation.session().clone();
                        if rotation.supersedes() {
                            for other in issued.iter_mut().filter(|t| t.generation == session.generation) {
                                other.is_superseded = true;
                            }
                        }
                        issued.push(PresentedToken { generation: session.generation, is_superseded: false, lost_answers: 0 });
                    }
                    Refresh::Replayed(replay) => session = replay.session().clone(),
                    Refresh::TooOften { .. } => prop_assert!(false, "not within forty"),
                    Refresh::Dead => prop_assert!(session.revoked_at.is_some()),
                }
                let live = issued.iter().filter(|t| t.generation == session.generation && !t.is_superseded).count();
                prop_assert_eq!(live, 1);
                let before = issued.iter().filter(|t| t.generation == session.generation - 1 && !t.is_superseded).count();
                prop_assert!(before <= 1);
            }
        }
    }
}
