//! Comments: what is written is what is read, by those who may.

use helpdesk_domain::{AgentActor, Comment, CommentId, Role, Scope, TicketId, UserPatch, Visibility};

use super::desk::{Desk, assign, at, comment, limit, note, reply};
use crate::{CommentPosition, PageRequest, Stores};

/// Author, role, body, visibility and time, for every kind of author.
pub async fn a_comment_reads_back_as_it_was_written(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, mut ticket) = desk.assigned_ticket().await;
    let steps: [(helpdesk_domain::Actor, Visibility, &str); 5] = [
        (customer.into(), Visibility::Public, "customer"),
        (agent.into(), Visibility::Internal, "agent"),
        (agent.into(), Visibility::Public, "agent"),
        (desk.admin.into(), Visibility::Internal, "root"),
        (desk.admin.into(), Visibility::Public, "root"),
    ];
    let mut written = Vec::new();
    for (second, (actor, visibility, author)) in (3..).zip(steps) {
        let committed = desk.run(&ticket, actor, comment("Well…\n\n“so” 🙂", visibility), at(second)).await;
        let comment = committed.comment.expect("a comment was written");
        assert_eq!(comment.author().name, author);
        written.push(comment);
        ticket = committed.ticket;
        assert_eq!(desk.read(ticket.id()).await.comments.items, written);
        assert_eq!(read_in_pages(&desk, desk.admin.scope(), ticket.id(), 100).await, written);
    }
}

/// Not even an id tells how much is written internally: each kind has a sequence of its own.
pub async fn public_ids_are_odd_internal_ones_even_and_neither_shows_in_the_other(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, mut ticket) = desk.assigned_ticket().await;
    let mut other = desk.ticket(customer, "Another", at(2)).await;
    let mut public: Vec<CommentId> = Vec::new();
    let mut internal: Vec<CommentId> = Vec::new();
    for round in 0..4 {
        let committed = desk.run(&ticket, customer, reply("Anything new?"), at(3)).await;
        public.extend(committed.comment.map(|comment| comment.id()));
        ticket = committed.ticket;
        for _ in 0..round {
            let committed = desk.run(&ticket, agent, note("Not yet."), at(3)).await;
            internal.extend(committed.comment.map(|comment| comment.id()));
            let noted = desk.run(&other, desk.admin, note("Nor here."), at(3)).await;
            internal.extend(noted.comment.map(|comment| comment.id()));
            (ticket, other) = (committed.ticket, noted.ticket);
        }
    }
    assert_eq!((public.len(), internal.len()), (4, 12));
    assert!(public.iter().all(|id| id.get() % 2 == 1), "public ids are odd: {public:?}");
    assert!(internal.iter().all(|id| id.get() % 2 == 0), "internal ids are even: {internal:?}");
    for ids in [public, internal] {
        assert!(
            ids.windows(2).all(|pair| pair[1].get() == pair[0].get() + 2),
            "one after the other: {ids:?}"
        );
    }
}

/// Also when many were written in the same moment, or with a clock that went back.
pub async fn pages_of_comments_hold_each_once_oldest_first(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, mut ticket) = desk.assigned_ticket().await;
    for (n, second) in [9, 9, 9, 4, 9, 10, 10, 11].into_iter().enumerate() {
        let body = format!("Comment {n}");
        let committed = if n % 3 == 1 {
            desk.run(&ticket, agent, note(&body), at(second)).await
        } else {
            desk.run(&ticket, customer, reply(&body), at(second)).await
        };
        ticket = committed.ticket;
    }
    for scope in [desk.admin.scope(), agent.scope(), customer.scope()] {
        let everything = read_in_pages(&desk, scope, ticket.id(), 100).await;
        let order: Vec<_> = everything.iter().map(CommentPosition::of).collect();
        assert!(order.is_sorted(), "in the order of (when written, id): {order:?}");
        assert_eq!(everything.len(), if scope == customer.scope() { 5 } else { 8 });
        for items in 1..=9 {
            let pages = read_in_pages(&desk, scope, ticket.id(), items).await;
            assert_eq!(pages, everything, "in pages of {items}");
        }
    }
}

/// An internal comment is nowhere: not in the ticket, not in the list, not as the reason for one more page.
pub async fn a_customer_reads_public_comments_alone(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, mut ticket) = desk.assigned_ticket().await;
    let mut public = Vec::new();
    for second in 3..6 {
        ticket = desk.run(&ticket, agent, note("Canary"), at(second)).await.ticket;
        let committed = desk.run(&ticket, agent, reply("Hello."), at(second)).await;
        public.extend(committed.comment);
        ticket = desk.run(&committed.ticket, agent, note("Canary"), at(second)).await.ticket;
    }
    // As many as there are: were internal ones read before they are left out, a further page would seem to follow.
    let page = PageRequest { limit: limit(3), after: None };
    let found = desk.stores.tickets.find(customer.scope(), ticket.id(), page).await;
    let found = found.expect("finding a ticket").expect("the requester sees the ticket").comments;
    let listed = desk.stores.tickets.comments(customer.scope(), ticket.id(), page).await;
    let listed = listed.expect("reading comments").expect("the requester sees the ticket");
    for page in [found, listed] {
        assert_eq!(page.items, public);
        assert_eq!(page.next, None, "nothing public is behind the last one");
    }
    for items in 1..=2 {
        assert_eq!(read_in_pages(&desk, customer.scope(), ticket.id(), items).await, public);
    }
}

/// A later change of role leaves a comment as it was.
pub async fn the_role_is_the_one_held_when_writing(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let ticket = desk.run(&ticket, desk.admin, assign(&agent), at(2)).await.ticket;
    let committed = desk.run(&ticket, AgentActor::new(agent.id()), reply("Hello."), at(3)).await;
    let patch = UserPatch { role: Some(Role::Customer), ..UserPatch::default() };
    desk.change_account(agent.id(), patch, at(4)).await;
    assert_eq!(desk.read(ticket.id()).await.comments.items, Vec::from_iter(committed.comment));
}

/// Walks the pages, first through `find`, then through `comments`, and checks that each has as many as it could have.
async fn read_in_pages(desk: &Desk, scope: Scope, id: TicketId, items: u64) -> Vec<Comment> {
    let mut request = PageRequest { limit: limit(items), after: None };
    let found = desk.stores.tickets.find(scope, id, request).await.expect("finding a ticket");
    let mut page = found.expect("the ticket is there").comments;
    let mut comments = Vec::new();
    loop {
        assert!(page.items.len() <= request.limit.get(), "no page is larger than its limit");
        comments.append(&mut page.items);
        let Some(next) = page.next else { return comments };
        assert_eq!(Some(next), comments.last().map(CommentPosition::of), "the position of the last item");
        assert!(comments.len().is_multiple_of(request.limit.get()), "a page with more behind it is full");
        assert_ne!(request.after, Some(next), "the walk goes on");
        request.after = Some(next);
        let more = desk.stores.tickets.comments(scope, id, request).await.expect("reading comments");
        page = more.expect("the ticket is there");
        assert!(!page.items.is_empty(), "a next position was given, so something is behind it");
    }
}
