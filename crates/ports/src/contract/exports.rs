//! Exporting tickets.

use helpdesk_domain::{Priority, Role, Status, Tag, Ticket, TicketId, User, UserPatch, Visibility};

use super::desk::{Desk, assign, at, limit, name, note, reply, status, tags};
use crate::{CommentPosition, ExportedComment, ExportedTicket, PageRequest, Stores, TicketFilter};

/// A whole export, by pages of so many.
async fn export(desk: &Desk, filter: &TicketFilter, items: u64) -> Vec<ExportedTicket> {
    let mut exported = Vec::new();
    let mut after: Option<TicketId> = None;
    loop {
        let page = PageRequest { limit: limit(items), after };
        let page = desk.stores.exports.tickets(desk.admin, filter.clone(), page).await;
        let page = page.expect("exporting tickets");
        assert!(
            page.items.len() <= usize::try_from(items).expect("a small number"),
            "a page keeps its limit"
        );
        exported.extend(page.items);
        match page.next {
            None => return exported,
            Some(next) => {
                assert!(Some(next) > after, "an export gets on");
                after = Some(next);
            }
        }
    }
}

async fn export_comments(desk: &Desk, ticket: TicketId, items: u64) -> Vec<ExportedComment> {
    let mut exported = Vec::new();
    let mut after: Option<CommentPosition> = None;
    loop {
        let page = PageRequest { limit: limit(items), after };
        let page = desk.stores.exports.comments(desk.admin, ticket, page).await.expect("exporting comments");
        exported.extend(page.items);
        match page.next {
            None => return exported,
            Some(next) => after = Some(next),
        }
    }
}

async fn expected(desk: &Desk, ticket: &Ticket) -> ExportedTicket {
    let ticket = desk.read(ticket.id()).await.ticket;
    let facts = ticket.facts();
    let assignee = match facts.assignee {
        Some(agent) => Some(desk.account(agent).await),
        None => None,
    };
    ExportedTicket { requester: desk.account(facts.requester).await, assignee, ticket }
}

/// Of every requester, assigned or not, in any status; with the accounts as they are today.
pub async fn an_export_holds_each_ticket_once_by_id(stores: Stores) {
    let desk = Desk::new(stores).await;
    assert_eq!(export(&desk, &TicketFilter::default(), 5).await, [], "nothing, of nothing");
    let (ada, eve) = (desk.customer("ada").await, desk.customer("eve").await);
    let grace = desk.agent("grace").await;
    let mut tickets = Vec::new();
    for number in 0..7 {
        let customer = if number % 2 == 0 { ada } else { eve };
        let ticket = desk.ticket(customer, &format!("Ticket {number}"), at(number)).await;
        tickets.push(match number % 3 {
            0 => ticket,
            _ => desk.run(&ticket, desk.admin, assign(&grace), at(20 + number)).await.ticket,
        });
    }
    // The order of ids is not that of change.
    desk.run(&tickets[0].clone(), desk.admin, status(Status::Closed), at(50)).await;
    let renamed = UserPatch { name: Some(name("Ada King")), ..UserPatch::default() };
    desk.change_account(ada.id(), renamed, at(60)).await;

    let mut all = Vec::new();
    for ticket in &tickets {
        all.push(expected(&desk, ticket).await);
    }
    assert_eq!(all[0].requester.record().name, name("Ada King"), "the name of today");
    for items in [1, 2, 7, 100] {
        assert_eq!(export(&desk, &TicketFilter::default(), items).await, all, "by pages of {items}");
    }
}

/// As they narrow lists.
pub async fn filters_narrow_an_export(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (ada, eve) = (desk.customer("ada").await, desk.customer("eve").await);
    let grace = desk.agent("grace").await;
    for number in 0..6 {
        let customer = if number % 2 == 0 { ada } else { eve };
        let mut ticket = desk.ticket(customer, "Again", at(number)).await;
        if number % 3 == 0 {
            ticket = desk.run(&ticket, desk.admin, assign(&grace), at(10 + number)).await.ticket;
        }
        if number >= 3 {
            ticket = desk.run(&ticket, desk.admin, tags(&["vip"]), at(20 + number)).await.ticket;
            desk.run(&ticket, desk.admin, status(Status::Pending), at(30 + number)).await;
        }
    }
    let team = desk.default_team().await.id;
    let none = TicketFilter::default();
    let vip = Tag::parse("vip").expect("a tag");
    let all = export(&desk, &none, 100).await;
    for (filter, count) in [
        (none.clone().with_statuses([Status::Pending, Status::Closed]), 3),
        (none.clone().with_priorities([Priority::Normal]), 6),
        (none.clone().with_priorities([Priority::Low]), 0),
        (none.clone().with_tag(Some(vip)), 3),
        (none.clone().created_after(Some(at(3))), 2),
        (none.clone().updated_after(Some(at(34))), 1),
        (none.clone().with_assignee(Some(None)), 4),
        (none.clone().with_assignee(Some(Some(grace.id()))), 2),
        (none.clone().with_requester(Some(eve.id())).with_team(Some(team)), 3),
    ] {
        let sees = desk.admin.scope().comments();
        let admitted = all.iter().filter(|exported| filter.admits(&exported.ticket, [], sees));
        let admitted: Vec<_> = admitted.cloned().collect();
        assert_eq!(admitted.len(), count, "{filter:?}");
        for items in [1, 100] {
            assert_eq!(export(&desk, &filter, items).await, admitted, "{filter:?}");
        }
    }
}

/// Public and internal ones, oldest first, with the authors' accounts of today and the roles that they held when writing.
pub async fn an_export_has_every_comment_with_its_author(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, mut ticket) = desk.assigned_ticket().await;
    let other = desk.ticket(customer, "Another", at(3)).await;
    desk.run(&other, customer, reply("Of another ticket."), at(4)).await;
    for second in 10..15 {
        let committed = match second % 3 {
            0 => desk.run(&ticket, customer, reply("Still burning."), at(second)).await,
            1 => desk.run(&ticket, agent, note("Arson?"), at(second)).await,
            _ => desk.run(&ticket, desk.admin, reply("We are on it."), at(second)).await,
        };
        ticket = committed.ticket;
    }
    let demoted = UserPatch { role: Some(Role::Customer), ..UserPatch::default() };
    desk.change_account(agent.id(), demoted, at(60)).await;

    let now = desk.read(ticket.id()).await;
    let mut all = Vec::new();
    for comment in now.comments.items {
        let author: User = desk.account(comment.author().id).await;
        all.push(ExportedComment { comment, author });
    }
    assert_eq!(all.len(), 5);
    assert!(all.iter().any(|exported| exported.comment.visibility() == Visibility::Internal));
    let roles = |exported: &ExportedComment| exported.comment.author().role != exported.author.role();
    assert!(all.iter().any(roles), "somebody wrote in another role than that of today");
    for items in [1, 2, 5, 100] {
        assert_eq!(export_comments(&desk, ticket.id(), items).await, all, "by pages of {items}");
    }
    let nowhere = TicketId::new(9_999).expect("a positive id");
    assert_eq!(export_comments(&desk, nowhere, 5).await, [], "of a ticket that is not there");
}
