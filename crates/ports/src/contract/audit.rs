//! The trail: each write of an account or a team leaves one entry, as it was decided; what is not written leaves none.

use helpdesk_domain::{
    AccountChange, AuditKind, AuditSubject, FirstCredential, MAX_ID, NewUser, Role, SessionId, Team,
    TeamName, User, UserId, UserPatch,
};

use super::bureau::{Trail, invitation, team_name};
use super::desk::{Desk, SYSTEM, account_change, at, created, email, hash, name, new_user, user_id};
use crate::{
    AccountCommit, AuditFilter, MembershipCommit, Stores, TeamDeleted, TeamMade, TeamRenamed, UserCreation,
};

/// However it is made.
pub async fn each_new_account_leaves_one_entry(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut trail = Trail::of(&desk).await;
    let awkward = NewUser { name: name("\"A'd\\a\" %_ 🙂 {x}"), ..new_user(Role::Agent, "o'b%_x") };
    let invite = FirstCredential::Invitation(invitation(1, at(1)));
    let NewUser { email, name, .. } = new_user(Role::Customer, "self-made");
    let creations = [
        created(desk.admin, new_user(Role::Agent, "grace"), hash("x"), at(1)),
        created(SYSTEM, awkward, hash("x"), at(2)),
        created(
            desk.admin,
            NewUser { teams: Some(vec![]), ..new_user(Role::Agent, "no-team") },
            hash("x"),
            at(3),
        ),
        User::create(desk.admin.into(), new_user(Role::Admin, "guest"), invite, at(4)).expect("an account"),
        User::register(email, name, hash("x"), at(5)),
    ];
    for creation in creations {
        let user = desk.create(creation.clone()).await;
        let (expected, entry) = creation.into_user(user.id());
        assert_eq!(user, expected, "made as the domain says");
        assert_eq!(trail.news(&desk).await, [entry]);
    }
}

/// With all else that happens along with it.
pub async fn each_change_of_an_account_leaves_one_entry(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, _) = desk.assigned_ticket().await;
    let mut trail = Trail::of(&desk).await;
    let mut write = async |change: AccountChange| {
        let user = desk.write(change.clone()).await;
        assert_eq!(trail.news(&desk).await, [change.audit().clone()]);
        user
    };
    let mut user = desk.account(agent.id()).await;
    for (second, patch) in (10..).zip([
        UserPatch { name: Some(name("New \u{1f642}")), ..UserPatch::default() },
        UserPatch { is_active: Some(false), ..UserPatch::default() },
        UserPatch { name: Some(name("O'\"\\%_")), role: Some(Role::Admin), is_active: Some(true) },
        UserPatch { role: Some(Role::Agent), ..UserPatch::default() },
    ]) {
        user = write(account_change(&user, desk.admin, patch, at(second))).await;
    }
    user = write(user.set_password(SYSTEM, hash("set"), at(20))).await;
    user = write(user.set_password(desk.admin, hash("set again"), at(21))).await;
    user = write(user.reset_password(desk.admin, invitation(1, at(22)), at(22))).await;
    let accepted = user.accept_invitation(&invitation(1, at(22)), hash("mine"), at(23)).expect("it is good");
    user = write(accepted).await;
    write(user.change_own_password(hash("other"), SessionId::from_bits(1), at(24))).await;

    let user = desk.account(customer.id()).await;
    let renaming = match user.rename_self(name("Ada L."), at(30)) {
        Ok(helpdesk_domain::AccountOutcome::Changed(change)) => *change,
        other => panic!("another name came to {other:?}"),
    };
    write(renaming).await;
}

/// Of teams and of who is in them.
pub async fn each_change_of_a_team_leaves_one_entry(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    let mut trail = Trail::of(&desk).await;
    for by in [desk.admin.into(), SYSTEM.into()] {
        let longest = "🙂".repeat(TeamName::MAX_CHARS);
        for label in ["Night", "'\"\\%_ {}", longest.as_str()] {
            let creation = Team::create(by, team_name(label), at(1));
            let made = desk.stores.teams.create(creation.clone()).await.expect("creating a team");
            let TeamMade::Created(team) = made else { panic!("{made:?}") };
            let (expected, entry) = creation.into_team(team.id);
            assert_eq!(team, expected, "made as the domain says");
            assert_eq!(trail.news(&desk).await, [entry]);

            let renaming = team.rename(by, team_name("Day"), at(2)).expect("another name");
            let renamed = desk.stores.teams.rename(renaming.clone()).await;
            assert_eq!(renamed, Ok(TeamRenamed::Done(renaming.team())));
            assert_eq!(trail.news(&desk).await, [renaming.audit().clone()]);
            let team = renaming.team();

            for change in [team.admit(by, &user, at(3)).expect("an agent"), team.dismiss(by, &user, at(4))] {
                assert_eq!(desk.change_members(change.clone()).await, MembershipCommit::Done);
                assert_eq!(trail.news(&desk).await, [change.audit().clone()]);
            }
            let deletion = team.delete(by, at(5)).expect("not the default team");
            assert_eq!(desk.stores.teams.delete(deletion.clone()).await, Ok(TeamDeleted::Done));
            assert_eq!(trail.news(&desk).await, [deletion.audit().clone()]);
        }
    }
}

