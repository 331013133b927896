//! Teams: what is written is what is read; one name, one team; a team that anything belongs to stays.

use helpdesk_domain::{MAX_ID, Role, Status, Team, TeamId, TeamName};

use super::bureau::{Trail, move_to, team_name, walk};
use super::desk::{Desk, SYSTEM, all, at, status};
use crate::{MembershipCommit, Stores, TeamDeleted, TeamMade, TeamRenamed};

/// Every store begins with it.
pub async fn there_is_a_default_team_at_first(stores: Stores) {
    let desk = Desk::new(stores).await;
    let default = desk.default_team().await;
    assert_eq!(default.name, team_name("Support"));
    assert_eq!(whole_list(&desk, 100).await, std::slice::from_ref(&default));
    assert_eq!(desk.stores.teams.find(SYSTEM.into(), default.id).await, Ok(Some(default)));
}

/// By id and in the list, whatever its name.
pub async fn a_team_reads_back_as_it_was_made(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut expected = vec![desk.default_team().await];
    let longest = "🙂".repeat(TeamName::MAX_CHARS);
    // No store takes one letter for another: these are five names.
    for label in ["Night", "night", "NIGHT", "é", "e\u{301}", "100% 'of_it' \\ \"x\"", &longest] {
        let creation = Team::create(desk.admin.into(), team_name(label), at(1));
        let made = desk.stores.teams.create(creation).await.expect("creating a team");
        let TeamMade::Created(team) = made else { panic!("{label} came to {made:?}") };
        assert_eq!((&team.name, team.is_default), (&team_name(label), false));
        assert_eq!(desk.stores.teams.find(desk.admin.into(), team.id).await, Ok(Some(team.clone())));
        assert_eq!(desk.members(team.id).await, [], "nobody is in it");
        expected.push(team);
    }
    expected.sort_by_key(|team| team.id);
    assert_eq!(whole_list(&desk, 100).await, expected);
    for items in 1..=9 {
        assert_eq!(whole_list(&desk, items).await, expected, "in pages of {items}");
    }
}

/// Absence is an answer, not an error.
pub async fn an_unknown_team_is_absent(stores: Stores) {
    let desk = Desk::new(stores).await;
    let id = TeamId::new(MAX_ID).expect("an id");
    assert_eq!(desk.stores.teams.find(desk.admin.into(), id).await, Ok(None));
    assert_eq!(desk.stores.teams.members(desk.admin.into(), id, all()).await, Ok(None));
}

/// On making and on renaming; a name that is free again may be taken.
pub async fn a_name_belongs_to_one_team(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (day, night) = (desk.team("Day").await, desk.team("Night").await);
    let mut trail = Trail::of(&desk).await;
    let create = async |label| {
        let creation = Team::create(desk.admin.into(), team_name(label), at(1));
        desk.stores.teams.create(creation).await.expect("creating a team")
    };
    for taken in ["Day", "Night", "Support"] {
        assert_eq!(create(taken).await, TeamMade::NameTaken);
    }
    for (team, taken) in [(&day, "Night"), (&night, "Support"), (&desk.default_team().await, "Day")] {
        assert_eq!(rename(&desk, team, taken).await, TeamRenamed::NameTaken);
        assert_eq!(desk.stores.teams.find(desk.admin.into(), team.id).await, Ok(Some(team.clone())));
    }
    assert_eq!(trail.news(&desk).await, [], "nothing was written");

    let renamed = rename(&desk, &day, "Early").await;
    assert!(matches!(renamed, TeamRenamed::Done(_)), "{renamed:?}");
    assert!(matches!(create("Day").await, TeamMade::Created(_)), "the name is free");
    assert_eq!(delete(&desk, &night).await, TeamDeleted::Done);
    assert!(matches!(create("Night").await, TeamMade::Created(_)), "this one too");
}

