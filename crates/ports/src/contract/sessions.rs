//! Sign-in sessions: they stand as long as their account lets them.

use helpdesk_domain::{MAX_ID, Role, SessionId, User, UserId, UserPatch};

use super::bureau::{invitation, rotated};
use super::desk::{Desk, SYSTEM, at, hash, name, session, token, user_id};
use crate::{Refreshed, Standing, Stores};

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
    let versions = [opened, promoted, disabled].map(|standing| standing.session_token_version);
    assert_eq!(versions, [opened.token_version; 3], "what it was good for, it was good for");
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

/// Only for an account that is active and at the version that the session was made for.
pub async fn a_session_opens_for_the_account_as_it_is(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    let rename = UserPatch { name: Some(name("Ada L.")), ..UserPatch::default() };
    desk.change_account(user.id(), rename, at(1)).await;
    desk.sign_in(&user, 1, at(1)).await;

    let refused = async |user: &User, bits| {
        let opened = desk.stores.sessions.open(session(user, bits, at(9)), token(bits)).await;
        assert_eq!(opened, Ok(false), "session {bits}");
        let standing = desk.stores.sessions.standing(user.id(), SessionId::from_bits(bits)).await;
        assert_eq!(standing, Ok(None), "nothing is written");
        assert_eq!(desk.show(bits, bits + 1000, at(9)).await, Refreshed::Dead);
    };
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    let disabled = desk.change_account(user.id(), disable, at(2)).await;
    refused(&user, 2).await;
    refused(&disabled, 3).await;
    let enable = UserPatch { is_active: Some(true), ..UserPatch::default() };
    let enabled = desk.change_account(user.id(), enable, at(3)).await;
    refused(&user, 4).await;
    desk.sign_in(&enabled, 5, at(3)).await;

    let changed = desk.write(enabled.set_password(SYSTEM, hash("set"), at(4))).await;
    refused(&enabled, 6).await;
    let reset = desk.write(changed.reset_password(desk.admin, invitation(77, at(5)), at(5))).await;
    refused(&changed, 7).await;
    let promote = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
    desk.change_account(user.id(), promote, at(6)).await;
    refused(&reset, 8).await;
    let ids: Vec<u128> = desk.live(user.id(), at(6)).await.iter().map(|one| one.id.bits()).collect();
    assert_eq!(ids, [0; 0], "none of them is good any more");
}

/// Who chooses another password goes on in the session in which it did, and in no other.
pub async fn a_session_is_kept_where_its_account_chooses_a_password(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (user, other) = (desk.user(Role::Agent, "grace").await, desk.user(Role::Agent, "other").await);
    for (user, bits) in [(&user, 1), (&user, 2), (&user, 3), (&other, 4)] {
        desk.sign_in(user, bits, at(0)).await;
    }
    let id = user.id();
    assert_eq!(rotated(desk.show(2, 20, at(1)).await).generation, 2);

    let kept = SessionId::from_bits(2);
    let user = desk.write(user.change_own_password(hash("second"), kept, at(2))).await;
    let version = user.record().token_version;
    let stands = standing(&desk, id, 2).await;
    assert_eq!(
        (stands.session_token_version, stands.token_version, stands.is_revoked),
        (version, version, false)
    );
    for bits in [1, 3] {
        assert!(standing(&desk, id, bits).await.is_revoked, "session {bits} is over");
        assert_eq!(desk.show(bits, bits + 1000, at(3)).await, Refreshed::Dead);
    }
    assert!(desk.is_good(other.id(), SessionId::from_bits(4)).await, "another account's goes on");
    let live = desk.live(id, at(3)).await;
    assert_eq!(live.iter().map(|one| (one.id, one.token_version)).collect::<Vec<_>>(), [(kept, version)]);
    let refreshed = rotated(desk.show(20, 21, at(3)).await);
    assert_eq!((refreshed.generation, refreshed.token_version), (3, version), "its token is still good");

    // Again in that session; and in one that is over, or is another's, nothing is kept.
    let user = desk.write(user.change_own_password(hash("third"), kept, at(4))).await;
    assert!(desk.is_good(id, kept).await);
    let user = desk.write(user.change_own_password(hash("fourth"), SessionId::from_bits(1), at(5))).await;
    assert!(!desk.is_good(id, kept).await, "it is not the one that is kept");
    assert!(!desk.is_good(id, SessionId::from_bits(1)).await, "an ended session stays over");
    desk.sign_in(&user, 5, at(6)).await;
    let before = standing(&desk, other.id(), 4).await;
    desk.write(user.change_own_password(hash("fifth"), SessionId::from_bits(4), at(6))).await;
    assert!(!desk.is_good(id, SessionId::from_bits(5)).await);
    assert_eq!(standing(&desk, other.id(), 4).await, before, "another account's session is not touched");
}

async fn open(desk: &Desk, user: UserId, bits: u128) {
    let user = desk.account(user).await;
    desk.sign_in(&user, bits, at(0)).await;
}

async fn standing(desk: &Desk, user: UserId, bits: u128) -> Standing {
    let standing = desk.stores.sessions.standing(user, SessionId::from_bits(bits)).await;
    standing.expect("asking for a session").expect("the session is the account's")
}
