//! What happens at the same time: nothing is lost, nothing is written twice, no answer goes to another's call.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use helpdesk_domain::{
    Actor, AgentActor, AgentRef, Comment, CommentBody, Priority, Status, Ticket, TicketCommand, TicketId,
};

use super::desk::{
    Desk, PARALLEL, all, assign, at, at_once, comment, decided, despite_conflicts, limit, new_ticket, note,
    reply, status,
};
use crate::{
    Commit, Committed, Decide, LockedCommit, Page, PageRequest, SortKey, Stores, TicketPosition, TicketQuery,
};

/// How many write at once where each has to try again whenever another was faster.
const WRITERS: usize = 16;

/// Of many changes that were decided upon the same version, one is written.
pub async fn of_many_changes_of_one_version_one_is_written(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, ticket) = desk.assigned_ticket().await;
    let changes = (0..PARALLEL).map(|n| {
        let body = format!("Attempt {n}");
        match n % 3 {
            0 => decided(&ticket, customer, reply(&body), at(3)),
            1 => decided(&ticket, agent, note(&body), at(3)),
            _ => decided(&ticket, agent, reply(&body), at(3)),
        }
    });
    let results = at_once(changes.map(|change| {
        let desk = &desk;
        async move { despite_conflicts(|| desk.stores.tickets.commit(change.clone())).await }
    }))
    .await;

    let mut done: Vec<Committed> = Vec::new();
    for result in results {
        match result {
            Commit::Done(committed) => done.push(*committed),
            other => assert_eq!(other, Commit::Stale),
        }
    }
    assert_eq!(done.len(), 1, "one of many changes of the same version is written");
    let read = desk.read(ticket.id()).await;
    assert_eq!(read.ticket, done[0].ticket);
    assert_eq!(read.ticket.version(), ticket.version() + 1);
    assert_eq!(read.comments.items, Vec::from_iter(done.remove(0).comment));
}

/// Who finds, decides and commits until it fits, gets through; no version is skipped and no comment lost.
pub async fn comments_written_at_once_are_all_there(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, ticket) = desk.assigned_ticket().await;
    let done = at_once((0..WRITERS).map(|n| {
        let (actor, command) = contribution(n, customer.into(), agent.into());
        commit_until_done(&desk, ticket.id(), actor, command)
    }))
    .await;
    let comments = done.iter().filter_map(|committed| committed.comment.as_ref());
    all_are_there(&desk, &ticket, done.iter().map(|committed| &committed.ticket), comments).await;
}

/// Under the lock each gets through at the first attempt.
pub async fn decisions_under_the_lock_are_all_made(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, ticket) = desk.assigned_ticket().await;
    let done = at_once((0..WRITERS).map(|n| {
        let (actor, command) = contribution(n, customer.into(), agent.into());
        let (desk, id) = (&desk, ticket.id());
        async move {
            let call = || {
                let command = command.clone();
                let decide: Decide = Box::new(move |ticket: &Ticket| ticket.decide(&actor, command, at(3)));
                desk.stores.tickets.decide_locked(actor.scope(), id, decide)
            };
            match despite_conflicts(call).await {
                Some(LockedCommit::Done { now, comment }) => (now.ticket, comment),
                other => panic!("a comment that nothing forbids came to {other:?}"),
            }
        }
    }))
    .await;
    let comments = done.iter().filter_map(|(_, comment)| comment.as_deref());
    all_are_there(&desk, &ticket, done.iter().map(|(ticket, _)| ticket), comments).await;
}

/// However a store groups what it writes, each caller gets its own ticket.
pub async fn tickets_opened_at_once_go_to_those_who_opened_them(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut customers = Vec::new();
    for n in 0..4 {
        customers.push(desk.customer(&format!("customer-{n}")).await);
    }
    let opened = at_once((0..PARALLEL).map(|n| {
        let draft = new_ticket(&format!("Ticket {n}"), Priority::ALL[n % Priority::ALL.len()]);
        desk.open(customers[n % customers.len()], draft, at(1))
    }))
    .await;
    let ids: BTreeSet<TicketId> = opened.iter().map(Ticket::id).collect();
    assert_eq!(ids.len(), PARALLEL, "each has an id of its own");
    for (n, ticket) in opened.iter().enumerate() {
        assert_eq!(ticket.record().subject.as_str(), format!("Ticket {n}"));
    }
    let read = at_once(opened.iter().map(|ticket| desk.read(ticket.id()))).await;
    let read: Vec<Ticket> = read.into_iter().map(|found| found.ticket).collect();
    assert_eq!(read, opened, "each is read as it was opened");
}

