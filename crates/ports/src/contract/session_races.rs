//! Races about sessions: however tokens are shown, one branch lives, and none outlives what ended its account or itself.

use helpdesk_domain::{AuditKind, Role, Session, SessionId, User, UserPatch};

use super::bureau::{Trail, both, rotated, shown_by_number};
use super::desk::{Desk, account_change, at, at_once, despite_conflicts, hash, session, token};
use crate::{AccountCommit, Refreshed, Stores};

const DISABLE: UserPatch = UserPatch { name: None, role: None, is_active: Some(false) };
const ENABLE: UserPatch = UserPatch { name: None, role: None, is_active: Some(true) };

/// How many show one token at once.
const SHOWN: usize = 20;

/// Each is told that its answer takes the place of a lost one, and the last one's does: it is the one that goes on.
pub async fn of_many_who_show_one_token_one_goes_on(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    for round in 0..6_u32 {
        let start = 100 * u128::from(round);
        let opened = desk.sign_in(&user, start, at(0)).await;
        let answers = show_at_once(&desk, start).await;
        let mut told: Vec<Session> = answers.into_iter().map(rotated).collect();
        assert!(told.iter().all(|session| session.generation == 2), "round {round}");

        // Whose place nobody took is the one the session knows as its client.
        let live = desk.live(user.id(), at(1)).await;
        let now = live.iter().find(|session| session.id == opened.id).expect("the session goes on");
        assert!(told.contains(now), "what is there is what one of them was told");
        let last = told.iter().position(|session| session == now).expect("it was just seen");
        told.remove(last);
        assert_eq!(told.len(), SHOWN - 1);
        let successor = |n: usize| start + 1 + n as u128;
        let other = successor((last + 1 + round as usize) % SHOWN);
        let replayed = Refreshed::Replayed { user: user.id(), session: opened.id };
        if round % 2 == 0 {
            let next = rotated(desk.show(successor(last), start + 90, at(2)).await);
            assert_eq!(next.generation, 3, "round {round}: the last one's token is good");
            assert_eq!(desk.show(other, start + 91, at(3)).await, replayed, "and no other one's");
        } else {
            assert_eq!(desk.show(other, start + 91, at(3)).await, replayed, "its place was taken");
            assert_eq!(desk.show(successor(last), start + 90, at(3)).await, Refreshed::Dead);
        }
        assert!(!desk.is_good(user.id(), opened.id).await);
    }
}

/// Of many who show what was used long ago, one ends the session; the trail says so once.
pub async fn of_many_replays_one_ends_the_session(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    let opened = desk.sign_in(&user, 0, at(0)).await;
    rotated(desk.show(0, 50, at(1)).await);
    rotated(desk.show(50, 51, at(1)).await);
    let mut trail = Trail::of(&desk).await;
    let answers = show_at_once(&desk, 0).await;
    let replayed = Refreshed::Replayed { user: user.id(), session: opened.id };
    assert_eq!(answers.iter().filter(|answer| **answer == replayed).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| **answer == Refreshed::Dead).count(), SHOWN - 1);
    let kinds: Vec<AuditKind> = trail.news(&desk).await.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [AuditKind::RefreshTokenReplayed]);
    assert!(!desk.is_good(user.id(), opened.id).await);
}

/// Whoever is first: afterwards nothing of the session is good, nor of what was given out meanwhile.
pub async fn refreshing_races_disabling(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut user = desk.user(Role::Agent, "grace").await;
    for round in 0..6_u32 {
        let start = 100 * u128::from(round);
        let opened = desk.sign_in(&user, start, at(0)).await;
        let mut trail = Trail::of(&desk).await;
        let disable = account_change(&user, desk.admin, DISABLE, at(1));
        let disabling = despite_conflicts(|| desk.stores.users.commit(disable.clone()));
        let (answers, disabled) = both(round, show_at_once(&desk, start), disabling).await;
        assert!(matches!(disabled, AccountCommit::Done(_)), "{disabled:?}");
        assert_rotated_or_dead(&answers);
        assert!(!desk.is_good(user.id(), opened.id).await);
        user = desk.change_account(user.id(), ENABLE, at(2)).await;
        assert!(!desk.is_good(user.id(), opened.id).await);
        all_are_dead(&desk, start).await;
        let kinds: Vec<AuditKind> = trail.news(&desk).await.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [AuditKind::UserUpdated; 2], "round {round}: nobody showed a token twice");
    }
}

/// Whoever is first: the session is over, as its owner was told.
pub async fn refreshing_races_signing_out(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    for round in 0..6_u32 {
        let start = 100 * u128::from(round);
        let opened = desk.sign_in(&user, start, at(0)).await;
        let ending = despite_conflicts(|| desk.stores.sessions.end(user.id(), opened.id, at(1)));
        let (answers, ended) = both(round, show_at_once(&desk, start), ending).await;
        assert!(ended, "round {round}: the session was live, whoever was first");
        assert_rotated_or_dead(&answers);
        assert!(!desk.is_good(user.id(), opened.id).await);
        assert_eq!(desk.live(user.id(), at(1)).await, []);
        all_are_dead(&desk, start).await;
    }
}

