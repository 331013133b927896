//! Races about teams: nothing ever belongs to a team that is gone, and nobody is in one who is no agent.

use helpdesk_domain::{NewUser, Precondition, Role, Team, TeamDeletion, User, UserPatch};

use super::bureau::{Trail, both, move_to, team_name};
use super::desk::{
    Desk, PARALLEL, account_change, all, at, at_once, created, decided, despite_conflicts, hash, new_user,
};
use crate::{
    AccountCommit, Commit, MembershipCommit, Stores, TeamDeleted, TeamMade, TeamRenamed, UserCreation,
};

/// Either the ticket is moved and the team stays, or the team is gone and the ticket stays where it was.
pub async fn deleting_a_team_races_moving_tickets_to_it(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    for round in 0..10 {
        let team = desk.team(&format!("Team {round}")).await;
        let mut changes = Vec::new();
        for _ in 0..3 {
            let ticket = desk.ticket(customer, "Again", at(1)).await;
            changes.push((ticket.id(), decided(&ticket, desk.admin, move_to(&team), at(2))));
        }
        let moving = at_once(changes.iter().map(|(_, change)| {
            let desk = &desk;
            async move { despite_conflicts(|| desk.stores.tickets.commit(change.clone())).await }
        }));
        let (moved, deleted) = both(round, moving, delete(&desk, &team)).await;
        let exists = is_there(&desk, &team).await;
        assert_eq!(deleted, if exists { TeamDeleted::NotEmpty } else { TeamDeleted::Done }, "round {round}");
        for ((id, _), moved) in changes.iter().zip(&moved) {
            let read = desk.read(*id).await.ticket;
            if exists {
                // One that lost to nobody was moved, or there would be no reason for the team to stay.
                assert!(matches!(moved, Commit::Done(_)), "round {round}: {moved:?}");
                assert_eq!(read.record().team.id(), team.id);
            } else {
                assert_eq!(moved, &Commit::Unmet(Precondition::TeamExists(team.id)), "round {round}");
                assert_eq!((read.version(), read.record().team.name()), (1, "Support"));
            }
        }
    }
}

/// Either the agent is in the team, which stays, or neither.
pub async fn deleting_a_team_races_joining_it(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Agent, "grace").await;
    for round in 0..12 {
        let team = desk.team(&format!("Team {round}")).await;
        let mut trail = Trail::of(&desk).await;
        let joins = desk.joining(&team, &user);
        let joining = despite_conflicts(|| desk.stores.teams.change_membership(joins.clone()));
        let (joined, deleted) = both(round, joining, delete(&desk, &team)).await;
        match joined {
            MembershipCommit::Done => {
                assert_eq!(deleted, TeamDeleted::NotEmpty);
                assert_eq!(desk.members(team.id).await, [user.id()]);
                assert_eq!(trail.news(&desk).await, [joins.audit().clone()]);
            }
            other => {
                assert_eq!(other, MembershipCommit::Unmet(Precondition::TeamExists(team.id)));
                assert_eq!(deleted, TeamDeleted::Done);
                assert!(!is_there(&desk, &team).await);
                assert_eq!(trail.news(&desk).await, [deletion(&desk, &team).audit().clone()]);
            }
        }
    }
}

/// Whoever is first: nobody who is no agent is in a team.
pub async fn joining_a_team_races_losing_the_role(stores: Stores) {
    let desk = Desk::new(stores).await;
    let team = desk.team("Night").await;
    let mut user = desk.user(Role::Agent, "grace").await;
    for round in 0..12 {
        let joins = desk.joining(&team, &user);
        let role = if round % 3 == 0 { Role::Admin } else { Role::Customer };
        let patch = UserPatch { role: Some(role), ..UserPatch::default() };
        let change = account_change(&user, desk.admin, patch, at(2));
        let joining = despite_conflicts(|| desk.stores.teams.change_membership(joins.clone()));
        let leaving = despite_conflicts(|| desk.stores.users.commit(change.clone()));
        let (joined, left) = both(round, joining, leaving).await;
        assert_eq!(left, AccountCommit::Done(change.user().clone()), "round {round}");
        let unmet = MembershipCommit::Unmet(Precondition::Agent(user.id()));
        assert!(joined == MembershipCommit::Done || joined == unmet, "round {round}: {joined:?}");
        assert_eq!(desk.members(team.id).await, [], "round {round}: it is no agent any more");
        let default = desk.default_team().await;
        assert_eq!(desk.members(default.id).await, [], "round {round}");
        let back = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
        user = desk.change_account(user.id(), back, at(3)).await;
    }
}

/// Either the account is in the team, or it is not made and its address still free.
pub async fn making_an_agent_races_deleting_its_team(stores: Stores) {
    let desk = Desk::new(stores).await;
    for round in 0..12 {
        let team = desk.team(&format!("Team {round}")).await;
        let label = format!("agent-{round}");
        let new = NewUser { teams: Some(vec![team.id]), ..new_user(Role::Agent, &label) };
        let creation = created(desk.admin, new, hash(&label), at(1));
        let making = despite_conflicts(|| desk.stores.users.create(creation.clone()));
        let (made, deleted) = both(round, making, delete(&desk, &team)).await;
        match made {
            UserCreation::Created(user) => {
                assert_eq!(deleted, TeamDeleted::NotEmpty);
                assert_eq!(desk.members(team.id).await, [user.id()]);
            }
            other => {
                assert_eq!(other, UserCreation::Unmet(Precondition::TeamExists(team.id)));
                assert_eq!(deleted, TeamDeleted::Done);
                assert!(!is_there(&desk, &team).await);
                desk.user(Role::Customer, &label).await;
            }
        }
    }
}

