//! Tickets: what is written is what is read.

use helpdesk_domain::{
    AgentActor, CommentBody, Description, MAX_ID, NewTicket, Outcome, Priority, Role, Status, Subject,
    Ticket, TicketId, Ts, UserPatch,
};

use super::desk::{Desk, all, assign, at, name, new_ticket, note, priority, reply, status, tags, user_id};
use crate::{Stores, TicketQuery};

/// Every field of a new ticket is read back, by id and in a list, by each who may see it.
pub async fn a_new_ticket_reads_back_as_it_was_opened(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    for (second, &priority) in (1..).zip(Priority::ALL) {
        let ticket = desk.open(customer, new_ticket("Printer on fire", priority), at(second)).await;
        for scope in [desk.admin.scope(), customer.scope()] {
            let found = desk.stores.tickets.find(scope, ticket.id(), all()).await.expect("finding a ticket");
            let found = found.expect("the ticket is there");
            assert_eq!(found.ticket, ticket);
            assert_eq!(
                (found.comments.items.len(), found.comments.next),
                (0, None),
                "a new ticket has no comments"
            );
            let list =
                desk.stores.tickets.list(scope, TicketQuery { page: all(), ..TicketQuery::default() }).await;
            assert!(list.expect("listing tickets").items.contains(&ticket), "{ticket:?} is in the list");
        }
    }
}

/// Texts of the greatest length, in characters that take four bytes each.
pub async fn the_longest_texts_survive(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let draft = NewTicket {
        subject: Subject::parse(&"🖨".repeat(Subject::MAX_CHARS)).expect("a subject"),
        description: Description::parse(&"🔥".repeat(Description::MAX_CHARS)).expect("a description"),
        priority: Priority::Urgent,
        follow_up_of: None,
    };
    let ticket = desk.open(customer, draft, at(1)).await;
    assert_eq!(desk.read(ticket.id()).await.ticket, ticket);

    let body = "🧯".repeat(CommentBody::MAX_CHARS);
    let committed = desk.run(&ticket, customer, reply(&body), at(2)).await;
    let read = desk.read(ticket.id()).await;
    assert_eq!(read.comments.items, Vec::from_iter(committed.comment), "the longest comment");
}

/// No store normalises, escapes or cuts a text.
pub async fn unusual_texts_survive(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let lines = [
        "quote ' double \" back\\slash \\n percent % under_score ; -- /* */ $1 ? :a {} \\x00",
        "e\u{301} is not é, and \u{212b} is not \u{c5}",
        "👩‍👩‍👧‍👦 🏳️‍🌈 日本語 العربية עברית ไทย",
        "\u{feff}bom \u{202e}rtl\u{202c} zero\u{200b}width",
        "\u{fffd} \u{ffff} \u{10ffff} \u{e000}",
    ];
    for (second, line) in (1..).zip(lines) {
        let text = format!("{line}\r\n\tnext line\n\u{1}\u{7f}\u{85} end");
        let draft = NewTicket {
            subject: Subject::parse(line).expect("a subject"),
            description: Description::parse(&text).expect("a description"),
            priority: Priority::Normal,
            follow_up_of: None,
        };
        let ticket = desk.open(customer, draft, at(second)).await;
        let committed = desk.run(&ticket, customer, reply(&text), at(second)).await;
        let read = desk.read(ticket.id()).await;
        assert_eq!(read.ticket, committed.ticket);
        assert_eq!(read.comments.items, Vec::from_iter(committed.comment));
    }
}

/// Every [`Ts`] that the domain can make, can be kept; to the microsecond, before 1970 too.
pub async fn the_first_and_the_last_moment_survive(stores: Stores) {
    const FIRST: i64 = -62_135_596_800_000_000;
    const LAST: i64 = 253_402_300_799_999_999;
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    for micros in [FIRST, -1, 0, 1, 951_782_400_000_001, LAST] {
        let now = Ts::from_micros(micros).expect("a moment");
        let ticket = desk.ticket(customer, "When?", now).await;
        let committed = desk.run(&ticket, customer, reply("Then."), now).await;
        let read = desk.read(ticket.id()).await;
        assert_eq!(read.ticket, committed.ticket, "at {now}");
        assert_eq!(read.comments.items, Vec::from_iter(committed.comment), "at {now}");
    }
}