/// The session in which a password is chosen goes on through it, and is at the new version whoever writes last.
pub async fn refreshing_races_a_new_password(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut user = desk.user(Role::Agent, "grace").await;
    for round in 0..8_u32 {
        let start = 100 * u128::from(round);
        let kept = desk.sign_in(&user, start, at(0)).await;
        let lost = desk.sign_in(&user, start + 50, at(0)).await;
        let change = user.change_own_password(hash(&format!("chosen-{round}")), kept.id, at(1));
        let changing = despite_conflicts(|| desk.stores.users.commit(change.clone()));
        let showing = at_once([(start, start + 1), (start + 50, start + 51)].map(|(shown, successor)| {
            let desk = &desk;
            let shown = shown_by_number(shown, successor, 1, at(1));
            async move { despite_conflicts(|| desk.stores.sessions.refresh(shown.clone())).await }
        }));
        let (answers, changed) = both(round, showing, changing).await;
        assert_eq!(changed, AccountCommit::Done(change.user().clone()));
        user = change.user().clone();
        assert_eq!(rotated(answers[0].clone()).generation, 2, "the session that is kept is never dead");
        assert_rotated_or_dead(&answers[1..]);
        assert!(desk.is_good(user.id(), kept.id).await, "round {round}");
        assert!(!desk.is_good(user.id(), lost.id).await, "round {round}");
        assert_eq!(rotated(desk.show(start + 1, start + 2, at(2)).await).generation, 3);
        for dead in [start + 50, start + 51] {
            assert_eq!(desk.show(dead, start + 60, at(2)).await, Refreshed::Dead);
        }
    }
}

/// Whoever is first: a session that was opened for the account as it was is none, or over.
pub async fn signing_in_races_disabling(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut user = desk.user(Role::Agent, "grace").await;
    for round in 0..8_u32 {
        let start = 100 * u128::from(round);
        let disable = account_change(&user, desk.admin, DISABLE, at(1));
        let disabling = despite_conflicts(|| desk.stores.users.commit(disable.clone()));
        let (opened, disabled) = both(round, open_at_once(&desk, &user, start), disabling).await;
        assert!(matches!(disabled, AccountCommit::Done(_)), "{disabled:?}");
        assert_none_is_good(&desk, &user, start, &opened).await;
        user = desk.change_account(user.id(), ENABLE, at(2)).await;
        assert_none_is_good(&desk, &user, start, &opened).await;
    }
}

/// The same where a password is chosen: of the sessions under the old one, the one in which it was chosen is kept.
pub async fn signing_in_races_a_new_password(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut user = desk.user(Role::Agent, "grace").await;
    for round in 0..8_u32 {
        let start = 100 * u128::from(round);
        let kept = desk.sign_in(&user, start + 99, at(0)).await;
        let change = user.change_own_password(hash(&format!("chosen-{round}")), kept.id, at(1));
        let changing = despite_conflicts(|| desk.stores.users.commit(change.clone()));
        let (opened, changed) = both(round, open_at_once(&desk, &user, start), changing).await;
        assert_eq!(changed, AccountCommit::Done(change.user().clone()));
        assert_none_is_good(&desk, &user, start, &opened).await;
        assert!(desk.is_good(user.id(), kept.id).await, "round {round}");
        assert_eq!(desk.live(user.id(), at(1)).await.len(), 1, "round {round}");
        user = change.user().clone();
    }
}

/// Of many who end one session, one did.
pub async fn of_many_who_end_a_session_one_does(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    let opened = desk.sign_in(&user, 1, at(0)).await;
    let ended = at_once((0..SHOWN).map(|_| {
        let (desk, user) = (&desk, user.id());
        async move { despite_conflicts(|| desk.stores.sessions.end(user, opened_id(), at(1))).await }
    }))
    .await;
    assert_eq!(opened.id, opened_id());
    assert_eq!(ended.iter().filter(|ended| **ended).count(), 1, "{ended:?}");
}

fn opened_id() -> SessionId {
    SessionId::from_bits(1)
}

/// Shows the token with the number `start` many times at once, for the successors with the numbers behind it.
async fn show_at_once(desk: &Desk, start: u128) -> Vec<Refreshed> {
    at_once((1..=SHOWN).map(|n| {
        let shown = shown_by_number(start, start + n as u128, n, at(1));
        async move { despite_conflicts(|| desk.stores.sessions.refresh(shown.clone())).await }
    }))
    .await
}

async fn open_at_once(desk: &Desk, user: &User, start: u128) -> Vec<bool> {
    at_once((0..4).map(|n| {
        let session = session(user, start + n, at(1));
        async move { despite_conflicts(|| desk.stores.sessions.open(session.clone(), token(start + n))).await }
    }))
    .await
}

fn assert_rotated_or_dead(answers: &[Refreshed]) {
    for answer in answers {
        assert!(matches!(answer, Refreshed::Rotated { .. } | Refreshed::Dead), "{answer:?}");
    }
}

async fn all_are_dead(desk: &Desk, start: u128) {
    for n in 0..=SHOWN as u128 {
        assert_eq!(desk.show(start + n, start + 99, at(3)).await, Refreshed::Dead, "token {n}");
    }
}

async fn assert_none_is_good(desk: &Desk, user: &User, start: u128, opened: &[bool]) {
    for (n, opened) in (0..).zip(opened) {
        let id = SessionId::from_bits(start + n);
        let standing = desk.stores.sessions.standing(user.id(), id).await.expect("asking for a session");
        assert_eq!(standing.is_some(), *opened, "what is told is what is there");
        assert!(standing.is_none_or(|standing| standing.is_revoked), "what was opened before was ended");
        assert!(!desk.is_good(user.id(), id).await, "session {n} was opened under what is over");
        assert_eq!(desk.show(start + n, start + 50 + n, at(2)).await, Refreshed::Dead);
    }
}
