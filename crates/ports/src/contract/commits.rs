//! Commits: all of a change, or nothing.

use helpdesk_domain::{
    AgentRef, MAX_ID, Precondition, Priority, Role, Status, Tags, Ticket, TicketCommand, TicketId,
    TicketPatch, UserPatch,
};

use super::desk::{Desk, assign, at, decided, note, priority, reply, status, user_id};
use crate::{Commit, Stores};

/// Of a change that was decided upon an older version, neither ticket nor comment is written.
pub async fn a_stale_change_writes_nothing(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, old) = desk.assigned_ticket().await;
    // Every kind of change makes an older version stale, an internal comment as well.
    let ticket = desk.run(&old, agent, note("Looking into it."), at(3)).await.ticket;
    let before = desk.read(ticket.id()).await;
    for command in [reply("Me too."), status(Status::Closed)] {
        let change = decided(&old, customer, command, at(4));
        assert_eq!(desk.stores.tickets.commit(change).await, Ok(Commit::Stale));
    }
    for command in [note("Me too."), reply("Done."), priority(Priority::Low), status(Status::Resolved)] {
        let change = decided(&old, agent, command, at(4));
        assert_eq!(desk.stores.tickets.commit(change).await, Ok(Commit::Stale));
    }
    assert_eq!(desk.read(ticket.id()).await, before, "nothing was written");

    // The next version is as good a change's base as ever.
    let change = decided(&before.ticket, customer, reply("Me too."), at(5));
    let again = desk.stores.tickets.commit(change.clone()).await.expect("committing a change");
    assert!(matches!(again, Commit::Done(_)), "{again:?}");
    assert_eq!(
        desk.stores.tickets.commit(change).await,
        Ok(Commit::Stale),
        "the same change does not fit twice"
    );
    assert_eq!(desk.read(ticket.id()).await.comments.items.len(), 2);
}

/// As if it had been deleted between the decision and the commit.
pub async fn a_change_of_a_ticket_that_is_gone_is_stale(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, _, ticket) = desk.assigned_ticket().await;
    let mut record = ticket.record().clone();
    record.id = TicketId::new(MAX_ID).expect("an id");
    let gone = Ticket::from_stored(record);
    for command in [reply("Hello?"), status(Status::Closed)] {
        let change = decided(&gone, customer, command, at(3));
        assert_eq!(desk.stores.tickets.commit(change).await, Ok(Commit::Stale));
    }
}

/// Of a change whose assignee is disabled, a customer, an admin or nobody at all, nothing is written: not the status, the
/// priority and the tags that were to change with it either.
pub async fn an_assignee_who_is_no_active_agent_leaves_everything_as_it_was(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, _, ticket) = desk.assigned_ticket().await;
    let disabled = desk.agent("disabled").await;
    let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(disabled.id(), patch, at(3)).await;
    let demoted = desk.agent("demoted").await;
    let patch = UserPatch { role: Some(Role::Customer), ..UserPatch::default() };
    desk.change_account(demoted.id(), patch, at(3)).await;
    let refs = [
        disabled,
        demoted,
        AgentRef::new(customer.id(), "customer"),
        AgentRef::new(desk.admin.id(), "root"),
        AgentRef::new(user_id(MAX_ID), "nobody"),
    ];
    let before = desk.read(ticket.id()).await;
    for agent in refs {
        let everything = TicketCommand::Update(TicketPatch {
            status: Some(Status::Pending),
            priority: Some(Priority::Urgent),
            tags: Some(Tags::parse(&["vip"]).expect("tags")),
            assignee: Some(Some(agent.clone())),
            ..TicketPatch::default()
        });
        for command in [assign(&agent), everything] {
            let change = decided(&ticket, desk.admin, command, at(4));
            let unmet = Commit::Unmet(Precondition::ActiveAgent(agent.id()));
            assert_eq!(desk.stores.tickets.commit(change).await, Ok(unmet), "{agent:?}");
        }
    }
    assert_eq!(desk.read(ticket.id()).await, before, "nothing was written");
}