/// Stale, unmet, taken: the trail tells of nothing that did not happen.
pub async fn what_is_not_written_leaves_no_entry(stores: Stores) {
    let desk = Desk::new(stores).await;
    let old = desk.user(Role::Agent, "grace").await;
    let rename = UserPatch { name: Some(name("New")), ..UserPatch::default() };
    desk.change_account(old.id(), rename, at(1)).await;
    let last = desk.account(desk.admin.id()).await;
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    let mut trail = Trail::of(&desk).await;

    let taken = created(desk.admin, new_user(Role::Customer, "grace"), hash("x"), at(2));
    assert_eq!(desk.stores.users.create(taken).await, Ok(UserCreation::EmailTaken));
    let NewUser { email, name, .. } = new_user(Role::Customer, "grace");
    let taken = User::register(email, name, hash("x"), at(2));
    assert_eq!(desk.stores.users.create(taken).await, Ok(UserCreation::EmailTaken));
    for change in [
        account_change(&old, desk.admin, disable.clone(), at(2)),
        old.set_password(SYSTEM, hash("late"), at(2)),
        old.reset_password(desk.admin, invitation(1, at(2)), at(2)),
    ] {
        assert_eq!(desk.stores.users.commit(change).await, Ok(AccountCommit::Stale));
    }
    for change in [
        account_change(&last, desk.admin, disable, at(2)),
        last.reset_password(desk.admin, invitation(1, at(2)), at(2)),
    ] {
        assert!(matches!(desk.stores.users.commit(change).await, Ok(AccountCommit::Unmet(_))));
    }
    let creation = Team::create(desk.admin.into(), team_name("Support"), at(2));
    assert_eq!(desk.stores.teams.create(creation).await, Ok(TeamMade::NameTaken));
    assert_eq!(trail.news(&desk).await, []);
}

/// By who did it and by what it was, alone and together, newest first, in pages of every size.
pub async fn filters_of_the_trail_let_through_what_they_say(stores: Stores) {
    let desk = Desk::new(stores).await;
    let admins = [desk.user(Role::Admin, "first").await, desk.user(Role::Admin, "second").await];
    let mut user = desk.user(Role::Agent, "grace").await;
    for n in 0..12 {
        let by = helpdesk_domain::AdminActor::new(admins[n % 2].id());
        let now = at(100 - i64::try_from(n).expect("a small number"));
        let change = match n % 3 {
            0 => user.set_password(by, hash("x"), now),
            1 => user.change_own_password(hash("x"), SessionId::from_bits(1), now),
            _ => {
                let patch = UserPatch { name: Some(name(&format!("Name {n}"))), ..UserPatch::default() };
                account_change(&user, by, patch, now)
            }
        };
        user = desk.write(change).await;
        desk.stores
            .teams
            .create(Team::create(by.into(), team_name(&format!("Team {n}")), at(0)))
            .await
            .expect("creating a team");
    }
    let everything = desk.trail().await;
    assert!(everything.len() >= 28);
    assert!(everything.is_sorted_by(|a, b| a.id > b.id), "newest first, each once");
    let mut actors: Vec<Option<UserId>> = vec![None, Some(user_id(MAX_ID)), Some(desk.admin.id())];
    actors.extend([&admins[0], &admins[1], &user].map(|one| Some(one.id())));
    for actor in actors {
        for kind in AuditKind::ALL.iter().copied().map(Some).chain([None]) {
            let filter = AuditFilter { actor, kind };
            let mut expected = everything.clone();
            expected.retain(|record| filter.admits(&record.entry));
            for items in [1, 3, 4, 100] {
                let listed = desk.trail_in_pages(filter, items).await;
                assert_eq!(listed, expected, "{filter:?} in pages of {items}");
            }
        }
    }
}

/// Of who did it; the subject is called what it was called then, though it has another name now, or is gone.
pub async fn the_actors_name_is_the_one_of_today(stores: Stores) {
    let desk = Desk::new(stores).await;
    let team = desk.team("Night").await;
    let user = desk.user(Role::Customer, "ada").await;
    let admin = desk.account(desk.admin.id()).await;
    desk.write(user.change_own_password(hash("x"), SessionId::from_bits(1), at(1))).await;
    for (id, called) in [(admin.id(), "Root 🙂"), (user.id(), "Ada L.")] {
        let rename = UserPatch { name: Some(name(called)), ..UserPatch::default() };
        desk.change_account(id, rename, at(2)).await;
    }
    let renaming = team.rename(desk.admin.into(), team_name("Late"), at(3)).expect("another name");
    desk.stores.teams.rename(renaming.clone()).await.expect("renaming a team");
    let deletion = renaming.team().delete(desk.admin.into(), at(4)).expect("not the default team");
    assert_eq!(desk.stores.teams.delete(deletion).await, Ok(TeamDeleted::Done));

    let mut labels = Vec::new();
    for record in desk.trail().await {
        let expected = match record.entry.actor.id {
            None => None,
            Some(id) if id == user.id() => Some("Ada L."),
            Some(id) => {
                assert_eq!(id, desk.admin.id());
                Some("Root 🙂")
            }
        };
        assert_eq!(record.actor_name.as_deref(), expected, "{record:?}");
        if record.entry.subject == AuditSubject::Team(team.id) {
            labels.push(record.entry.label);
        } else if record.entry.subject == AuditSubject::User(user.id()) {
            assert_eq!(record.entry.label, email("ada").as_str());
        }
    }
    assert_eq!(labels, ["Late", "Night", "Night"]);
}
