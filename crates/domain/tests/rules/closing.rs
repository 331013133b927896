//! Statuses, and what closing means.

use helpdesk_domain::*;

use crate::cast::*;

#[test]
fn reaching_resolved_and_closed_is_dated() {
    let resolved = ticket_in(Status::Resolved);
    assert_eq!((resolved.record().resolved_at, resolved.record().closed_at), (Some(at(2)), None));
    let closed = run(&resolved, &requester(), status(Status::Closed), 5);
    assert_eq!((closed.record().resolved_at, closed.record().closed_at), (Some(at(2)), Some(at(5))));
    let at_once = ticket_in(Status::Closed);
    assert_eq!((at_once.record().resolved_at, at_once.record().closed_at), (None, Some(at(2))));
}

#[test]
fn a_customer_closes_from_any_state() {
    for &from in Status::ALL {
        let outcome = decide(&ticket_in(from), &requester(), status(Status::Closed), 3);
        match outcome {
            Ok(Outcome::Changed(change)) => {
                assert_eq!(change.ticket().status(), Status::Closed, "from {from}");
            }
            other => assert_eq!((from, other), (Status::Closed, Ok(Outcome::Unchanged))),
        }
    }
}

#[test]
fn a_customer_sets_no_other_status_nor_field_not_even_to_what_it_is() {
    for &from in Status::ALL {
        let ticket = ticket_in(from);
        for &to in Status::ALL.iter().filter(|to| **to != Status::Closed) {
            let refusal = decide(&ticket, &requester(), status(to), 3);
            assert!(matches!(refusal, Err(Refusal::NotPermitted(_))), "{from} → {to}: {refusal:?}");
        }
        let closing_with_more = patch(TicketPatch {
            status: Some(Status::Closed),
            priority: Some(Priority::Low),
            ..TicketPatch::default()
        });
        for command in [priority(Priority::High), tags(&[]), assign(AGENTS[0]), unassign(), closing_with_more]
        {
            let refusal = decide(&ticket, &requester(), command, 3);
            assert!(matches!(refusal, Err(Refusal::NotPermitted(_))), "from {from}: {refusal:?}");
        }
    }
}

#[test]
fn closing_twice_changes_nothing() {
    let closed = ticket_in(Status::Closed);
    for actor in [requester(), agent(AGENTS[0]), admin(), system()] {
        assert_eq!(decide(&closed, &actor, status(Status::Closed), 9), Ok(Outcome::Unchanged), "{actor:?}");
    }
}

#[test]
fn what_is_closed_is_closed_for_agents() {
    let closed = ticket_in(Status::Closed);
    let agent = agent(AGENTS[0]);
    for command in [status(Status::Open), status(Status::Resolved), priority(Priority::Low), tags(&["late"])]
    {
        assert_eq!(decide(&closed, &agent, command, 3), Err(Refusal::TicketClosed));
    }
    for command in [priority(Priority::High), tags(&[]), status(Status::Closed)] {
        assert_eq!(decide(&closed, &agent, command, 3), Ok(Outcome::Unchanged), "the values it has");
    }
    let one_of_two = patch(TicketPatch {
        status: Some(Status::Closed),
        priority: Some(Priority::Low),
        ..TicketPatch::default()
    });
    assert_eq!(decide(&closed, &agent, one_of_two, 3), Err(Refusal::TicketClosed));
}

#[test]
fn closing_may_come_with_other_changes() {
    let last_words = patch(TicketPatch {
        status: Some(Status::Closed),
        priority: Some(Priority::Low),
        ..TicketPatch::default()
    });
    let closed = run(&ticket_in(Status::Open), &agent(AGENTS[0]), last_words, 3);
    assert_eq!((closed.status(), closed.record().priority), (Status::Closed, Priority::Low));
}

#[test]
fn background_tasks_close_what_is_resolved_and_nothing_else() {
    let closed = run(&ticket_in(Status::Resolved), &system(), status(Status::Closed), 9);
    assert_eq!(closed.record().closed_at, Some(at(9)));
    for from in [Status::Open, Status::InProgress, Status::Pending] {
        let refusal = decide(&ticket_in(from), &system(), status(Status::Closed), 9);
        assert_eq!(refusal, Err(Refusal::InvalidTransition { from, to: Status::Closed }));
    }
}

#[test]
fn the_same_status_changes_nothing() {
    for from in [Status::Open, Status::InProgress, Status::Pending, Status::Resolved] {
        for actor in [agent(AGENTS[0]), admin()] {
            assert_eq!(decide(&ticket_in(from), &actor, status(from), 9), Ok(Outcome::Unchanged));
        }
    }
}
