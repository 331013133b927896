//! Tickets that close by themselves.

use std::collections::BTreeSet;

use helpdesk_domain::{
    ActorKind, AgentRef, CustomerActor, CustomerTicketView, EventKind, Outcome, Status, Ticket, TicketId, Ts,
};

use super::desk::{Desk, SYSTEM, all, assign, at, at_once, despite_conflicts, note, reply, status};
use crate::{EventPosition, Stores};

/// The ticket, which was resolved at that moment; what came later does not count.
async fn resolved(desk: &Desk, customer: CustomerActor, agent: &AgentRef, second: i64) -> Ticket {
    let ticket = desk.ticket(customer, "Again", at(1)).await;
    let ticket = desk.run(&ticket, desk.admin, assign(agent), at(2)).await.ticket;
    let ticket = desk.run(&ticket, desk.admin, status(Status::Resolved), at(second)).await.ticket;
    desk.run(&ticket, desk.admin, note("Canary"), at(second + 100)).await.ticket
}

async fn close(desk: &Desk, before: Ts, now: Ts, most: usize) -> usize {
    despite_conflicts(|| desk.stores.tickets.close_resolved(SYSTEM, before, now, most)).await
}

fn closed(ticket: &Ticket, before: Ts, now: Ts) -> Ticket {
    match ticket.close_by_itself(SYSTEM, before, now) {
        Ok(Outcome::Changed(change)) => change.ticket().clone(),
        other => panic!("a ticket that is due closes, but that came to {other:?}"),
    }
}

/// Those that were resolved before that moment, and neither at it nor later, nor any in another status; as the domain says,
/// with the event that tells of it.
pub async fn what_was_resolved_before_closes_by_itself(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let (before, now) = (at(20), at(500));
    let mut due = Vec::new();
    let mut others = Vec::new();
    for second in [3, 19, 20, 21] {
        let ticket = resolved(&desk, customer, &agent, second).await;
        if second < 20 { due.push(ticket) } else { others.push(ticket) }
    }
    let reopened = resolved(&desk, customer, &agent, 4).await;
    others.push(desk.run(&reopened, customer, reply("It burns again."), at(200)).await.ticket);
    let again = resolved(&desk, customer, &agent, 4).await;
    let again = desk.run(&again, customer, reply("It burns again."), at(200)).await.ticket;
    others.push(desk.run(&again, desk.admin, status(Status::Resolved), at(201)).await.ticket);
    let early = resolved(&desk, customer, &agent, 4).await;
    others.push(desk.run(&early, customer, status(Status::Closed), at(200)).await.ticket);
    for to in [Status::Pending, Status::InProgress] {
        let ticket = resolved(&desk, customer, &agent, 4).await;
        others.push(desk.run(&ticket, desk.admin, status(to), at(200)).await.ticket);
    }
    others.push(desk.ticket(customer, "Open", at(1)).await);

    assert_eq!(close(&desk, at(3), now, 100).await, 0, "before that moment, not at it");
    assert_eq!(close(&desk, before, now, 100).await, due.len());
    for ticket in &due {
        let read = desk.read(ticket.id()).await.ticket;
        assert_eq!(read, closed(ticket, before, now));
        assert_eq!(
            (read.public_version(), read.record().closed_at),
            (ticket.public_version() + 1, Some(now))
        );
        let view = CustomerTicketView::from(read);
        assert_eq!((view.status, view.updated_at), (Status::Closed, now));
        let history = desk.stores.tickets.history(customer.scope(), ticket.id(), all()).await;
        let mut events = history.expect("reading history").expect("the ticket is there").items;
        let last = events.pop().expect("there are events");
        assert_eq!((last.kind, last.at, last.actor_name), (EventKind::Updated, now, None));
        assert_eq!((last.actor.kind, last.actor.id), (ActorKind::System, None));
        assert_eq!(last.changes.len(), 1);
        assert!(events.iter().all(|event| event.id < last.id), "it is the newest");
    }
    for ticket in &others {
        assert_eq!(&desk.read(ticket.id()).await.ticket, ticket, "it is not due");
    }
    assert_eq!(close(&desk, before, at(501), 100).await, 0, "what is closed stays as it is");
}

/// As many as were asked for at the most, and those first that wait longest; by id where they wait as long.
pub async fn closing_goes_on_in_batches_oldest_first(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let mut due = Vec::new();
    for second in [9, 4, 7, 4, 9, 3, 8] {
        due.push((second, resolved(&desk, customer, &agent, second).await.id()));
    }
    due.sort_unstable();
    let mut expected = BTreeSet::new();
    for (most, comes_to) in [(0, 0), (2, 2), (1, 1), (3, 3), (100, 1), (100, 0)] {
        let next = due.drain(..comes_to).map(|(_, id)| id);
        expected.extend(next);
        assert_eq!(close(&desk, at(50), at(500), most).await, comes_to, "{most} at the most");
        assert_eq!(closed_ones(&desk).await, expected);
    }
}

/// None of them twice, and all of them in the end.
pub async fn closing_twice_at_once_closes_each_once(stores: Stores) {
    const TICKETS: usize = 40;
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let tickets = at_once((0..TICKETS).map(|_| resolved(&desk, customer, &agent, 3))).await;
    let counts = at_once((0..8).map(|_| close(&desk, at(50), at(500), 7))).await;
    let mut sum: usize = counts.iter().sum();
    while sum < TICKETS {
        let more = close(&desk, at(50), at(500), 7).await;
        assert!(more > 0, "{sum} of {TICKETS}, and none left");
        sum += more;
    }
    assert_eq!((sum, close(&desk, at(50), at(500), 7).await), (TICKETS, 0));
    for ticket in tickets {
        assert_eq!(desk.read(ticket.id()).await.ticket, closed(&ticket, at(50), at(500)));
        let history = desk.stores.tickets.history(desk.admin.scope(), ticket.id(), all()).await;
        let events = history.expect("reading history").expect("the ticket is there").items;
        let told = events.iter().filter(|event| event.actor.kind == ActorKind::System).count();
        assert_eq!(told, 1, "{:?}", events.last().map(EventPosition::of));
    }
}

async fn closed_ones(desk: &Desk) -> BTreeSet<TicketId> {
    let query = crate::TicketQuery { page: all(), ..crate::TicketQuery::default() };
    let listed = desk.stores.tickets.list(desk.admin.scope(), query).await.expect("listing tickets");
    let closed = listed.items.iter().filter(|ticket| ticket.status() == Status::Closed);
    closed.map(Ticket::id).collect()
}