/// However a store groups what it reads, each caller gets what it asked for, and no more than its scope admits.
pub async fn reads_made_at_once_go_to_those_who_asked(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut tickets = Vec::new();
    for n in 0..4 {
        let customer = desk.customer(&format!("customer-{n}")).await;
        let ticket = desk.ticket(customer, &format!("Ticket {n}"), at(1)).await;
        let ticket = desk.run(&ticket, desk.admin, note("Canary"), at(2)).await.ticket;
        tickets.push((customer, desk.run(&ticket, customer, reply("Hello?"), at(3)).await));
    }
    let asked = (0..2 * PARALLEL).map(|n| {
        let (asks, _) = &tickets[n % 4];
        let (owns, committed) = &tickets[n / 4 % 4];
        let as_admin = n % 3 == 0;
        let scope = if as_admin { desk.admin.scope() } else { asks.scope() };
        let desk = &desk;
        async move {
            let found = desk.stores.tickets.find(scope, committed.ticket.id(), all()).await;
            let found = found.expect("finding a ticket");
            if !as_admin && asks != owns {
                assert_eq!(found, None, "another customer's ticket");
                return;
            }
            let found = found.expect("the ticket is admitted");
            assert_eq!(found.ticket, committed.ticket);
            assert_eq!(found.comments.items.len(), if as_admin { 2 } else { 1 });
            assert_eq!(found.comments.items.last(), committed.comment.as_ref());
        }
    });
    at_once(asked).await;
}

/// The same for lists: each caller gets the beginning of its own, as far as it asked.
pub async fn lists_made_at_once_go_to_those_who_asked(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (ada, grace) = (desk.customer("ada").await, desk.customer("grace").await);
    let (alan, edsger) = (desk.agent("alan").await, desk.agent("edsger").await);
    let mut tickets = Vec::new();
    for n in 0..8 {
        let ticket =
            desk.ticket(if n % 3 == 0 { ada } else { grace }, &format!("Ticket {n}"), at(n % 4)).await;
        let agent = if n % 2 == 0 { &alan } else { &edsger };
        let ticket = desk.run(&ticket, desk.admin, assign(agent), at(4 + n % 3)).await.ticket;
        // Internal: to the staff a change, to the customer none.
        tickets.push(desk.run(&ticket, desk.admin, note("Canary"), at(10 - n % 4)).await.ticket);
    }
    let agent = |agent: &AgentRef| AgentActor::new(agent.id()).scope();
    let scopes = [desk.admin.scope(), ada.scope(), grace.scope(), agent(&alan), agent(&edsger)];
    let asked = (0..4 * PARALLEL).map(|n| {
        // Each question twice in a row: a store may answer both by reading once.
        let (scope, items) = (scopes[n / 2 % scopes.len()], n / 2 % 7 + 1);
        let page = PageRequest { limit: limit(items as u64), after: None };
        let place = |ticket: &Ticket| TicketPosition::of(ticket, scope, SortKey::UpdatedAt);
        let mut expected = tickets.clone();
        expected.retain(|ticket| scope.admits(&ticket.facts()));
        expected.sort_by_key(|ticket| Reverse(place(ticket)));
        let next = (expected.len() > items).then(|| place(&expected[items - 1]));
        expected.truncate(items);
        let desk = &desk;
        async move {
            let listed =
                desk.stores.tickets.list(scope, TicketQuery { page, ..TicketQuery::default() }).await;
            assert_eq!(listed, Ok(Page { items: expected, next }), "{scope:?}");
        }
    });
    at_once(asked).await;
}

/// A change that cannot be written harms none of those that are written with it.
pub async fn a_stale_change_harms_no_other(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let tickets = at_once((0..PARALLEL).map(|_| desk.ticket(customer, "Again", at(1)))).await;
    // Every third one is decided upon a version that will be gone.
    let late = |n: usize| n % 3 == 1;
    for (_, ticket) in tickets.iter().enumerate().filter(|(n, _)| late(*n)) {
        desk.run(ticket, desk.admin, note("First."), at(2)).await;
    }
    let results = at_once(tickets.iter().enumerate().map(|(n, ticket)| {
        let change = decided(ticket, customer, reply(&format!("Comment {n}")), at(3));
        let desk = &desk;
        async move { despite_conflicts(|| desk.stores.tickets.commit(change.clone())).await }
    }))
    .await;
    for (n, (ticket, result)) in tickets.iter().zip(results).enumerate() {
        let read = desk.read(ticket.id()).await;
        assert_eq!(read.ticket.version(), ticket.version() + 1);
        let comment = &read.comments.items[0];
        assert_eq!(read.comments.items.len(), 1);
        match result {
            Commit::Done(committed) if !late(n) => {
                assert_eq!(committed.ticket, read.ticket);
                assert_eq!(committed.comment.as_ref(), Some(comment));
                assert_eq!(comment.body().as_str(), format!("Comment {n}"));
            }
            Commit::Stale if late(n) => assert_eq!(comment.body().as_str(), "First."),
            other => panic!("change {n} came to {other:?}"),
        }
    }
}

