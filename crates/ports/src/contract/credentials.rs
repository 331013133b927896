//! Passwords and invitations: what an account proves itself by, and how the one takes the place of the other.

use helpdesk_domain::{
    AccountChange, FirstCredential, Invitation, MAX_ID, PasswordHash, Precondition, Role, SessionId, User,
    UserPatch,
};

use super::bureau::invitation;
use super::desk::{Desk, SYSTEM, account_change, at, created, email, hash, name, new_user, token, user_id};
use crate::{AccountCommit, Credentials, Invited, Stores};

const DISABLE: UserPatch = UserPatch { name: None, role: None, is_active: Some(false) };

/// Until it accepts, nobody can sign in to it; afterwards the invitation is worth nothing.
pub async fn an_invited_account_has_no_password_until_it_accepts(stores: Stores) {
    let desk = Desk::new(stores).await;
    for (bits, &role) in (1..).zip(Role::ALL) {
        let label = format!("{role}-invited");
        let invitation = invitation(bits, at(1));
        let user = invite(&desk, role, &label, invitation).await;
        assert!(!user.record().has_password);
        assert_eq!(desk.account(user.id()).await, user);
        assert_eq!(desk.credentials(&user).await, None);
        assert_eq!(desk.stores.users.own(user.id()).await, Ok(Some(user.clone())));
        assert_eq!(invited(&desk, bits).await, Some(Invited { user: user.clone(), invitation }));
        assert_eq!(invited(&desk, bits + 100).await, None, "another token");

        let accepted = user.accept_invitation(&invitation, hash("chosen"), at(2)).expect("it is good");
        let user = desk.write(accepted).await;
        assert!(user.record().has_password);
        assert_eq!(desk.credentials(&user).await, Some(Credentials { user, password: hash("chosen") }));
        assert_eq!(invited(&desk, bits).await, None, "it was used");
    }
}

/// Of two invitations only the later one is good, whatever the account had before.
pub async fn a_later_invitation_takes_the_place_of_the_earlier(stores: Stores) {
    let desk = Desk::new(stores).await;
    let first = invite(&desk, Role::Agent, "grace", invitation(1, at(1))).await;
    let other = invite(&desk, Role::Agent, "other", invitation(9, at(1))).await;
    let second = desk.write(first.reset_password(desk.admin, invitation(2, at(2)), at(2))).await;
    assert_eq!(invited(&desk, 1).await, None, "the earlier one");
    let expected = Invited { user: second.clone(), invitation: invitation(2, at(2)) };
    assert_eq!(invited(&desk, 2).await, Some(expected));
    assert_eq!(desk.credentials(&second).await, None);
    let expected = Invited { user: other, invitation: invitation(9, at(1)) };
    assert_eq!(invited(&desk, 9).await, Some(expected), "another account's stands");
}

/// The password goes, an invitation comes, and every session ends.
pub async fn a_reset_takes_the_password_away(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (user, other) = (desk.user(Role::Customer, "ada").await, desk.user(Role::Agent, "grace").await);
    for (user, bits) in [(&user, 1), (&user, 2), (&other, 3)] {
        desk.sign_in(user, bits, at(0)).await;
    }
    let reset = desk.write(user.reset_password(desk.admin, invitation(7, at(3)), at(3))).await;
    assert_eq!(desk.credentials(&reset).await, None);
    assert_eq!(invited(&desk, 7).await.map(|invited| invited.user), Some(reset.clone()));
    for bits in [1, 2] {
        assert!(!desk.is_good(user.id(), SessionId::from_bits(bits)).await, "session {bits} is over");
    }
    assert!(desk.is_good(other.id(), SessionId::from_bits(3)).await, "another account's goes on");
    assert_eq!(desk.credentials(&other).await, Some(Credentials { user: other, password: hash("grace") }));
}

/// The account's own, the operator's, each as it was given; nobody else's changes.
pub async fn a_new_password_is_kept_as_it_was_given(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut user = desk.user(Role::Agent, "grace").await;
    let other = desk.user(Role::Agent, "other").await;
    for (second, scheme) in (1..).zip([0, 2, i16::MAX]) {
        let session = desk.sign_in(&user, u128::from(scheme.unsigned_abs()), at(second)).await;
        let own = PasswordHash { scheme, text: format!("$own${second}\\'\"% ü") };
        user = desk.write(user.change_own_password(own.clone(), session.id, at(second))).await;
        let expected = Credentials { user: user.clone(), password: own };
        assert_eq!(desk.credentials(&user).await, Some(expected));

        let set = PasswordHash { scheme, text: format!("$set${second}") };
        user = desk.write(user.set_password(SYSTEM, set.clone(), at(second))).await;
        assert_eq!(desk.credentials(&user).await, Some(Credentials { user: user.clone(), password: set }));
    }
    assert_eq!(desk.credentials(&other).await, Some(Credentials { user: other, password: hash("other") }));
}

