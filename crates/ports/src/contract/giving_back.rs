//! An agent who is no longer one gives its tickets back, in the transaction that takes the role.

use helpdesk_domain::{Actor, AgentActor, AgentRef, Outcome, Role, Status, Ticket, User, UserPatch};

use super::desk::{Desk, account_change, assign, at, at_once, name, note, reply, status};
use crate::{AccountCommit, Stores};

/// More than fit on any page.
const MANY: usize = 105;

/// Every ticket but the closed ones, by the rule of the domain, with all that it moves; of nobody else any.
pub async fn a_disabled_agent_gives_its_tickets_back(stores: Stores) {
    let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
    gives_back(stores, patch, MANY).await;
}

/// An agent who becomes something else can work tickets as little as one who is disabled.
pub async fn an_agent_who_loses_the_role_gives_its_tickets_back(stores: Stores) {
    let patch = UserPatch { role: Some(Role::Admin), ..UserPatch::default() };
    gives_back(stores, patch, 12).await;
}

/// A change that is not written takes nothing away; nor does one that leaves the agent what it is.
pub async fn an_agent_who_stays_one_keeps_its_tickets(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (_, agent, ticket) = desk.assigned_ticket().await;
    let old = desk.account(agent.id()).await;
    let rename = UserPatch { name: Some(name("Grace")), ..UserPatch::default() };
    desk.change_account(agent.id(), rename, at(3)).await;
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    let stale = account_change(&old, desk.admin, disable, at(4));
    assert_eq!(desk.stores.users.commit(stale).await, Ok(AccountCommit::Stale));

    let read = desk.read(ticket.id()).await.ticket;
    assert_eq!((read.version(), read.facts()), (ticket.version(), ticket.facts()));
}

async fn gives_back(stores: Stores, patch: UserPatch, many: usize) {
    let desk = Desk::new(stores).await;
    let leaving = desk.agent("leaving").await;
    let staying = desk.agent("staying").await;
    let customer = desk.customer("ada").await;
    let theirs = at_once((0..many).map(|n| worked_ticket(&desk, customer, &leaving, n))).await;
    let others = at_once((0..5).map(|n| worked_ticket(&desk, customer, &staying, n))).await;

    // Earlier than some of the tickets changed: the domain does not let their times run backwards.
    let user: User = desk.change_account(leaving.id(), patch, at(50)).await;
    let now = user.record().updated_at;
    for (ticket, before) in theirs {
        let expected = match before.give_back(&Actor::from(desk.admin), now) {
            Ok(Outcome::Changed(change)) => change.ticket().clone(),
            Ok(Outcome::Unchanged) => before,
            Err(refusal) => panic!("giving a ticket back was refused: {refusal}"),
        };
        let read = desk.read(ticket).await;
        assert_eq!(read.ticket, expected);
        assert_eq!(read.comments.items.len(), 2, "comments stay");
    }
    for (ticket, before) in others {
        assert_eq!(desk.read(ticket).await.ticket, before, "another agent's ticket");
    }
}

/// A ticket with some life in it, closed or not, and changed last at a different moment each.
async fn worked_ticket(
    desk: &Desk,
    customer: helpdesk_domain::CustomerActor,
    agent: &AgentRef,
    n: usize,
) -> (helpdesk_domain::TicketId, Ticket) {
    let seconds = 3 + i64::try_from(n).expect("a small number");
    let by = AgentActor::new(agent.id());
    let mut ticket = desk.ticket(customer, "Again", at(1)).await;
    let to = Status::ALL[n % Status::ALL.len()];
    let commands = [
        (Actor::from(desk.admin), assign(agent)),
        (by.into(), note("Between us.")),
        (by.into(), reply("Hello.")),
        (by.into(), status(if to == Status::Open { Status::Pending } else { to })),
    ];
    for (actor, command) in commands {
        ticket = desk.run(&ticket, actor, command, at(seconds)).await.ticket;
    }
    (ticket.id(), ticket)
}
