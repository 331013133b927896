//! The ways back from resolved and closed.

use helpdesk_domain::*;

use crate::cast::*;

#[test]
fn leaving_resolved_is_reopening_whoever_does_it() {
    for to in [Status::Open, Status::InProgress, Status::Pending] {
        for actor in [agent(AGENTS[0]), admin()] {
            let ticket = run(&ticket_in(Status::Resolved), &actor, status(to), 3);
            let record = ticket.record();
            assert_eq!((record.status, record.reopen_count, record.resolved_at), (to, 1, None));
        }
    }
}

#[test]
fn closing_what_was_resolved_is_no_reopening() {
    let closed = run(&ticket_in(Status::Resolved), &agent(AGENTS[0]), status(Status::Closed), 3);
    assert_eq!(closed.record().reopen_count, 0);
}

#[test]
fn an_admin_reopens_what_is_closed_and_both_dates_go() {
    let closed = run(&ticket_in(Status::Resolved), &requester(), status(Status::Closed), 3);
    let open = run(&closed, &admin(), status(Status::Open), 4);
    let record = open.record();
    assert_eq!((record.status, record.reopen_count), (Status::Open, 1));
    assert_eq!((record.resolved_at, record.closed_at), (None, None));

    let again = run(&run(&open, &requester(), status(Status::Closed), 5), &admin(), status(Status::Open), 6);
    assert_eq!(again.record().reopen_count, 2);
}

#[test]
fn an_admin_reopens_to_open_alone() {
    let closed = ticket_in(Status::Closed);
    for to in [Status::InProgress, Status::Pending, Status::Resolved] {
        let refusal = decide(&closed, &admin(), status(to), 3);
        assert_eq!(refusal, Err(Refusal::InvalidTransition { from: Status::Closed, to }));
    }
}

#[test]
fn an_admin_changes_a_closed_ticket_only_by_reopening_it() {
    let closed = ticket_in(Status::Closed);
    for command in [priority(Priority::Low), tags(&["late"]), assign(AGENTS[1]), unassign()] {
        assert_eq!(decide(&closed, &admin(), command, 3), Err(Refusal::TicketClosed));
    }
    let reopened = patch(TicketPatch {
        status: Some(Status::Open),
        assignee: Some(Some(agent_ref(AGENTS[1]))),
        ..TicketPatch::default()
    });
    let reopened = run(&closed, &admin(), reopened, 3);
    assert_eq!((reopened.status(), reopened.facts().assignee), (Status::Open, Some(user(AGENTS[1]))));
}

#[test]
fn who_is_reopened_to_must_still_be_an_active_agent() {
    let closed = run(&ticket_in(Status::Resolved), &requester(), status(Status::Closed), 3);
    let agent = closed.facts().assignee.expect("somebody resolved it");
    let reopening = status(Status::Open);
    let reopened = change(&closed, &admin(), reopening.clone(), 4);
    assert_eq!(reopened.preconditions(), [Precondition::ActiveAgent(agent)]);

    // Where it does not hold, the ticket goes to the queue.
    let instead = reopening.instead(Precondition::ActiveAgent(agent)).expect("another way");
    let queued = change(&closed, &admin(), instead.clone(), 4);
    assert_eq!((queued.ticket().status(), queued.ticket().facts().assignee), (Status::Open, None));
    assert_eq!(queued.preconditions(), []);
    // An assignee that was asked for is not silently dropped.
    assert_eq!(instead.instead(Precondition::ActiveAgent(agent)), None);
    assert_eq!(assign(AGENTS[1]).instead(Precondition::ActiveAgent(agent)), None);
}