/// Where it still has the name that was decided upon; the default team stays the default.
pub async fn a_team_is_renamed_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let (default, day) = (desk.default_team().await, desk.team("Day").await);
    for (old, label) in [(&default, "First line"), (&day, "day")] {
        let expected = Team { name: team_name(label), ..old.clone() };
        assert_eq!(rename(&desk, old, label).await, TeamRenamed::Done(expected.clone()));
        let read = desk.stores.teams.find(desk.admin.into(), old.id).await;
        assert_eq!(read, Ok(Some(expected)));
        let mut trail = Trail::of(&desk).await;
        assert_eq!(rename(&desk, old, "Late").await, TeamRenamed::Stale, "it has another name by now");
        assert_eq!(delete_as(&desk, old).await, TeamDeleted::Stale);
        assert_eq!(trail.news(&desk).await, [], "nothing was written");
    }
    assert_eq!(desk.default_team().await.name, team_name("First line"));
    let read = desk.read(ticket.id()).await.ticket;
    assert_eq!(read.record().team.name(), "First line", "names are the ones of today");
    assert_eq!((read.version(), read.public_version()), (1, 1), "the ticket is not touched");

    let gone = desk.team("Gone").await;
    assert_eq!(delete(&desk, &gone).await, TeamDeleted::Done);
    let mut trail = Trail::of(&desk).await;
    assert_eq!(rename(&desk, &gone, "Back").await, TeamRenamed::Stale, "it is gone");
    assert_eq!(delete(&desk, &gone).await, TeamDeleted::Stale, "already");
    assert_eq!(trail.news(&desk).await, [], "nothing was written");
    assert_eq!(desk.stores.teams.find(desk.admin.into(), gone.id).await, Ok(None));
    assert_eq!(desk.stores.teams.members(desk.admin.into(), gone.id, all()).await, Ok(None));
}

/// Of members, disabled ones too, and of tickets, closed ones too; once they are elsewhere, it can go.
pub async fn a_team_that_anything_belongs_to_stays(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (day, night) = (desk.team("Day").await, desk.team("Night").await);
    let user = desk.user(Role::Agent, "grace").await;
    desk.join(&day, &user).await;
    let mut trail = Trail::of(&desk).await;
    assert_eq!(delete(&desk, &day).await, TeamDeleted::NotEmpty);
    assert_eq!(trail.news(&desk).await, [], "nothing was written");
    assert_eq!(desk.members(day.id).await, [user.id()]);
    let disable = helpdesk_domain::UserPatch { is_active: Some(false), ..Default::default() };
    let user = desk.change_account(user.id(), disable, at(1)).await;
    assert_eq!(delete(&desk, &day).await, TeamDeleted::NotEmpty, "a disabled member is one");
    let left = desk.change_members(day.dismiss(desk.admin.into(), &user, at(1))).await;
    assert_eq!(left, MembershipCommit::Done);

    let customer = desk.customer("ada").await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let ticket = desk.run(&ticket, desk.admin, move_to(&day), at(2)).await.ticket;
    assert_eq!(delete(&desk, &day).await, TeamDeleted::NotEmpty);
    let ticket = desk.run(&ticket, customer, status(Status::Closed), at(3)).await.ticket;
    assert_eq!(delete(&desk, &day).await, TeamDeleted::NotEmpty, "a closed ticket keeps its team");
    assert_eq!(desk.read(ticket.id()).await.ticket, ticket);

    let ticket = desk.run(&ticket, desk.admin, status(Status::Open), at(4)).await.ticket;
    desk.run(&ticket, desk.admin, move_to(&night), at(5)).await;
    assert_eq!(delete(&desk, &day).await, TeamDeleted::Done);
    let names: Vec<TeamName> = whole_list(&desk, 100).await.into_iter().map(|team| team.name).collect();
    assert_eq!(names, [team_name("Support"), team_name("Night")]);
}

async fn rename(desk: &Desk, team: &Team, label: &str) -> TeamRenamed {
    let renaming = team.rename(desk.admin.into(), team_name(label), at(2)).expect("another name");
    desk.stores.teams.rename(renaming).await.expect("renaming a team")
}

async fn delete(desk: &Desk, team: &Team) -> TeamDeleted {
    let deletion = team.delete(desk.admin.into(), at(2)).expect("not the default team");
    desk.stores.teams.delete(deletion).await.expect("deleting a team")
}

/// As somebody would who took it for another than the default team.
async fn delete_as(desk: &Desk, team: &Team) -> TeamDeleted {
    delete(desk, &Team { is_default: false, ..team.clone() }).await
}

async fn whole_list(desk: &Desk, items: u64) -> Vec<Team> {
    let read = async |page| desk.stores.teams.list(desk.admin.into(), page).await;
    walk(items, |team: &Team| team.id, read).await
}
