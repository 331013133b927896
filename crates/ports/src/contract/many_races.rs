//! Many tickets are decided about while others change them: nothing is lost, and nobody waits in a circle.

use std::collections::BTreeSet;

use helpdesk_domain::{
    AccountChange, Actor, AgentRef, Refusal, Status, Ticket, TicketCommand, TicketId, UserPatch,
};

use super::bureau::{both, move_to};
use super::desk::{Desk, account_change, assign, at, at_once, despite_conflicts, note, status, tags};
use super::many::each;
use crate::{AccountCommit, Decide, Decided, LockedCommit, Stores, TeamDeleted};

/// How many tickets each call names.
const TICKETS: usize = 20;

/// A call that nothing makes collide with anything.
async fn run_many(desk: &Desk, actor: Actor, ids: &[TicketId], command: TicketCommand) -> Decided {
    let decide = each(actor, command, at(5));
    let decided = desk.stores.tickets.decide_many(actor.scope(), ids.to_vec(), decide).await;
    decided.expect("many tickets, locked in the order of all others")
}

async fn tickets(desk: &Desk, many: usize) -> Vec<Ticket> {
    let customer = desk.customer(&format!("customer-{}", fastrand::u64(..))).await;
    at_once((0..many).map(|_| desk.ticket(customer, "Again", at(1)))).await
}

fn ids_of(tickets: &[Ticket]) -> Vec<TicketId> {
    tickets.iter().map(Ticket::id).collect()
}

/// Forwards, backwards, and every second one: no call is refused for the others' sake, and each changes all of its tickets.
pub async fn many_in_any_order_at_once_all_come_through(stores: Stores) {
    const CALLS: usize = 12;
    let desk = Desk::new(stores).await;
    let tickets = tickets(&desk, TICKETS).await;
    let ids = ids_of(&tickets);
    let orders: [Vec<TicketId>; 3] = [
        ids.clone(),
        ids.iter().rev().copied().collect(),
        ids.iter().rev().step_by(2).chain(ids.iter().step_by(2)).copied().collect(),
    ];
    let calls = (0..CALLS).map(|n| {
        let word = format!("call-{n}");
        run_many(&desk, desk.admin.into(), &orders[n % orders.len()], tags(&[&word]))
    });
    let results = at_once(calls).await;
    for ticket in &tickets {
        let versions: BTreeSet<i64> = results
            .iter()
            .map(|decided| decided[&ticket.id()].as_ref().expect("nothing forbids it").version())
            .collect();
        let last = ticket.version() + i64::try_from(CALLS).expect("a small number");
        assert_eq!(versions, (ticket.version() + 1..=last).collect(), "versions without gaps");
        assert_eq!(desk.read(ticket.id()).await.ticket.version(), last);
    }
}

/// Comments are written to the very tickets that are changed together: no version is skipped and no comment lost.
pub async fn many_and_single_changes_at_once_are_all_made(stores: Stores) {
    const ROUNDS: u32 = 4;
    let desk = Desk::new(stores).await;
    let tickets = tickets(&desk, TICKETS).await;
    let ids = ids_of(&tickets);
    for round in 0..ROUNDS {
        let word = format!("round-{round}");
        let many = run_many(&desk, desk.admin.into(), &ids, tags(&[&word]));
        let single = at_once(ids.iter().rev().map(|id| comment(&desk, *id)));
        let (decided, _) = both(round, many, single).await;
        assert!(decided.values().all(Result::is_ok));
    }
    for ticket in &tickets {
        let read = desk.read(ticket.id()).await;
        assert_eq!(read.ticket.version(), ticket.version() + i64::from(2 * ROUNDS));
        assert_eq!(read.comments.items.len(), ROUNDS as usize);
        assert_eq!(read.ticket.record().tags.iter().count(), 1);
    }
}

async fn comment(desk: &Desk, id: TicketId) {
    let by = Actor::from(desk.admin);
    let call = || {
        let decide: Decide = Box::new(move |ticket: &Ticket| ticket.decide(&by, note("Canary"), at(5)));
        desk.stores.tickets.decide_locked(by.scope(), id, decide)
    };
    let came_to = despite_conflicts(call).await;
    assert!(matches!(came_to, Some(LockedCommit::Done { .. })), "{came_to:?}");
}