/// Whoever gives an invited account a password, makes the invitation worthless.
pub async fn a_new_password_uses_an_invitation_up(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = invite(&desk, Role::Admin, "second", invitation(1, at(1))).await;
    let user = desk.write(user.set_password(SYSTEM, hash("set"), at(2))).await;
    assert_eq!(invited(&desk, 1).await, None);
    assert_eq!(desk.credentials(&user).await, Some(Credentials { user, password: hash("set") }));
}

/// A new name, another role, being disabled: neither a password nor an invitation goes with it.
pub async fn other_changes_keep_password_and_invitation(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut user = desk.user(Role::Customer, "ada").await;
    let mut guest = invite(&desk, Role::Customer, "guest", invitation(1, at(1))).await;
    let patches = [
        UserPatch { name: Some(name("New")), ..UserPatch::default() },
        UserPatch { role: Some(Role::Agent), ..UserPatch::default() },
        DISABLE,
        UserPatch { role: Some(Role::Admin), is_active: Some(true), ..UserPatch::default() },
    ];
    for (second, patch) in (2..).zip(patches) {
        user = desk.write(account_change(&user, desk.admin, patch.clone(), at(second))).await;
        guest = desk.write(account_change(&guest, desk.admin, patch, at(second))).await;
        let expected = Credentials { user: user.clone(), password: hash("ada") };
        assert_eq!(desk.credentials(&user).await, Some(expected));
        assert_eq!(desk.credentials(&guest).await, None);
        let expected = Invited { user: guest.clone(), invitation: invitation(1, at(1)) };
        assert_eq!(invited(&desk, 1).await, Some(expected), "a disabled account's too: the rules decide");
    }
}

/// What was decided upon an older version writes neither password nor invitation, and ends no session.
pub async fn a_stale_credential_writes_nothing(stores: Stores) {
    let desk = Desk::new(stores).await;
    let old = desk.user(Role::Agent, "grace").await;
    let guest = invite(&desk, Role::Agent, "guest", invitation(1, at(1))).await;
    let session = desk.sign_in(&old, 1, at(1)).await.id;
    let rename = UserPatch { name: Some(name("New")), ..UserPatch::default() };
    let now = desk.change_account(old.id(), rename.clone(), at(2)).await;
    let guest_now = desk.change_account(guest.id(), rename, at(2)).await;

    let late = [
        old.set_password(SYSTEM, hash("late"), at(3)),
        old.change_own_password(hash("late"), session, at(3)),
        old.reset_password(desk.admin, invitation(2, at(3)), at(3)),
        guest.accept_invitation(&invitation(1, at(1)), hash("late"), at(3)).expect("it is good"),
        guest.reset_password(desk.admin, invitation(3, at(3)), at(3)),
    ];
    for change in late {
        assert_eq!(desk.stores.users.commit(change).await, Ok(AccountCommit::Stale));
    }
    let expected = Credentials { user: now.clone(), password: hash("grace") };
    assert_eq!(desk.credentials(&now).await, Some(expected));
    assert!(desk.is_good(now.id(), session).await, "the session goes on");
    assert_eq!(desk.credentials(&guest_now).await, None);
    let expected = Invited { user: guest_now, invitation: invitation(1, at(1)) };
    assert_eq!(invited(&desk, 1).await, Some(expected));
    for bits in [2, 3] {
        assert_eq!(invited(&desk, bits).await, None, "invitation {bits} was never written");
    }
}

/// By address, and for the account itself; absence is an answer.
pub async fn an_account_is_found_by_its_address_and_by_itself(stores: Stores) {
    let desk = Desk::new(stores).await;
    let users = &desk.stores.users;
    let ada = desk.user(Role::Customer, "ada").await;
    let ada = desk.change_account(ada.id(), DISABLE, at(1)).await;
    let guest = invite(&desk, Role::Agent, "guest", invitation(1, at(1))).await;
    for user in [ada, guest] {
        let address = user.record().email.clone();
        for by in [desk.admin.into(), SYSTEM.into()] {
            assert_eq!(users.find_by_email(by, address.clone()).await, Ok(Some(user.clone())));
            assert_eq!(users.find(by, user.id()).await, Ok(Some(user.clone())));
        }
        assert_eq!(users.own(user.id()).await, Ok(Some(user)));
    }
    for label in ["nobody", "%", "_da", "ad"] {
        assert_eq!(users.find_by_email(SYSTEM.into(), email(label)).await, Ok(None), "{label}");
    }
    assert_eq!(users.own(user_id(MAX_ID)).await, Ok(None));
    assert_eq!(users.own_credentials(user_id(MAX_ID)).await, Ok(None));
    assert_eq!(users.invited(token(1000)).await, Ok(None));
}

