//! Decisions under the row's lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use helpdesk_domain::{
    Actor, AgentRef, Outcome, Precondition, Refusal, Status, Ticket, TicketCommand, Ts, UserPatch,
};

use super::desk::{Desk, assign, at, name, note, reply, status, tags};
use crate::{Decide, LockedCommit, PageRequest, Stores, TicketWithComments};

/// What is decided under the lock is decided about the ticket as it is now, and written whole.
pub async fn a_locked_decision_is_about_what_is_there_and_written(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, ticket) = desk.assigned_ticket().await;
    let ticket = desk.run(&ticket, agent, status(Status::Pending), at(3)).await.ticket;
    let ticket = desk.run(&ticket, agent, note("Waiting."), at(3)).await.ticket;

    let expected = ticket.clone();
    let decide: Decide = Box::new(move |now: &Ticket| {
        assert_eq!(now, &expected, "it is decided about the ticket as it is");
        now.decide(&customer.into(), reply("Still there."), at(4))
    });
    let came_to = desk.stores.tickets.decide_locked(customer.scope(), ticket.id(), decide).await;
    let (now, comment) = done(came_to.expect("deciding").expect("the requester sees the ticket"));

    let read = desk.read(ticket.id()).await;
    assert_eq!((now.ticket.status(), now.ticket.version()), (Status::Open, ticket.version() + 1));
    assert_eq!(now.ticket, read.ticket);
    let comment = comment.expect("a comment was written");
    assert_eq!(read.comments.items.last(), Some(&comment));
    assert_eq!(now.comments.items, [comment], "of the comments a customer is given the public ones");

    let came_to = locked(&desk, agent.into(), &ticket, tags(&["wet"]), at(5)).await;
    let (now, comment) = done(came_to.expect("the assignee sees the ticket"));
    assert_eq!(comment, None);
    assert_eq!(now, desk.read(ticket.id()).await, "staff are given all comments");
}

/// Whoever decides may have read the assignee's name some time before; those of its comments are today's.
pub async fn a_locked_decision_answers_with_authors_under_the_names_of_today(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (_, agent, ticket) = desk.assigned_ticket().await;
    let ticket = desk.run(&ticket, agent, reply("Hello."), at(3)).await.ticket;
    let other = desk.agent("other").await;
    let ticket = desk.run(&ticket, desk.admin, assign(&other), at(4)).await.ticket;
    let patch = UserPatch { name: Some(name("Renamed")), ..UserPatch::default() };
    desk.change_account(agent.id(), patch, at(5)).await;

    let back = assign(&AgentRef::new(agent.id(), "agent"));
    let came_to = locked(&desk, desk.admin.into(), &ticket, back, at(6)).await;
    let (now, _) = done(came_to.expect("an admin sees every ticket"));
    assert_eq!(now.comments.items[0].author().name, "Renamed");
    assert_eq!(now.comments, desk.read(ticket.id()).await.comments);
}

/// A page of the usual size, however many comments there are.
pub async fn a_locked_decision_answers_with_the_first_page(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, mut ticket) = desk.assigned_ticket().await;
    for n in 0..26 {
        ticket = desk.run(&ticket, agent, reply(&format!("Comment {n}")), at(3 + n)).await.ticket;
    }
    let came_to = locked(&desk, customer.into(), &ticket, reply("Thanks."), at(50)).await;
    let (now, _) = done(came_to.expect("the requester sees the ticket"));
    let scope = customer.scope();
    let first = desk.stores.tickets.find(scope, ticket.id(), PageRequest::default()).await;
    assert_eq!(Some(now), first.expect("finding a ticket"));
}

/// A refusal is handed on, and nothing is written.
pub async fn a_locked_decision_may_be_a_refusal(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, _, ticket) = desk.assigned_ticket().await;
    let ticket = desk.run(&ticket, customer, status(Status::Closed), at(3)).await.ticket;
    let before = desk.read(ticket.id()).await;
    let came_to = locked(&desk, customer.into(), &ticket, reply("Wait!"), at(4)).await;
    assert_eq!(came_to, Some(LockedCommit::Refused(Refusal::TicketClosed)));
    assert_eq!(desk.read(ticket.id()).await, before, "nothing was written");
}

/// Nothing to write is an answer of its own, with the ticket as it is.
pub async fn a_locked_decision_may_change_nothing(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, ticket) = desk.assigned_ticket().await;
    let ticket = desk.run(&ticket, agent, note("Closing soon."), at(3)).await.ticket;
    let ticket = desk.run(&ticket, customer, status(Status::Closed), at(3)).await.ticket;
    let before = desk.read(ticket.id()).await;
    for (actor, comments) in [(Actor::from(customer), 0), (agent.into(), 1)] {
        match locked(&desk, actor, &ticket, status(Status::Closed), at(4)).await {
            Some(LockedCommit::Unchanged(now)) => {
                assert_eq!(now.ticket, ticket);
                assert_eq!(now.comments.items.len(), comments);
            }
            other => panic!("closing what is closed came to {other:?}"),
        }
    }
    assert_eq!(desk.read(ticket.id()).await, before, "nothing was written");
}

/// A precondition that does not hold is named, and nothing is written.
pub async fn a_locked_decision_may_be_unmet(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, _, ticket) = desk.assigned_ticket().await;
    let no_agent = AgentRef::new(customer.id(), "customer");
    let before = desk.read(ticket.id()).await;
    let came_to = locked(&desk, desk.admin.into(), &ticket, assign(&no_agent), at(4)).await;
    assert_eq!(came_to, Some(LockedCommit::Unmet(Precondition::ActiveAgent(customer.id()))));
    assert_eq!(desk.read(ticket.id()).await, before, "nothing was written");
}

/// What the scope does not admit is not even shown to the rules.
pub async fn nothing_is_decided_out_of_scope(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, _, ticket) = desk.assigned_ticket().await;
    let stranger = desk.customer("stranger").await;
    let other_agent = desk.agent("other-agent").await;
    let outsiders = [
        stranger.scope(),
        helpdesk_domain::AgentActor::new(other_agent.id()).scope(),
        helpdesk_domain::AgentActor::new(customer.id()).scope(),
    ];
    for scope in outsiders {
        let asked = Arc::new(AtomicBool::new(false));
        let decide: Decide = Box::new({
            let asked = Arc::clone(&asked);
            move |_: &Ticket| {
                asked.store(true, Ordering::SeqCst);
                Ok(Outcome::Unchanged)
            }
        });
        assert_eq!(
            desk.stores.tickets.decide_locked(scope, ticket.id(), decide).await,
            Ok(None),
            "{scope:?}"
        );
        assert!(!asked.load(Ordering::SeqCst), "{scope:?} does not admit the ticket");
    }
}

async fn locked(
    desk: &Desk,
    actor: Actor,
    ticket: &Ticket,
    command: TicketCommand,
    now: Ts,
) -> Option<LockedCommit> {
    let decide: Decide = Box::new(move |ticket: &Ticket| ticket.decide(&actor, command, now));
    desk.stores
        .tickets
        .decide_locked(actor.scope(), ticket.id(), decide)
        .await
        .expect("deciding under the lock")
}

fn done(came_to: LockedCommit) -> (TicketWithComments, Option<helpdesk_domain::Comment>) {
    match came_to {
        LockedCommit::Done { now, comment } => (*now, comment.map(|comment| *comment)),
        other => panic!("a change that nothing forbids came to {other:?}"),
    }
}