async fn disabling(desk: &Desk, agent: &AgentRef) -> AccountChange {
    let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
    account_change(&desk.account(agent.id()).await, desk.admin, patch, at(4))
}

/// Makes an active agent of it again.
async fn enable(desk: &Desk, agent: &AgentRef) {
    let patch = UserPatch { is_active: Some(true), ..UserPatch::default() };
    desk.change_account(agent.id(), patch, at(6)).await;
}

/// Whoever is first: no open ticket has a disabled agent.
pub async fn reopening_many_races_disabling_their_agent(stores: Stores) {
    let desk = Desk::new(stores).await;
    let agent = desk.agent("grace").await;
    for round in 0..8 {
        let tickets = tickets(&desk, TICKETS).await;
        let ids = ids_of(&tickets);
        run_many(&desk, desk.admin.into(), &ids, assign(&agent)).await;
        run_many(&desk, desk.admin.into(), &ids, status(Status::Closed)).await;
        let disable = disabling(&desk, &agent).await;
        let commit = despite_conflicts(|| desk.stores.users.commit(disable.clone()));
        let reopen = run_many(&desk, desk.admin.into(), &ids, status(Status::Open));
        let (reopened, disabled) = both(round, reopen, commit).await;
        assert_eq!(disabled, AccountCommit::Done(disable.user().clone()), "round {round}");
        assert!(reopened.values().all(Result::is_ok), "round {round}: {reopened:?}");
        for id in &ids {
            let read = desk.read(*id).await.ticket;
            assert_eq!((read.status(), read.facts().assignee), (Status::Open, None), "round {round}");
        }
        enable(&desk, &agent).await;
    }
}

/// Whoever is first: the agent has all of them and gives them back, or it gets none.
pub async fn assigning_many_races_disabling(stores: Stores) {
    let desk = Desk::new(stores).await;
    let agent = desk.agent("grace").await;
    for round in 0..8 {
        let tickets = tickets(&desk, TICKETS).await;
        let ids = ids_of(&tickets);
        let disable = disabling(&desk, &agent).await;
        let commit = despite_conflicts(|| desk.stores.users.commit(disable.clone()));
        let (assigned, disabled) =
            both(round, run_many(&desk, desk.admin.into(), &ids, assign(&agent)), commit).await;
        assert_eq!(disabled, AccountCommit::Done(disable.user().clone()), "round {round}");
        let given = assigned.values().filter(|outcome| outcome.is_ok()).count();
        assert!([0, TICKETS].contains(&given), "round {round}: {given} were assigned");
        for ticket in &tickets {
            let read = desk.read(ticket.id()).await.ticket;
            assert_eq!(read.facts().assignee, None, "round {round}");
            match &assigned[&ticket.id()] {
                Ok(_) => assert_eq!(read.version(), ticket.version() + 2, "given and given back"),
                Err(refusal) => {
                    assert_eq!((refusal, &read), (&Refusal::NotAssignable, ticket));
                }
            }
        }
        enable(&desk, &agent).await;
    }
}

/// Either all of them are moved and the team stays, or the team is gone and none is.
pub async fn moving_many_races_deleting_the_team(stores: Stores) {
    let desk = Desk::new(stores).await;
    for round in 0..8 {
        let team = desk.team(&format!("Team {round}")).await;
        let tickets = tickets(&desk, TICKETS).await;
        let ids = ids_of(&tickets);
        let deletion = team.delete(desk.admin.into(), at(4)).expect("it is not the default team");
        let deleting = despite_conflicts(|| desk.stores.teams.delete(deletion.clone()));
        let moving = run_many(&desk, desk.admin.into(), &ids, move_to(&team));
        let (moved, deleted) = both(round, moving, deleting).await;
        let all_are_moved = match deleted {
            TeamDeleted::NotEmpty => true,
            TeamDeleted::Done => false,
            TeamDeleted::Stale => panic!("nobody else changes the team"),
        };
        for ticket in &tickets {
            let (read, told) = (desk.read(ticket.id()).await.ticket, &moved[&ticket.id()]);
            assert_eq!(told.is_ok(), all_are_moved, "round {round}: {told:?}");
            assert_eq!(read.record().team.id() == team.id, all_are_moved, "round {round}");
        }
    }
}
