//! Forgetting what is over: sessions with their tokens, and invitations.

use std::time::Duration;

use helpdesk_domain::{
    FirstCredential, INVITATION_LIFETIME, Role, SESSION_IDLE_LIFETIME, SESSION_LIFETIME, SessionId, Ts, User,
};

use super::bureau::{Trail, invitation, rotated};
use super::desk::{Desk, at, new_user, token};
use crate::{Forgotten, Invited, Refreshed, Stores};

const MICROSECOND: Duration = Duration::from_micros(1);

/// Those that ended for good before the moment; one that is merely revoked or idle could still be asked about.
pub async fn sessions_that_ended_are_forgotten_with_their_tokens(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    for (bits, second) in [(1, 0), (2, 0), (3, 1), (4, 2)] {
        desk.sign_in(&user, bits, at(second)).await;
    }
    // The second is ended by a replay, the third by its account; none of that makes it old.
    rotated(desk.show(2, 20, at(3)).await);
    rotated(desk.show(20, 21, at(3)).await);
    assert!(matches!(desk.show(2, 22, at(3)).await, Refreshed::Replayed { .. }));
    assert_eq!(desk.stores.sessions.end(user.id(), SessionId::from_bits(3), at(4)).await, Ok(true));
    rotated(desk.show(4, 40, at(4)).await);
    rotated(desk.show(40, 41, at(4)).await);

    let end = at(0).after(SESSION_LIFETIME);
    for nothing in [at(5), at(5).after(SESSION_IDLE_LIFETIME), end] {
        assert_eq!(forget(&desk, nothing, 10).await, 0, "nothing ended before {nothing}");
    }
    for bits in 1..=4 {
        assert!(stands(&desk, &user, bits).await, "session {bits} is still there");
    }
    let mut trail = Trail::of(&desk).await;
    assert_eq!(forget(&desk, end.after(MICROSECOND), 10).await, 2);
    for (bits, is_there) in [(1, false), (2, false), (3, true), (4, true)] {
        assert_eq!(stands(&desk, &user, bits).await, is_there, "session {bits}");
    }
    for dead in [1, 2, 20, 21, 22] {
        assert_eq!(desk.show(dead, 99, at(5)).await, Refreshed::Dead, "token {dead}");
    }
    assert_eq!(trail.news(&desk).await, [], "a token that is forgotten is no replay");

    // What goes on keeps all of its tokens.
    assert_eq!(rotated(desk.show(41, 42, at(5)).await).generation, 4);
    let replayed = Refreshed::Replayed { user: user.id(), session: SessionId::from_bits(4) };
    assert_eq!(desk.show(4, 43, at(5)).await, replayed);
    assert_eq!(desk.account(user.id()).await, user, "the account is not touched");
}

/// By their end; the account stays, and can be invited again.
pub async fn invitations_that_ended_are_forgotten(stores: Stores) {
    let desk = Desk::new(stores).await;
    let old = invite(&desk, "old", 1, at(0)).await;
    let new = invite(&desk, "new", 2, at(1)).await;
    let end = at(0).after(INVITATION_LIFETIME);
    assert_eq!(forget(&desk, end, 10).await, 0, "it ends in this moment, not before");
    let expected = Invited { user: old.clone(), invitation: invitation(1, at(0)) };
    assert_eq!(desk.stores.users.invited(token(1)).await, Ok(Some(expected)), "it may be too old");
    assert_eq!(forget(&desk, end.after(MICROSECOND), 10).await, 1);
    assert_eq!(desk.stores.users.invited(token(1)).await, Ok(None));
    let expected = Invited { user: new, invitation: invitation(2, at(1)) };
    assert_eq!(desk.stores.users.invited(token(2)).await, Ok(Some(expected)));

    assert_eq!(desk.account(old.id()).await, old);
    let again = desk.write(old.reset_password(desk.admin, invitation(3, at(9)), at(9))).await;
    let expected = Invited { user: again, invitation: invitation(3, at(9)) };
    assert_eq!(desk.stores.users.invited(token(3)).await, Ok(Some(expected)));
}

/// So many of each at a time, until none is left.
pub async fn what_is_over_is_forgotten_in_batches(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    let later = at(0).after(SESSION_LIFETIME * 2);
    for bits in 1..=5 {
        desk.sign_in(&user, bits, at(0)).await;
        desk.sign_in(&user, bits + 100, later).await;
    }
    for bits in 1..=3 {
        invite(&desk, &format!("guest-{bits}"), bits, at(0)).await;
        invite(&desk, &format!("later-{bits}"), bits + 100, later).await;
    }
    for (sessions, invitations) in [(2, 2), (2, 1), (1, 0), (0, 0)] {
        assert_eq!(forget(&desk, later, 2).await, sessions + invitations);
    }
    for bits in 1..=5 {
        assert!(!stands(&desk, &user, bits).await);
        assert!(stands(&desk, &user, bits + 100).await, "session {bits} is not over");
    }
    for bits in 1..=3 {
        assert_eq!(desk.stores.users.invited(token(bits)).await, Ok(None));
        let later = desk.stores.users.invited(token(bits + 100)).await.expect("looking for an invitation");
        assert!(later.is_some(), "invitation {bits} is not over");
    }
    assert_eq!(forget(&desk, later, 1).await, 0);
    let nothing = desk.stores.sessions.forget_ended(later, 1).await;
    assert_eq!(nothing, Ok(Forgotten { count: 0, is_all: true }));
}

async fn forget(desk: &Desk, before: Ts, most: usize) -> usize {
    let forgotten = desk.stores.sessions.forget_ended(before, most).await.expect("forgetting what is over");
    assert!(!forgotten.is_all || forgotten.count < 2 * most, "as many as were asked for may not be all");
    forgotten.count
}

async fn stands(desk: &Desk, user: &User, bits: u128) -> bool {
    let standing = desk.stores.sessions.standing(user.id(), SessionId::from_bits(bits)).await;
    standing.expect("asking for a session").is_some()
}

async fn invite(desk: &Desk, label: &str, bits: u128, now: Ts) -> User {
    let credential = FirstCredential::Invitation(invitation(bits, now));
    let creation = User::create(desk.admin.into(), new_user(Role::Agent, label), credential, now);
    desk.create(creation.expect("an account")).await
}