/// A customer's closing and an agent's work at the same moment: one after the other, never half of either.
pub async fn closing_and_commenting_at_once_come_one_after_the_other(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, _) = desk.assigned_ticket().await;
    for round in 0..10 {
        let opened = desk.ticket(customer, "Again", at(10 * round)).await;
        let agent_ref =
            desk.stores.users.active_agent(desk.admin.into(), agent.id()).await.expect("reading an agent");
        let assign = super::desk::assign(&agent_ref.expect("the agent is active"));
        let ticket = desk.run(&opened, desk.admin, assign, at(10 * round)).await.ticket;
        let close = decided(&ticket, customer, status(Status::Closed), at(10 * round + 1));
        let answer = decided(&ticket, agent, reply("Done."), at(10 * round + 1));
        let results = at_once([close, answer].map(|change| {
            let desk = &desk;
            async move { despite_conflicts(|| desk.stores.tickets.commit(change.clone())).await }
        }))
        .await;
        let done: Vec<bool> = results.iter().map(|result| matches!(result, Commit::Done(_))).collect();
        let read = desk.read(ticket.id()).await;
        let (status, comments) = (read.ticket.status(), read.comments.items.len());
        match done[..] {
            [true, false] => assert_eq!((status, comments), (Status::Closed, 0)),
            [false, true] => assert_eq!((status, comments), (Status::Open, 1)),
            _ => panic!("one of two changes of the same version is written, but they came to {results:?}"),
        }
    }
}

/// What the nth writer writes: public and internal comments of customer and agent.
fn contribution(n: usize, customer: Actor, agent: Actor) -> (Actor, TicketCommand) {
    let body = format!("Comment {n}");
    match n % 4 {
        0 | 1 => (customer, reply(&body)),
        2 => (agent, reply(&body)),
        _ => (agent, comment(&body, helpdesk_domain::Visibility::Internal)),
    }
}

/// Finds, decides and commits until the version fits.
async fn commit_until_done(desk: &Desk, id: TicketId, actor: Actor, command: TicketCommand) -> Committed {
    // It is stale only where another was faster, and each of the others is so once.
    for _ in 0..WRITERS {
        let found = desk.stores.tickets.find(actor.scope(), id, all()).await.expect("finding a ticket");
        let ticket = found.expect("the actor sees the ticket").ticket;
        let change = decided(&ticket, actor, command.clone(), at(3));
        match despite_conflicts(|| desk.stores.tickets.commit(change.clone())).await {
            Commit::Done(committed) => return *committed,
            other => assert_eq!(other, Commit::Stale),
        }
    }
    panic!("a change was stale more often than others were written");
}

/// Each of the writers' comments is there once, and the versions that were told go up one by one.
async fn all_are_there(
    desk: &Desk,
    before: &Ticket,
    tickets: impl Iterator<Item = &Ticket>,
    comments: impl Iterator<Item = &Comment>,
) {
    let versions: BTreeSet<i64> = tickets.map(Ticket::version).collect();
    let last = before.version() + i64::try_from(WRITERS).expect("a small number");
    assert_eq!(versions, (before.version() + 1..=last).collect(), "versions without gaps");

    let read = desk.read(before.id()).await;
    assert_eq!(read.ticket.version(), last);
    assert_eq!(read.comments.items.len(), WRITERS);
    let told: BTreeSet<_> = comments.map(Comment::id).collect();
    assert_eq!(read.comments.items.iter().map(Comment::id).collect::<BTreeSet<_>>(), told);
    let bodies: BTreeSet<&str> =
        read.comments.items.iter().map(|comment| CommentBody::as_str(comment.body())).collect();
    assert_eq!(bodies.len(), WRITERS, "each comment once");
}
