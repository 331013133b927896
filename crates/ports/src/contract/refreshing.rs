//! Refresh tokens: a store writes what the rule of rotation says, and nothing else.

use std::collections::HashMap;
use std::time::Duration;

use fastrand::Rng;
use helpdesk_domain::{
    AuditKind, PresentedToken, Refresh, Role, SESSION_IDLE_LIFETIME, SESSION_LIFETIME, Session, SessionId,
    User, UserPatch,
};

use super::bureau::{Trail, rotated};
use super::desk::{Desk, at, client, name, token};
use super::visibility::Seed;
use crate::{Refreshed, ShownToken, Stores};

const DISABLE: UserPatch = UserPatch { name: None, role: None, is_active: Some(false) };
const ENABLE: UserPatch = UserPatch { name: None, role: None, is_active: Some(true) };

/// Each token begins the next generation; the answer holds account and session as they are.
pub async fn a_refreshed_session_goes_on(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    let opened = desk.sign_in(&user, 1, at(0)).await;
    let rename = UserPatch { name: Some(name("Ada L.")), ..UserPatch::default() };
    let user = desk.change_account(user.id(), rename, at(1)).await;
    let mut trail = Trail::of(&desk).await;
    for (generation, address) in (1..).zip(["192.0.2.9", "2001:db8::7", "192.0.2.1"]) {
        let now = at(1000 * generation);
        let shown = ShownToken {
            token: token(generation.unsigned_abs().into()),
            successor: token(u128::from(generation.unsigned_abs()) + 1),
            client: client(address),
            at: now,
        };
        let expected = Session {
            generation: generation + 1,
            last_used_at: now,
            idle_expires_at: now.after(SESSION_IDLE_LIFETIME),
            client: Some(client(address)),
            ..opened.clone()
        };
        match desk.stores.sessions.refresh(shown).await.expect("showing a refresh token") {
            Refreshed::Rotated { user: now, session } => {
                assert_eq!(now, user);
                assert_eq!(*session, expected);
            }
            other => panic!("a good token came to {other:?}"),
        }
        assert_eq!(
            desk.live(user.id(), now).await,
            std::slice::from_ref(&expected),
            "what was told is there"
        );
        let standing = desk.stores.sessions.standing(user.id(), opened.id).await;
        let standing = standing.expect("asking for a session").expect("it is there");
        assert_eq!(standing.idle_expires_at, expected.idle_expires_at);
        assert_eq!(standing.expires_at, opened.expires_at, "the end stays where it was");
    }
    assert_eq!(trail.news(&desk).await, [], "refreshing is nothing to tell of");
}

/// As often as answers are lost, until one of them was not; a lost answer's token is a replay afterwards.
pub async fn a_lost_answer_is_given_again(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    for (start, replayed) in (0..).step_by(100).zip([11, 12, 10, 13]) {
        desk.sign_in(&user, start + 10, at(0)).await;
        for successor in [11, 12, 13] {
            let session = rotated(desk.show(start + 10, start + successor, at(1)).await);
            assert_eq!(session.generation, 2, "the lost one's place is taken");
        }
        assert_eq!(
            rotated(desk.show(start + 13, start + 14, at(2)).await).generation,
            3,
            "the last one is good"
        );
        let came_to = desk.show(start + replayed, start + 15, at(3)).await;
        if replayed == 13 {
            assert_eq!(rotated(came_to).generation, 3, "its answer may be lost as well");
        } else {
            let session = SessionId::from_bits(start + 10);
            assert_eq!(came_to, Refreshed::Replayed { user: user.id(), session }, "token {replayed}");
        }
    }
}

