//! Accounts and their teams: agents alone are in one.

use helpdesk_domain::{
    FirstCredential, MAX_ID, NewUser, Precondition, Role, Team, TeamDeletion, TeamId, User, UserPatch,
};

use super::bureau::invitation;
use super::desk::{Desk, account_change, at, created, hash, new_user, token};
use crate::{AccountCommit, Stores, TeamDeleted, UserCreation};

/// The default team, unless teams are given; no teams are none.
pub async fn a_new_agent_joins_the_teams_it_is_given(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (default, day, night) = (desk.default_team().await, desk.team("Day").await, desk.team("Night").await);
    let cases = [
        ("usual", None, vec![default.id]),
        ("nowhere", Some(vec![]), vec![]),
        ("day", Some(vec![day.id]), vec![day.id]),
        ("both", Some(vec![night.id, day.id, night.id]), vec![day.id, night.id]),
        ("all", Some(vec![default.id, day.id, night.id]), vec![default.id, day.id, night.id]),
    ];
    for (label, teams, expected) in cases {
        let user = desk.create(created(desk.admin, agent_of(label, teams), hash(label), at(1))).await;
        assert_eq!(teams_of(&desk, &user).await, expected, "{label}");
    }
    // One who is invited is in its teams before it can sign in.
    let invited = NewUser { teams: Some(vec![night.id]), ..new_user(Role::Agent, "invited") };
    let invited =
        User::create(desk.admin.into(), invited, FirstCredential::Invitation(invitation(1, at(1))), at(1));
    let invited = desk.create(invited.expect("an account")).await;
    assert_eq!(teams_of(&desk, &invited).await, [night.id]);
}

/// Neither an admin nor a customer, whoever makes the account.
pub async fn nobody_but_an_agent_joins_a_team(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut users = vec![desk.account(desk.admin.id()).await];
    for role in [Role::Admin, Role::Customer] {
        users.push(desk.user(role, role.as_str()).await);
    }
    let new = new_user(Role::Customer, "registered");
    users.push(desk.create(User::register(new.email, new.name, hash("x"), at(1))).await);
    for user in users {
        assert_eq!(teams_of(&desk, &user).await, [], "{user:?}");
    }
}

/// It is not made, is in none of the other teams, and its address is still free.
pub async fn an_account_for_a_team_that_is_not_there_is_not_made(stores: Stores) {
    let desk = Desk::new(stores).await;
    let day = desk.team("Day").await;
    let gone = desk.team("Gone").await;
    assert_eq!(desk.stores.teams.delete(deletion(&desk, &gone)).await, Ok(TeamDeleted::Done));
    let trail = desk.trail().await;
    for missing in [gone.id, TeamId::new(MAX_ID).expect("an id")] {
        let unmet = Ok(UserCreation::Unmet(Precondition::TeamExists(missing)));
        for teams in [vec![missing], vec![day.id, missing]] {
            let new = agent_of("ada", Some(teams));
            let creation = created(desk.admin, new.clone(), hash("ada"), at(1));
            assert_eq!(desk.stores.users.create(creation).await, unmet);
            let credential = FirstCredential::Invitation(invitation(1, at(1)));
            let creation = User::create(desk.admin.into(), new, credential, at(1)).expect("an account");
            assert_eq!(desk.stores.users.create(creation).await, unmet);
        }
    }
    assert_eq!(desk.stores.users.invited(token(1)).await, Ok(None));
    assert_eq!(desk.members(day.id).await, []);
    assert_eq!(desk.trail().await, trail, "what is not written leaves no entry");
    let user = desk.create(created(desk.admin, agent_of("ada", None), hash("ada"), at(2))).await;
    assert_eq!(teams_of(&desk, &user).await, [desk.default_team().await.id]);
}

/// Whatever it becomes; the other members stay, and so does an agent who is disabled or renamed.
pub async fn who_stops_being_an_agent_leaves_every_team(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (default, day) = (desk.default_team().await, desk.team("Day").await);
    let both = vec![default.id, day.id];
    let stays =
        desk.create(created(desk.admin, agent_of("stays", Some(both.clone())), hash("x"), at(1))).await;
    for role in [Role::Admin, Role::Customer] {
        let new = agent_of(&format!("becomes-{role}"), Some(both.clone()));
        let user = desk.create(created(desk.admin, new, hash("x"), at(1))).await;
        let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
        let user = desk.change_account(user.id(), disable, at(2)).await;
        assert_eq!(teams_of(&desk, &user).await, both, "a disabled agent stays");
        let patch = UserPatch { is_active: Some(true), ..UserPatch::default() };
        let user = desk.change_account(user.id(), patch, at(3)).await;
        assert_eq!(teams_of(&desk, &user).await, both, "and is there when it comes back");

        let patch = UserPatch { role: Some(role), ..UserPatch::default() };
        let stale = account_change(&user, desk.admin, patch.clone(), at(4));
        let user = desk.write(account_change(&user, desk.admin, patch, at(4))).await;
        assert_eq!(teams_of(&desk, &user).await, [], "a {role} is in no team");

        let back = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
        let user = desk.change_account(user.id(), back, at(5)).await;
        assert_eq!(teams_of(&desk, &user).await, [default.id], "an agent again");
        assert_eq!(desk.stores.users.commit(stale).await, Ok(AccountCommit::Stale));
        assert_eq!(teams_of(&desk, &user).await, [default.id], "what is stale takes nobody out of a team");
    }
    assert_eq!(teams_of(&desk, &stays).await, both);
}

/// From whatever it was, disabled or not.
pub async fn who_becomes_an_agent_joins_the_default_team(stores: Stores) {
    let desk = Desk::new(stores).await;
    desk.team("Day").await;
    let default = desk.default_team().await;
    for role in [Role::Admin, Role::Customer] {
        for is_active in [true, false] {
            let user = desk.user(role, &format!("{role}-{is_active}")).await;
            let patch = UserPatch { role: Some(Role::Agent), is_active: Some(is_active), name: None };
            let user = desk.change_account(user.id(), patch, at(1)).await;
            assert_eq!(teams_of(&desk, &user).await, [default.id]);
        }
    }
}

/// A change that is unmet leaves the teams as they are.
pub async fn the_last_admin_becomes_no_member(stores: Stores) {
    let desk = Desk::new(stores).await;
    let last = desk.account(desk.admin.id()).await;
    let patch = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
    let change = account_change(&last, desk.admin, patch, at(1));
    let unmet = AccountCommit::Unmet(Precondition::AnotherAdminRemains(last.id()));
    assert_eq!(desk.stores.users.commit(change).await, Ok(unmet));
    assert_eq!(teams_of(&desk, &last).await, []);
}

fn agent_of(label: &str, teams: Option<Vec<TeamId>>) -> NewUser {
    NewUser { teams, ..new_user(Role::Agent, label) }
}

fn deletion(desk: &Desk, team: &Team) -> TeamDeletion {
    team.delete(desk.admin.into(), at(1)).expect("not the default team")
}

async fn teams_of(desk: &Desk, user: &User) -> Vec<TeamId> {
    let teams = desk.stores.teams.list(desk.admin.into(), super::desk::all()).await.expect("listing teams");
    let mut theirs = Vec::new();
    for team in teams.items {
        if desk.members(team.id).await.contains(&user.id()) {
            theirs.push(team.id);
        }
    }
    theirs
}
