//! Races about passwords and invitations: of two that were decided upon one version, one is written, whole.

use helpdesk_domain::{
    AccountChange, AdminActor, FirstCredential, Precondition, Role, SessionId, User, UserPatch,
};

use super::bureau::{Trail, invitation};
use super::desk::{Desk, SYSTEM, account_change, at, at_once, despite_conflicts, hash, new_user, token};
use crate::{AccountCommit, Credentials, Stores};

/// Of many who accept one invitation, one chooses the password; the trail says so once.
pub async fn an_invitation_is_accepted_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    for round in 0..5_u32 {
        let user = invite(&desk, &format!("guest-{round}"), u128::from(round)).await;
        let mut trail = Trail::of(&desk).await;
        let changes: Vec<AccountChange> = (0..10)
            .map(|n| {
                let accepted = user.accept_invitation(&of(round), hash(&format!("{round}-{n}")), at(2));
                accepted.expect("it is good")
            })
            .collect();
        let winner = one_is_done(&desk, &changes).await;
        assert_eq!(desk.stores.users.invited(token(u128::from(round))).await, Ok(None));
        let expected = Credentials {
            user: changes[winner].user().clone(),
            password: hash(&format!("{round}-{winner}")),
        };
        assert_eq!(desk.credentials(&user).await, Some(expected), "the one who was told so");
        assert_eq!(trail.news(&desk).await, [changes[winner].audit().clone()]);
    }
}

/// Either is written whole: the password and no invitation, or the later invitation and no password.
pub async fn accepting_races_another_invitation(stores: Stores) {
    let desk = Desk::new(stores).await;
    for round in 0..6_u32 {
        let user = invite(&desk, &format!("guest-{round}"), u128::from(round)).await;
        let accepted = user.accept_invitation(&of(round), hash("mine"), at(2)).expect("it is good");
        let again = user.reset_password(desk.admin, of(round + 100), at(2));
        let changes = if round % 2 == 0 { [accepted, again] } else { [again, accepted] };
        let winner = one_is_done(&desk, &changes).await;
        let has_password = changes[winner].user().record().has_password;
        assert_eq!(desk.credentials(&user).await.is_some(), has_password);
        assert_eq!(desk.stores.users.invited(token(u128::from(round))).await, Ok(None), "it is over anyway");
        let later = desk.stores.users.invited(token(u128::from(round + 100))).await;
        assert_eq!(later.expect("looking for an invitation").is_some(), !has_password);
    }
}

/// Of two new passwords one is written, and of the sessions those are kept that go with it.
pub async fn of_two_new_passwords_one_is_written(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut user = desk.user(Role::Agent, "grace").await;
    for round in 0..6 {
        let mut trail = Trail::of(&desk).await;
        let session = desk.sign_in(&user, round, at(0)).await;
        let changes = [
            user.set_password(SYSTEM, hash(&format!("set-{round}")), at(2)),
            user.change_own_password(hash(&format!("own-{round}")), session.id, at(2)),
        ];
        let winner = one_is_done(&desk, &changes).await;
        user = changes[winner].user().clone();
        let password = hash(&format!("{}-{round}", ["set", "own"][winner]));
        assert_eq!(desk.credentials(&user).await, Some(Credentials { user: user.clone(), password }));
        assert_eq!(desk.is_good(user.id(), session.id).await, winner == 1);
        assert_eq!(trail.news(&desk).await, [changes[winner].audit().clone()]);
    }
}

/// A new password and a disabled account: one after the other, never half of either.
pub async fn a_new_password_races_disabling(stores: Stores) {
    let desk = Desk::new(stores).await;
    for round in 0..6 {
        let label = format!("agent-{round}");
        let user = desk.user(Role::Agent, &label).await;
        let session: SessionId = desk.sign_in(&user, round, at(0)).await.id;
        let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
        let changes = [
            user.change_own_password(hash("own"), session, at(2)),
            account_change(&user, desk.admin, disable, at(2)),
        ];
        let winner = one_is_done(&desk, &changes).await;
        let password = if winner == 0 { hash("own") } else { hash(&label) };
        let expected = Credentials { user: changes[winner].user().clone(), password };
        assert_eq!(desk.credentials(&user).await, Some(expected));
        assert_eq!(desk.is_good(user.id(), session).await, winner == 0);
    }
}

/// Two admins, the only ones, take the password from one another: one of them can still sign in.
pub async fn two_admins_who_reset_each_other_leave_one(stores: Stores) {
    let desk = Desk::new(stores).await;
    let a = desk.account(desk.admin.id()).await;
    let b = desk.user(Role::Admin, "second").await;
    let (mut a, mut b) = (a, b);
    // One who was only invited stands in for nobody.
    let guest = FirstCredential::Invitation(invitation(900, at(0)));
    let guest = User::create(SYSTEM.into(), new_user(Role::Admin, "guest"), guest, at(0));
    desk.create(guest.expect("an account")).await;
    for round in 0..8_u32 {
        let changes = [
            a.reset_password(AdminActor::new(b.id()), of(2 * round), at(2)),
            b.reset_password(AdminActor::new(a.id()), of(2 * round + 1), at(2)),
        ];
        let results = commit_at_once(&desk, &changes).await;
        let loser = match &results[..] {
            [AccountCommit::Done(user), AccountCommit::Unmet(unmet)] => {
                assert_eq!(*unmet, Precondition::AnotherAdminRemains(b.id()));
                user.clone()
            }
            [AccountCommit::Unmet(unmet), AccountCommit::Done(user)] => {
                assert_eq!(*unmet, Precondition::AnotherAdminRemains(a.id()));
                user.clone()
            }
            _ => panic!("of two admins one remains, but they came to {results:?}"),
        };
        assert_eq!(desk.stores.users.has_able_admin().await, Ok(true));
        let back = desk.write(loser.set_password(SYSTEM, hash("back"), at(3))).await;
        if back.id() == a.id() { a = back } else { b = back }
    }
}

/// Commits all of these at once, which were decided upon one version; which of them is written.
async fn one_is_done(desk: &Desk, changes: &[AccountChange]) -> usize {
    let results = commit_at_once(desk, changes).await;
    let mut winner = None;
    for (n, result) in results.iter().enumerate() {
        match result {
            AccountCommit::Done(user) => {
                assert_eq!(user, changes[n].user());
                assert_eq!(winner.replace(n), None, "no more than one is written");
            }
            other => assert_eq!(other, &AccountCommit::Stale),
        }
    }
    winner.expect("one is written")
}

async fn commit_at_once(desk: &Desk, changes: &[AccountChange]) -> Vec<AccountCommit> {
    at_once(
        changes.iter().map(|change| async move {
            despite_conflicts(|| desk.stores.users.commit(change.clone())).await
        }),
    )
    .await
}

async fn invite(desk: &Desk, label: &str, bits: u128) -> User {
    let credential = FirstCredential::Invitation(invitation(bits, at(1)));
    let creation = User::create(desk.admin.into(), new_user(Role::Agent, label), credential, at(1));
    desk.create(creation.expect("an account")).await
}

fn of(number: u32) -> helpdesk_domain::Invitation {
    invitation(u128::from(number), at(1))
}