/// The whole session, of which nothing is good any more; no other one; and the trail says so once.
pub async fn a_token_that_is_used_twice_ends_its_session(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    let opened = desk.sign_in(&user, 1, at(0)).await;
    desk.sign_in(&user, 50, at(0)).await;
    rotated(desk.show(1, 2, at(1)).await);
    let session = rotated(desk.show(2, 3, at(2)).await);
    let mut trail = Trail::of(&desk).await;

    let thief = client("2001:db8::bad");
    let shown = ShownToken { token: token(1), successor: token(4), client: thief.clone(), at: at(3) };
    let came_to = desk.stores.sessions.refresh(shown).await;
    assert_eq!(came_to, Ok(Refreshed::Replayed { user: user.id(), session: opened.id }));
    let presented = PresentedToken { generation: 1, is_superseded: false, lost_answers: 0 };
    let Refresh::Replayed(replay) = session.refresh(&user, presented, thief, at(3)) else {
        panic!("the rule says that this is a replay");
    };
    let news = trail.news(&desk).await;
    assert_eq!(news, [replay.audit().clone()]);
    assert_eq!(news[0].kind, AuditKind::RefreshTokenReplayed);

    assert!(!desk.is_good(user.id(), opened.id).await);
    for dead in 1..=4 {
        assert_eq!(desk.show(dead, 5, at(4)).await, Refreshed::Dead, "token {dead}");
    }
    assert_eq!(desk.show(5, 6, at(4)).await, Refreshed::Dead, "a successor that was never given");
    assert_eq!(trail.news(&desk).await, [], "a dead session is nothing to tell of");
    rotated(desk.show(50, 51, at(4)).await);
}

/// Whether it never was, or its session is over for whatever reason; and nothing is written then.
pub async fn what_belongs_to_no_live_session_is_dead(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    assert_eq!(desk.show(1, 2, at(0)).await, Refreshed::Dead, "nobody has it");
    assert_eq!(desk.show(2, 3, at(0)).await, Refreshed::Dead, "nor its successor");

    let idle = at(0).after(SESSION_IDLE_LIFETIME);
    desk.sign_in(&user, 10, at(0)).await;
    assert_eq!(desk.show(10, 11, idle).await, Refreshed::Dead, "idle for too long");
    let before = idle.before(Duration::from_micros(1));
    assert_eq!(rotated(desk.show(10, 12, before).await).generation, 2, "nothing was written of the dead");
    assert_eq!(desk.show(11, 13, before).await, Refreshed::Dead, "the token that was not given is none");

    // Refreshed until the very end.
    let end = at(0).after(SESSION_LIFETIME);
    desk.sign_in(&user, 20, at(0)).await;
    for days in 1..=5 {
        rotated(
            desk.show(
                19 + days,
                20 + days,
                at(0)
                    .after(Duration::from_hours(24 * 6) * u32::try_from(days).expect("few"))
                    .before(Duration::from_micros(1)),
            )
            .await,
        );
    }
    assert_eq!(desk.show(25, 26, end).await, Refreshed::Dead, "at its end");

    desk.sign_in(&user, 30, at(0)).await;
    assert_eq!(desk.stores.sessions.end(user.id(), SessionId::from_bits(30), at(1)).await, Ok(true));
    assert_eq!(desk.show(30, 31, at(1)).await, Refreshed::Dead, "it was ended");

    desk.sign_in(&user, 40, at(0)).await;
    let mut trail = Trail::of(&desk).await;
    desk.change_account(user.id(), DISABLE, at(2)).await;
    assert_eq!(desk.show(40, 41, at(2)).await, Refreshed::Dead, "the account is disabled");
    let user = desk.change_account(user.id(), ENABLE, at(3)).await;
    assert_eq!(desk.show(40, 41, at(3)).await, Refreshed::Dead, "what is over stays over");

    desk.sign_in(&user, 60, at(3)).await;
    let promote = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
    desk.change_account(user.id(), promote, at(4)).await;
    assert_eq!(desk.show(60, 61, at(4)).await, Refreshed::Dead, "the account has another role");
    let kinds: Vec<AuditKind> = trail.news(&desk).await.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [AuditKind::UserUpdated; 3], "of dead tokens the trail says nothing");
}

/// Times of a session do not run backwards, though the clock does.
pub async fn a_clock_that_was_set_back_moves_no_session_back(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    desk.sign_in(&user, 1, at(100)).await;
    let session = rotated(desk.show(1, 2, at(50)).await);
    assert_eq!(session.last_used_at, at(100));
    assert_eq!(desk.live(user.id(), at(50)).await, [session]);
}

