//! Tickets that go from team to team, of which no customer learns.

use helpdesk_domain::{
    CustomerTicketView, MAX_ID, Precondition, Priority, Role, Scope, Status, Team, TeamId, Ticket,
    TicketCommand, TicketPatch, UserPatch,
};

use super::bureau::{move_to, team_ref};
use super::desk::{Desk, assign, at, decided};
use super::lists::whole_list;
use crate::{Commit, Decide, LockedCommit, Stores, TeamDeleted, TicketFilter, TicketPosition, TicketSort};

/// It is read back with its team, by id and in lists; what its requester sees stays byte for byte, and where it was.
pub async fn a_ticket_moves_to_another_team_unseen(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let (default, day, night) = (desk.default_team().await, desk.team("Day").await, desk.team("Night").await);
    let mut tickets = Vec::new();
    for second in 1..=4 {
        tickets.push(desk.ticket(customer, "Again", at(second)).await);
    }
    let before = customers_list(&desk, customer.scope()).await;
    for (second, team) in (10..).zip([&day, &night, &default, &night]) {
        for ticket in &mut tickets[..2] {
            let moved = desk.run(ticket, desk.admin, move_to(team), at(second)).await.ticket;
            assert_eq!(moved.record().team, team_ref(team));
            assert_eq!(
                (moved.version(), moved.public_version(), moved.record().updated_at),
                (ticket.version() + 1, 1, at(second))
            );
            assert_eq!(desk.read(moved.id()).await.ticket, moved);
            let scope = desk.admin.scope();
            let first = whole_list(&desk, scope, &TicketFilter::default(), TicketSort::default(), 100).await;
            assert_eq!(first[0], moved, "staff see what changed last");
            *ticket = moved;
        }
        assert_eq!(customers_list(&desk, customer.scope()).await, before);
    }
    for ticket in &tickets[2..] {
        assert_eq!(&desk.read(ticket.id()).await.ticket, ticket, "nothing else moves");
    }
}

/// With all else that changes at the same time, public or not; being given back does not take it out of its team.
pub async fn a_team_changes_along_with_the_rest(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let day = desk.team("Day").await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let everything = TicketCommand::Update(TicketPatch {
        status: Some(Status::InProgress),
        priority: Some(Priority::Urgent),
        assignee: Some(Some(agent.clone())),
        team: Some(team_ref(&day)),
        ..TicketPatch::default()
    });
    let ticket = desk.run(&ticket, desk.admin, everything, at(2)).await.ticket;
    assert_eq!(desk.read(ticket.id()).await.ticket, ticket);
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(agent.id(), disable, at(3)).await;
    let read = desk.read(ticket.id()).await.ticket;
    assert_eq!((read.facts().assignee, &read.record().team), (None, &team_ref(&day)));
}

/// Nothing of the change is written then, whatever else it says.
pub async fn no_ticket_moves_to_a_team_that_is_gone(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let gone = desk.team("Gone").await;
    let deletion = gone.delete(desk.admin.into(), at(1)).expect("not the default team");
    assert_eq!(desk.stores.teams.delete(deletion).await, Ok(TeamDeleted::Done));
    let never = Team { id: TeamId::new(MAX_ID).expect("an id"), ..gone.clone() };
    let before = desk.read(ticket.id()).await;
    for team in [gone, never] {
        let everything = TicketCommand::Update(TicketPatch {
            status: Some(Status::Pending),
            priority: Some(Priority::Urgent),
            assignee: Some(Some(agent.clone())),
            team: Some(team_ref(&team)),
            ..TicketPatch::default()
        });
        let unmet = Precondition::TeamExists(team.id);
        for command in [move_to(&team), everything] {
            let change = decided(&ticket, desk.admin, command.clone(), at(2));
            assert_eq!(desk.stores.tickets.commit(change).await, Ok(Commit::Unmet(unmet)));
            let admin = desk.admin;
            let decide: Decide = Box::new(move |now: &Ticket| now.decide(&admin.into(), command, at(2)));
            let locked = desk.stores.tickets.decide_locked(admin.scope(), ticket.id(), decide).await;
            assert_eq!(locked, Ok(Some(LockedCommit::Unmet(unmet))));
        }
    }
    assert_eq!(desk.read(ticket.id()).await, before, "nothing was written");
}

/// Decided under the lock as well.
pub async fn a_locked_decision_may_move_a_ticket(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.user(Role::Agent, "grace").await;
    let day = desk.team("Day").await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let agent = helpdesk_domain::AgentRef::new(agent.id(), "grace");
    let ticket = desk.run(&ticket, desk.admin, assign(&agent), at(1)).await.ticket;
    let (admin, command) = (desk.admin, move_to(&day));
    let decide: Decide = Box::new(move |now: &Ticket| now.decide(&admin.into(), command, at(2)));
    match desk.stores.tickets.decide_locked(admin.scope(), ticket.id(), decide).await {
        Ok(Some(LockedCommit::Done { now, .. })) => {
            assert_eq!(now.ticket.record().team, team_ref(&day));
            assert_eq!(*now, desk.read(ticket.id()).await);
        }
        other => panic!("a move that nothing forbids came to {other:?}"),
    }
}

/// What a customer sees, in the order in which and at the positions at which they see it.
async fn customers_list(desk: &Desk, scope: Scope) -> Vec<(CustomerTicketView, TicketPosition)> {
    let sort = TicketSort::default();
    let tickets = whole_list(desk, scope, &TicketFilter::default(), sort, 2).await;
    let mut seen = Vec::new();
    for ticket in tickets {
        let found = desk.stores.tickets.find(scope, ticket.id(), super::desk::all()).await;
        let found = found.expect("finding a ticket").expect("the requester sees it").ticket;
        let view = CustomerTicketView::from(found);
        assert_eq!(view, CustomerTicketView::from(ticket.clone()), "in the list and by id");
        seen.push((view, TicketPosition::of(&ticket, scope, sort.key)));
    }
    seen
}