/// A ticket's life, step by step; after each step everything about it is read back.
pub async fn every_field_reads_back_after_each_change(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let by_agent = helpdesk_domain::AgentActor::new(agent.id());
    let mut ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let admin = desk.admin;

    let many: Vec<String> = (0..helpdesk_domain::MAX_TAGS).map(|n| format!("étiquette-{n}/日本")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let unassign = helpdesk_domain::TicketCommand::Update(helpdesk_domain::TicketPatch {
        assignee: Some(None),
        ..helpdesk_domain::TicketPatch::default()
    });
    let steps: [(helpdesk_domain::Actor, _); 15] = [
        (admin.into(), assign(&agent)),
        (by_agent.into(), tags(&many)),
        (by_agent.into(), priority(Priority::Urgent)),
        (by_agent.into(), note("Between us.")),
        (by_agent.into(), reply("Have you tried water?")),
        (by_agent.into(), status(Status::Pending)),
        (customer.into(), reply("Now it is wet.")),
        (by_agent.into(), status(Status::InProgress)),
        (by_agent.into(), status(Status::Resolved)),
        (customer.into(), reply("It burns again.")),
        (by_agent.into(), tags(&[])),
        (by_agent.into(), status(Status::Resolved)),
        (customer.into(), status(Status::Closed)),
        (admin.into(), status(Status::Open)),
        (admin.into(), unassign),
    ];
    let mut comments = Vec::new();
    for (second, (actor, command)) in (2..).zip(steps) {
        let committed = desk.run(&ticket, actor, command, at(second)).await;
        comments.extend(committed.comment);
        let read = desk.read(ticket.id()).await;
        assert_eq!(read.ticket, committed.ticket, "after step {second}");
        assert_eq!(read.comments.items, comments, "after step {second}");
        let list = desk.stores.tickets.list(admin.scope(), TicketQuery::default()).await;
        assert_eq!(
            list.expect("listing tickets").items,
            std::slice::from_ref(&committed.ticket),
            "after step {second}"
        );
        ticket = committed.ticket;
    }
    let record = ticket.record();
    assert_eq!((record.version, record.public_version, record.reopen_count), (16, 13, 2));
}

/// A follow-up says what it follows, and goes on saying so, whatever becomes of either.
pub async fn a_follow_up_names_what_it_follows(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let closed = desk.run(&ticket, customer, status(Status::Closed), at(2)).await.ticket;
    let draft = NewTicket { follow_up_of: Some(closed.id()), ..new_ticket("Again", Priority::High) };
    let second = desk.open(customer, draft, at(3)).await;
    assert_eq!(second.record().follow_up_of, Some(closed.id()));
    assert_eq!(desk.read(second.id()).await.ticket, second);

    let second = desk.run(&second, customer, status(Status::Closed), at(4)).await.ticket;
    desk.run(&closed, desk.admin, status(Status::Open), at(4)).await;
    assert_eq!(desk.read(second.id()).await.ticket, second);
    assert_eq!(desk.read(closed.id()).await.ticket.record().follow_up_of, None);
    let list = desk.stores.tickets.list(customer.scope(), TicketQuery::default()).await;
    let listed: Vec<_> = list.expect("listing tickets").items;
    assert_eq!(listed.iter().filter_map(|ticket| ticket.record().follow_up_of).count(), 1);
    assert!(listed.contains(&second));
}

/// `created_at` sorts by id, so ids must rise.
pub async fn ids_rise_in_the_order_of_opening(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let mut last = None;
    for second in [5, 3, 3, 9] {
        let id = desk.ticket(customer, "Again", at(second)).await.id();
        assert!(Some(id) > last, "{id} is above {last:?}");
        last = Some(id);
    }
}

/// Absence is an answer, not an error.
pub async fn an_unknown_ticket_is_absent(stores: Stores) {
    let desk = Desk::new(stores).await;
    let scope = desk.admin.scope();
    let tickets = &desk.stores.tickets;
    for id in [1, 1 << 31, MAX_ID] {
        let id = TicketId::new(id).expect("an id");
        assert_eq!(tickets.find(scope, id, all()).await, Ok(None));
        assert_eq!(tickets.comments(scope, id, all()).await, Ok(None));
        assert_eq!(tickets.history(scope, id, all()).await, Ok(None));
        assert_eq!(tickets.claimable(AgentActor::new(user_id(1)).queue(), id).await, Ok(None));
        let decide = Box::new(|_: &Ticket| Ok(Outcome::Unchanged));
        assert_eq!(tickets.decide_locked(scope, id, decide).await, Ok(None));
    }
    let list = tickets.list(scope, TicketQuery::default()).await.expect("listing tickets");
    assert_eq!((list.items.len(), list.next), (0, None), "an empty store lists nothing");
}

/// Requester, assignee and authors, whoever they are, are shown under the names they have today.
pub async fn names_are_the_ones_of_today(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, ticket) = desk.assigned_ticket().await;
    let ticket = desk.run(&ticket, agent, reply("Hello."), at(3)).await.ticket;
    let ticket = desk.run(&ticket, customer, reply("Hello."), at(3)).await.ticket;
    desk.run(&ticket, desk.admin, reply("Hello."), at(3)).await;
    for id in [customer.id(), agent.id(), desk.admin.id()] {
        let new_name = format!("Renamed {} 🙂", desk.account(id).await.record().role);
        let patch = UserPatch { name: Some(name(&new_name)), ..UserPatch::default() };
        desk.change_account(id, patch, at(4)).await;
    }

    let new_name = |role: Role| format!("Renamed {role} 🙂");
    let check = |ticket: &Ticket| {
        let record = ticket.record();
        assert_eq!(record.requester.name(), new_name(Role::Customer));
        assert_eq!(
            record.assignee.as_ref().map(|agent| agent.name().to_owned()),
            Some(new_name(Role::Agent))
        );
    };
    let read = desk.read(ticket.id()).await;
    check(&read.ticket);
    let authors: Vec<_> = read.comments.items.iter().map(|comment| comment.author().name.clone()).collect();
    assert_eq!(authors, [Role::Agent, Role::Customer, Role::Admin].map(new_name));
    let comments = desk.stores.tickets.comments(desk.admin.scope(), ticket.id(), all()).await;
    assert_eq!(comments, Ok(Some(read.comments)));
    let list = desk.stores.tickets.list(customer.scope(), TicketQuery::default()).await;
    check(&list.expect("listing tickets").items[0]);
}