/// As often as the rule allows; what comes too often changes nothing.
pub async fn a_session_is_not_refreshed_too_often(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    desk.sign_in(&user, 1000, at(0)).await;
    let mut newest = 1000;
    let retry_after = loop {
        match desk.show(newest, newest + 1, at(1)).await {
            Refreshed::TooOften { retry_after } => break retry_after,
            other => assert_eq!(rotated(other).generation, i64::try_from(newest - 998).expect("small")),
        }
        newest += 1;
        assert!(newest < 2000, "there is an end to it");
    };
    assert!(newest > 1020, "a client that asks at once for what it lost is not sent away");
    assert!(!retry_after.is_zero());
    assert_eq!(desk.show(newest + 1, 5000, at(1)).await, Refreshed::Dead, "nothing was written");
    rotated(desk.show(newest, 5000, at(1).after(retry_after)).await);
}

/// Each lost answer's token is kept; whoever makes too many of them loses the session.
pub async fn answers_are_not_lost_for_ever(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    let opened = desk.sign_in(&user, 1000, at(0)).await;
    let mut successor = 1001;
    while let Refreshed::Rotated { session, .. } = desk.show(1000, successor, at(1)).await {
        assert_eq!(session.generation, 2);
        successor += 1;
        assert!(successor < 2000, "there is an end to it");
    }
    assert!(successor > 1020, "a bad connection is no replay");
    assert!(!desk.is_good(user.id(), opened.id).await);
}

/// Two hold copies of everything and show it in any order: at each step the store answers as the rule says.
pub async fn a_store_rotates_by_the_rule(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    let mut model = Model { user: user.clone(), sessions: Vec::new(), tokens: Vec::new() };
    for bits in 0..12 {
        let session = desk.sign_in(&user, bits, at(0)).await;
        model.tokens.push((
            model.sessions.len(),
            PresentedToken { generation: 1, is_superseded: false, lost_answers: 0 },
        ));
        model.sessions.push(session);
    }
    let mut numbers: HashMap<usize, u128> = (0..12).map(|n| (n, n as u128)).collect();
    for step in 0..150_u32 {
        // Mostly the newest few, so that sessions live for a while.
        let known = model.tokens.len();
        let pick = if rng.u8(..6) == 0 { rng.usize(..known) } else { known - 1 - rng.usize(..known.min(12)) };
        let (shown, successor) = (numbers[&pick], u128::from(step) + 1000);
        let now = at(rng.i64(0..50));
        let expected = model.show(pick, now);
        if matches!(expected, Refreshed::Rotated { .. }) {
            numbers.insert(model.tokens.len() - 1, successor);
        }
        assert_eq!(desk.show(shown, successor, now).await, expected, "step {step}");
    }
    for session in &model.sessions {
        let is_good = desk.is_good(user.id(), session.id).await;
        assert_eq!(is_good, session.revoked_at.is_none());
    }
}

/// The sessions and every token there ever was, as the domain decides about them.
struct Model {
    user: User,
    sessions: Vec<Session>,
    tokens: Vec<(usize, PresentedToken)>,
}

impl Model {
    fn show(&mut self, pick: usize, now: helpdesk_domain::Ts) -> Refreshed {
        let (place, token) = self.tokens[pick];
        let newest = self.sessions[place].generation;
        let lost = self
            .tokens
            .iter()
            .filter(|(of, other)| *of == place && other.generation == newest && other.is_superseded);
        let token = PresentedToken { lost_answers: lost.count().try_into().unwrap_or(i64::MAX), ..token };
        match self.sessions[place].refresh(&self.user, token, client("192.0.2.1"), now) {
            Refresh::Rotated(rotation) => {
                let session = rotation.session().clone();
                let generation = session.generation;
                let others = self.tokens.iter_mut().filter(|(of, _)| *of == place && rotation.supersedes());
                for (_, other) in others {
                    other.is_superseded |= other.generation == generation;
                }
                self.tokens
                    .push((place, PresentedToken { generation, is_superseded: false, lost_answers: 0 }));
                self.sessions[place] = session.clone();
                Refreshed::Rotated { user: self.user.clone(), session: Box::new(session) }
            }
            Refresh::Replayed(replay) => {
                self.sessions[place] = replay.session().clone();
                Refreshed::Replayed { user: self.user.id(), session: replay.session().id }
            }
            Refresh::TooOften { retry_after } => Refreshed::TooOften { retry_after },
            Refresh::Dead => Refreshed::Dead,
        }
    }
}