/// Of many who join or leave a team, it is one who did; the trail says so once.
pub async fn of_many_who_add_a_member_one_does(stores: Stores) {
    let desk = Desk::new(stores).await;
    let team = desk.team("Night").await;
    let user: User = desk.user(Role::Agent, "grace").await;
    for change in [desk.joining(&team, &user), team.dismiss(desk.admin.into(), &user, at(2))] {
        let mut trail = Trail::of(&desk).await;
        let results = at_once((0..PARALLEL).map(|_| {
            let (desk, change) = (&desk, &change);
            async move { despite_conflicts(|| desk.stores.teams.change_membership(change.clone())).await }
        }))
        .await;
        let done = results.iter().filter(|result| **result == MembershipCommit::Done).count();
        let unchanged = results.iter().filter(|result| **result == MembershipCommit::Unchanged).count();
        assert_eq!((done, unchanged), (1, PARALLEL - 1));
        assert_eq!(trail.news(&desk).await, [change.audit().clone()]);
    }
    assert_eq!(desk.members(team.id).await, []);
}

/// Of many who make a team of one name or give it to another, one gets it.
pub async fn of_many_teams_with_one_name_there_is_one(stores: Stores) {
    let desk = Desk::new(stores).await;
    for round in 0..4 {
        let label = format!("Wanted {round}");
        let mut others = Vec::new();
        for n in 0..4 {
            others.push(desk.team(&format!("Other {round}-{n}")).await);
        }
        let mut trail = Trail::of(&desk).await;
        let making = at_once((0..8).map(|n| {
            let creation = Team::create(desk.admin.into(), team_name(&label), at(n));
            let desk = &desk;
            async move { despite_conflicts(|| desk.stores.teams.create(creation.clone())).await }
        }));
        let renaming = at_once(others.iter().map(|team| {
            let renaming = team.rename(desk.admin.into(), team_name(&label), at(1)).expect("another name");
            let desk = &desk;
            async move { despite_conflicts(|| desk.stores.teams.rename(renaming.clone())).await }
        }));
        let (made, renamed) = both(round, making, renaming).await;
        let mut winners = Vec::new();
        for made in made {
            match made {
                TeamMade::Created(team) => winners.push(team),
                TeamMade::NameTaken => {}
            }
        }
        for renamed in renamed {
            match renamed {
                TeamRenamed::Done(team) => winners.push(team),
                other => assert_eq!(other, TeamRenamed::NameTaken),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}");
        let teams = desk.stores.teams.list(desk.admin.into(), all()).await.expect("listing teams").items;
        let named: Vec<&Team> = teams.iter().filter(|team| team.name == team_name(&label)).collect();
        assert_eq!(named, [&winners[0]]);
        assert_eq!(trail.news(&desk).await.len(), 1, "the trail tells of the one");
    }
}

/// Of two who rename a team, or one who renames and one who deletes it, one comes too late.
pub async fn of_two_who_change_a_team_one_is_stale(stores: Stores) {
    let desk = Desk::new(stores).await;
    for round in 0..8 {
        let team = desk.team(&format!("Team {round}")).await;
        let rename = async |label: String| {
            let renaming = team.rename(desk.admin.into(), team_name(&label), at(1)).expect("another name");
            despite_conflicts(|| desk.stores.teams.rename(renaming.clone())).await
        };
        let (one, other) = (format!("One {round}"), format!("Other {round}"));
        let (one, other) = both(round, rename(one), rename(other)).await;
        let team = match (one, other) {
            (TeamRenamed::Done(team), TeamRenamed::Stale) | (TeamRenamed::Stale, TeamRenamed::Done(team)) => {
                team
            }
            both => panic!("of two who rename a team one is first, but they came to {both:?}"),
        };
        let found = desk.stores.teams.find(desk.admin.into(), team.id).await;
        assert_eq!(found, Ok(Some(team.clone())));

        let renaming = team.rename(desk.admin.into(), team_name("Last"), at(1)).expect("another name");
        let renaming = despite_conflicts(|| desk.stores.teams.rename(renaming.clone()));
        let (renamed, deleted) = both(round, renaming, delete(&desk, &team)).await;
        match (renamed, deleted) {
            (TeamRenamed::Done(team), TeamDeleted::Stale) => {
                assert_eq!(delete(&desk, &team).await, TeamDeleted::Done);
            }
            (TeamRenamed::Stale, TeamDeleted::Done) => {}
            both => panic!("of rename and delete one is first, but they came to {both:?}"),
        }
        assert!(!is_there(&desk, &team).await);
    }
}

/// Of many who delete a team, one did.
pub async fn of_many_who_delete_a_team_one_does(stores: Stores) {
    let desk = Desk::new(stores).await;
    let team = desk.team("Night").await;
    let mut trail = Trail::of(&desk).await;
    let mut deleted = at_once((0..10).map(|_| delete(&desk, &team))).await;
    deleted.retain(|deleted| *deleted != TeamDeleted::Stale);
    assert_eq!(deleted, [TeamDeleted::Done]);
    assert_eq!(trail.news(&desk).await, [deletion(&desk, &team).audit().clone()]);
}

fn deletion(desk: &Desk, team: &Team) -> TeamDeletion {
    team.delete(desk.admin.into(), at(2)).expect("not the default team")
}

async fn delete(desk: &Desk, team: &Team) -> TeamDeleted {
    let deletion = deletion(desk, team);
    despite_conflicts(|| desk.stores.teams.delete(deletion.clone())).await
}

async fn is_there(desk: &Desk, team: &Team) -> bool {
    desk.stores.teams.find(desk.admin.into(), team.id).await.expect("finding a team").is_some()
}
