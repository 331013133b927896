//! Who is in a team: agents, each once.

use helpdesk_domain::{MAX_ID, Precondition, Role, Team, TeamId, User, UserPatch, UserRecord};

use super::bureau::{Trail, walk};
use super::desk::{Desk, at, user_id};
use crate::{MembershipCommit, Stores, TeamDeleted};

/// What is so already is not written again, nor told of.
pub async fn a_member_joins_and_leaves_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (day, night) = (desk.team("Day").await, desk.team("Night").await);
    let (user, other) = (desk.user(Role::Agent, "grace").await, desk.user(Role::Agent, "other").await);
    desk.join(&day, &other).await;
    desk.join(&night, &user).await;
    let mut trail = Trail::of(&desk).await;
    let joins = desk.joining(&day, &user);
    let leaves = day.dismiss(desk.admin.into(), &user, at(2));
    for _ in 0..2 {
        assert_eq!(desk.change_members(joins.clone()).await, MembershipCommit::Done);
        assert_eq!(trail.news(&desk).await, [joins.audit().clone()]);
        assert_eq!(desk.change_members(joins.clone()).await, MembershipCommit::Unchanged);
        assert_eq!(desk.members(day.id).await, [user.id(), other.id()]);
        assert_eq!(trail.news(&desk).await, []);
        assert_eq!(desk.change_members(leaves.clone()).await, MembershipCommit::Done);
        assert_eq!(trail.news(&desk).await, [leaves.audit().clone()]);
        assert_eq!(desk.change_members(leaves.clone()).await, MembershipCommit::Unchanged);
        assert_eq!(trail.news(&desk).await, []);
    }
    assert_eq!(desk.members(day.id).await, [other.id()], "nobody else left");
    assert_eq!(desk.members(night.id).await, [user.id()], "nor from anywhere else");
    assert_eq!(desk.account(user.id()).await, user, "the account is not touched");
}

/// An agent when it is written, disabled or not, whatever it was when that was decided.
pub async fn only_agents_join(stores: Stores) {
    let desk = Desk::new(stores).await;
    let day = desk.team("Day").await;
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    let disabled = desk.user(Role::Agent, "disabled").await;
    let disabled = desk.change_account(disabled.id(), disable, at(1)).await;
    desk.join(&day, &disabled).await;

    let was = desk.user(Role::Agent, "was-an-agent").await;
    let promote = UserPatch { role: Some(Role::Admin), ..UserPatch::default() };
    desk.change_account(was.id(), promote, at(1)).await;
    let customer = as_agent(&desk.user(Role::Customer, "ada").await);
    let admin = as_agent(&desk.account(desk.admin.id()).await);
    let nobody = UserRecord { id: user_id(MAX_ID), ..was.record().clone() };
    let mut trail = Trail::of(&desk).await;
    for user in [was, customer, admin, User::from_stored(nobody)] {
        let unmet = MembershipCommit::Unmet(Precondition::Agent(user.id()));
        assert_eq!(desk.change_members(desk.joining(&day, &user)).await, unmet);
        let leaves = day.dismiss(desk.admin.into(), &user, at(2));
        assert_eq!(desk.change_members(leaves).await, MembershipCommit::Unchanged, "it is in no team");
    }
    assert_eq!(trail.news(&desk).await, [], "nothing was written");
    assert_eq!(desk.members(day.id).await, [disabled.id()]);
}

/// Nor does anybody leave it, in which nobody is.
pub async fn nobody_joins_a_team_that_is_gone(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    let gone = desk.team("Gone").await;
    let deletion = gone.delete(desk.admin.into(), at(1)).expect("not the default team");
    assert_eq!(desk.stores.teams.delete(deletion).await, Ok(TeamDeleted::Done));
    let never = Team { id: TeamId::new(MAX_ID).expect("an id"), ..gone.clone() };
    let mut trail = Trail::of(&desk).await;
    for team in [gone, never] {
        let unmet = MembershipCommit::Unmet(Precondition::TeamExists(team.id));
        assert_eq!(desk.change_members(desk.joining(&team, &user)).await, unmet);
        let leaves = team.dismiss(desk.admin.into(), &user, at(2));
        assert_eq!(desk.change_members(leaves).await, MembershipCommit::Unchanged);
    }
    assert_eq!(trail.news(&desk).await, [], "nothing was written");
}

/// By id, disabled ones too, as they are today.
pub async fn pages_of_members_hold_each_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (day, night) = (desk.team("Day").await, desk.team("Night").await);
    let mut expected = Vec::new();
    for n in 0..9 {
        let user = desk.user(Role::Agent, &format!("agent-{n}")).await;
        desk.join(if n % 3 == 2 { &night } else { &day }, &user).await;
        let is_active = n % 4 != 0;
        let patch = UserPatch { is_active: Some(is_active), ..UserPatch::default() };
        let user = if is_active { user } else { desk.change_account(user.id(), patch, at(1)).await };
        if n % 3 != 2 {
            expected.push(user);
        }
    }
    for items in 1..=7 {
        assert_eq!(whole_list(&desk, &day, items).await, expected, "in pages of {items}");
    }
}

/// As if it had been one when it was decided that it joins.
fn as_agent(user: &User) -> User {
    User::from_stored(UserRecord { role: Role::Agent, ..user.record().clone() })
}

async fn whole_list(desk: &Desk, team: &Team, items: u64) -> Vec<User> {
    let read = async |page| {
        let members = desk.stores.teams.members(desk.admin.into(), team.id, page).await;
        members.map(|members| members.expect("the team is there"))
    };
    walk(items, User::id, read).await
}
