//! Sign-in sessions: they stand as long as their account lets them.

use helpdesk_domain::{MAX_ID, Role, SessionId, UserId, UserPatch};

use super::desk::{Desk, at, name, user_id};
use crate::{Standing, Stores};

/// As it was opened, whatever its id; a store knows no clock, so also when it is over.
pub async fn a_session_stands_as_it_was_opened(stores: Stores) {
    let desk = Desk::new(stores).await;
    for (bits, &role) in [0, 1, u128::MAX].into_iter().zip(Role::ALL) {
        let user = desk.user(role, &format!("{role}-1")).await;
        let session = desk.sign_in(&user, bits, at(0)).await;
        let expected = Standing {
            role,
            is_active: true,
            token_version: user.record().token_version,
            session_token_version: user.record().token_version,
            expires_at: session.expires_at,
            idle_expires_at: session.idle_expires_at,
            is_revoked: false,
        };
        assert_eq!(desk.stores.sessions.standing(user.id(), session.id).await, Ok(Some(expected)));
    }
}

/// A session counts for its own account alone.
pub async fn an_unknown_session_stands_nowhere(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (ada, grace) = (desk.customer("ada").await.id(), desk.agent("grace").await.id());
    open(&desk, ada, 1).await;
    open(&desk, grace, 2).await;
    for (user, bits) in [(ada, 2), (grace, 1), (ada, 3), (user_id(MAX_ID), 1), (desk.admin.id(), 1)] {
        let standing = desk.stores.sessions.standing(user, SessionId::from_bits(bits)).await;
        assert_eq!(standing, Ok(None), "session {bits} of account {user}");
    }
}

/// Role, activity and token version are those of today.
pub async fn a_session_follows_its_account(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await.id();
    open(&desk, user, 1).await;
    let opened = standing(&desk, user, 1).await;
    desk.change_account(user, UserPatch { name: Some(name("Ada L.")), ..UserPatch::default() }, at(1)).await;
    assert_eq!(standing(&desk, user, 1).await, opened, "a new name ends nothing");

    let patch = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
    let changed = desk.change_account(user, patch, at(2)).await;
    let promoted = standing(&desk, user, 1).await;
    assert_eq!(
        (promoted.role, promoted.is_active, promoted.token_version, promoted.is_revoked),
        (Role::Agent, true, changed.record().token_version, true)
    );
    let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
    let changed = desk.change_account(user, patch, at(3)).await;
    let disabled = standing(&desk, user, 1).await;
    assert_eq!(
        (disabled.is_active, disabled.token_version, disabled.is_revoked),
        (false, changed.record().token_version, true)
    );
}

/// A change that ends sessions ends all of that account, none of another, and none that is opened afterwards.
pub async fn ended_sessions_are_those_of_the_account(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (ada, grace) = (desk.customer("ada").await.id(), desk.agent("grace").await.id());
    for (user, bits) in [(ada, 1), (ada, 2), (ada, 3), (grace, 4), (desk.admin.id(), 5)] {
        open(&desk, user, bits).await;
    }
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(ada, disable, at(1)).await;
    for bits in 1..=3 {
        assert!(standing(&desk, ada, bits).await.is_revoked, "session {bits} is over");
    }
    assert!(!standing(&desk, grace, 4).await.is_revoked, "another account's session goes on");
    assert!(!standing(&desk, desk.admin.id(), 5).await.is_revoked, "and so does the admin's own");

    let enable = UserPatch { is_active: Some(true), ..UserPatch::default() };
    desk.change_account(ada, enable, at(2)).await;
    open(&desk, ada, 6).await;
    assert!(!standing(&desk, ada, 6).await.is_revoked, "a new session is a new one");
    assert!(standing(&desk, ada, 1).await.is_revoked, "an ended session stays over");
}

async fn open(desk: &Desk, user: UserId, bits: u128) {
    let user = desk.account(user).await;
    desk.sign_in(&user, bits, at(0)).await;
}

async fn standing(desk: &Desk, user: UserId, bits: u128) -> Standing {
    let standing = desk.stores.sessions.standing(user, SessionId::from_bits(bits)).await;
    standing.expect("asking for a session").expect("the session is the account's")
}
