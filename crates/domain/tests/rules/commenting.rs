//! Comments, and what they do to a ticket.

use helpdesk_domain::*;

use crate::cast::*;

#[test]
fn a_customers_reply_reopens_from_pending_and_resolved_only() {
    let rows = [
        (Status::Open, Status::Open, 0),
        (Status::InProgress, Status::InProgress, 0),
        (Status::Pending, Status::Open, 0),
        (Status::Resolved, Status::Open, 1),
    ];
    for (from, to, reopened) in rows {
        let change = change(&ticket_in(from), &requester(), reply(), 3);
        let record = change.ticket().record();
        assert_eq!((record.status, record.reopen_count), (to, reopened), "from {from}");
        assert_eq!(record.resolved_at, None, "from {from}");
        let expected = if from == to { vec![] } else { vec![FieldChange::Status { from, to }] };
        let [event] = change.events() else { panic!("one event, from {from}") };
        assert_eq!((event.kind(), event.changes()), (EventKind::Commented, &expected[..]), "from {from}");
    }
}

#[test]
fn what_staff_write_leaves_the_status_alone() {
    for from in [Status::Open, Status::InProgress, Status::Pending, Status::Resolved] {
        for command in [reply(), note()] {
            for actor in [agent(AGENTS[0]), admin()] {
                let ticket = run(&ticket_in(from), &actor, command.clone(), 3);
                assert_eq!((ticket.status(), ticket.record().reopen_count), (from, 0));
            }
        }
    }
}

#[test]
fn a_comment_on_a_closed_ticket_is_refused() {
    let closed = ticket_in(Status::Closed);
    for actor in [requester(), agent(AGENTS[0]), admin()] {
        assert_eq!(decide(&closed, &actor, reply(), 3), Err(Refusal::TicketClosed));
    }
    for actor in [agent(AGENTS[0]), admin()] {
        assert_eq!(decide(&closed, &actor, note(), 3), Err(Refusal::TicketClosed));
    }
}

#[test]
fn a_customer_writes_nothing_internal() {
    for status in [Status::Open, Status::Closed] {
        let refusal = decide(&ticket_in(status), &requester(), note(), 3);
        assert_eq!(refusal, Err(Refusal::InternalByCustomer));
    }
}

#[test]
fn background_tasks_write_no_comments() {
    for command in [reply(), note()] {
        let refusal = decide(&ticket_in(Status::Open), &system(), command, 3);
        assert!(matches!(refusal, Err(Refusal::NotPermitted(_))), "{refusal:?}");
    }
}

#[test]
fn the_first_public_answer_of_an_agent_is_the_first_response() {
    let ticket = run(&ticket_in(Status::Open), &requester(), reply(), 3);
    let ticket = run(&ticket, &agent(AGENTS[0]), note(), 4);
    let ticket = run(&ticket, &agent(AGENTS[0]), status(Status::InProgress), 5);
    let ticket = run(&ticket, &admin(), reply(), 5);
    assert_eq!(ticket.record().first_responded_at, None, "none of these is an answer");
    let ticket = run(&ticket, &agent(AGENTS[0]), reply(), 6);
    assert_eq!(ticket.record().first_responded_at, Some(at(6)));
    let ticket = run(&ticket, &agent(AGENTS[0]), reply(), 7);
    assert_eq!(ticket.record().first_responded_at, Some(at(6)), "the second is not the first");
}

#[test]
fn a_comment_keeps_its_author_the_role_and_the_time() {
    let ticket = ticket_in(Status::Open);
    for (actor, id, role) in [
        (requester(), REQUESTER, Role::Customer),
        (agent(AGENTS[0]), AGENTS[0], Role::Agent),
        (admin(), ADMIN, Role::Admin),
    ] {
        let change = change(&ticket, &actor, reply(), 3);
        let comment = change.comment().unwrap();
        assert_eq!((comment.author(), comment.author_role(), comment.created_at()), (user(id), role, at(3)));
        assert_eq!(comment.body().as_str(), "Still on fire.");
        assert!(change.preconditions().is_empty());
    }
}

#[test]
fn an_internal_comment_moves_the_internal_version_alone() {
    let ticket = ticket_in(Status::Open);
    let noted = run(&ticket, &agent(AGENTS[0]), note(), 9);
    assert_eq!((noted.version(), noted.record().updated_at), (ticket.version() + 1, at(9)));
    assert_eq!(CustomerTicketView::from(noted), CustomerTicketView::from(ticket));
}
