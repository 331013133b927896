//! Opening a ticket.

use helpdesk_domain::*;

use crate::cast::*;

#[test]
fn a_new_ticket_is_open_unassigned_and_the_callers_own() {
    let opening = opening();
    assert_eq!(opening.requester(), user(REQUESTER));
    let event = opening.event();
    assert_eq!(
        (event.kind(), event.visibility(), event.at()),
        (EventKind::Created, Visibility::Public, at(0))
    );
    assert_eq!(event.actor(), EventActor { kind: ActorKind::Customer, id: Some(user(REQUESTER)) });
    assert!(event.changes().is_empty());

    let ticket = new_ticket();
    let record = ticket.record();
    assert_eq!(
        (record.status, record.priority, record.assignee.clone()),
        (Status::Open, Priority::High, None)
    );
    assert!(record.tags.is_empty());
    assert_eq!((record.version, record.public_version, record.reopen_count), (1, 1, 0));
    assert_eq!([record.created_at, record.updated_at, record.public_updated_at], [at(0); 3]);
    assert_eq!([record.first_responded_at, record.resolved_at, record.closed_at], [None; 3]);
}

#[test]
fn who_may_not_see_it_is_told_nothing_more() {
    let ticket = ticket_in(Status::Open);
    let commands = || {
        [
            status(Status::Closed),
            status(Status::Open),
            reply(),
            note(),
            assign(AGENTS[1]),
            patch(TicketPatch::default()),
        ]
    };
    for outsider in
        [stranger(), agent(AGENTS[1]), agent(REQUESTER), Actor::of_account(user(AGENTS[0]), Role::Customer)]
    {
        for command in commands() {
            assert_eq!(decide(&ticket, &outsider, command, 3), Err(Refusal::NotVisible), "{outsider:?}");
        }
    }
}

#[test]
fn a_patch_without_any_field_is_refused() {
    let ticket = ticket_in(Status::Open);
    for actor in [admin(), agent(AGENTS[0]), requester()] {
        let nothing = patch(TicketPatch::default());
        assert_eq!(decide(&ticket, &actor, nothing, 3), Err(Refusal::NothingToChange));
    }
}

#[test]
fn public_and_internal_changes_of_one_request_make_two_events() {
    let ticket = ticket_in(Status::Open);
    let both = patch(TicketPatch {
        status: Some(Status::Pending),
        tags: Some(Tags::parse(&["fire"]).unwrap()),
        ..TicketPatch::default()
    });
    let change = change(&ticket, &agent(AGENTS[0]), both, 3);
    let events: Vec<_> = change.events().iter().map(|event| (event.visibility(), event.changes())).collect();
    let to_pending = [FieldChange::Status { from: Status::Open, to: Status::Pending }];
    let to_fire = [FieldChange::Tags { from: Tags::default(), to: Tags::parse(&["fire"]).unwrap() }];
    assert_eq!(events, [(Visibility::Public, &to_pending[..]), (Visibility::Internal, &to_fire[..])]);
    assert_eq!(change.base_version(), ticket.version());
    assert_eq!(change.ticket().version(), ticket.version() + 1);
    assert_eq!(change.ticket().public_version(), ticket.public_version() + 1);
}

#[test]
fn a_clock_that_was_set_back_does_not_make_times_run_backwards() {
    let ticket = run(&ticket_in(Status::Open), &admin(), note(), 50);
    let change = change(&ticket, &requester(), reply(), 1);
    let record = change.ticket().record();
    assert_eq!(
        (record.updated_at, record.public_updated_at),
        (at(50), at(1)),
        "the internal time stays internal"
    );
    assert_eq!(change.comment().unwrap().created_at(), at(1));

    let ticket = run(change.ticket(), &requester(), status(Status::Closed), -9);
    assert_eq!(ticket.record().public_updated_at, at(1));
    assert_eq!(ticket.record().closed_at, Some(at(1)));
}