/// One who is an admin, active, and has a password, all at once.
pub async fn an_able_admin_can_sign_in(stores: Stores) {
    let is_able = async || stores.users.has_able_admin().await.expect("asking for an admin");
    assert!(!is_able().await, "an empty store has no accounts");
    for role in [Role::Agent, Role::Customer] {
        let creation = created(SYSTEM, new_user(role, role.as_str()), hash("x"), at(0));
        stores.users.create(creation).await.expect("creating an account");
    }
    assert!(!is_able().await, "neither an agent nor a customer is an admin");

    let credential = FirstCredential::Invitation(invitation(1, at(0)));
    let creation = User::create(SYSTEM.into(), new_user(Role::Admin, "root"), credential, at(0));
    stores.users.create(creation.expect("an account")).await.expect("creating an account");
    assert!(!is_able().await, "one who is only invited cannot sign in");

    let by_email = async || {
        let found = stores.users.find_by_email(SYSTEM.into(), email("root")).await;
        found.expect("finding an account").expect("the account is there")
    };
    let commit = async |change: AccountChange| {
        let committed = stores.users.commit(change).await.expect("committing a change of an account");
        assert!(matches!(committed, AccountCommit::Done(_)), "{committed:?}");
    };
    let decide = |user: &User, patch| match user.decide(SYSTEM, patch, at(1)) {
        Ok(helpdesk_domain::AccountOutcome::Changed(change)) => *change,
        other => panic!("a patch that changes something came to {other:?}"),
    };
    commit(decide(&by_email().await, DISABLE)).await;
    commit(by_email().await.set_password(SYSTEM, hash("root"), at(1))).await;
    assert!(!is_able().await, "one who is disabled cannot sign in");
    let enable = UserPatch { is_active: Some(true), ..UserPatch::default() };
    commit(decide(&by_email().await, enable)).await;
    assert!(is_able().await, "there is one");
}

/// Only one who can sign in can stand in for the last admin.
pub async fn an_admin_without_a_password_does_not_save_the_last(stores: Stores) {
    let desk = Desk::new(stores).await;
    let last = desk.account(desk.admin.id()).await;
    let session = desk.sign_in(&last, 1, at(0)).await.id;
    let second = invite(&desk, Role::Admin, "second", invitation(1, at(1))).await;
    let unmet = Ok(AccountCommit::Unmet(Precondition::AnotherAdminRemains(last.id())));
    let demote = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
    for change in [
        account_change(&last, desk.admin, DISABLE, at(2)),
        account_change(&last, desk.admin, demote, at(2)),
        last.reset_password(desk.admin, invitation(2, at(2)), at(2)),
    ] {
        assert_eq!(desk.stores.users.commit(change).await, unmet);
    }
    assert_eq!(desk.account(last.id()).await, last, "nothing was written");
    let expected = Credentials { user: last.clone(), password: hash("root") };
    assert_eq!(desk.credentials(&last).await, Some(expected));
    assert_eq!(invited(&desk, 2).await, None);
    assert!(desk.is_good(last.id(), session).await, "its session goes on");

    // Another password leaves an admin an admin.
    let last = desk.write(last.set_password(SYSTEM, hash("set"), at(3))).await;
    let accepted = second.accept_invitation(&invitation(1, at(1)), hash("second"), at(4));
    let second = desk.write(accepted.expect("it is good")).await;
    desk.write(last.reset_password(second_admin(&second), invitation(3, at(5)), at(5))).await;
    let change = account_change(&second, second_admin(&second), DISABLE, at(6));
    let unmet = Ok(AccountCommit::Unmet(Precondition::AnotherAdminRemains(second.id())));
    assert_eq!(desk.stores.users.commit(change).await, unmet, "now this one is the last");
}

fn second_admin(user: &User) -> helpdesk_domain::AdminActor {
    helpdesk_domain::AdminActor::new(user.id())
}

async fn invite(desk: &Desk, role: Role, label: &str, invitation: Invitation) -> User {
    let credential = FirstCredential::Invitation(invitation);
    let creation = User::create(desk.admin.into(), new_user(role, label), credential, at(1));
    desk.create(creation.expect("an account that the rules allow")).await
}

async fn invited(desk: &Desk, bits: u128) -> Option<Invited> {
    desk.stores.users.invited(token(bits)).await.expect("looking for an invitation")
}
