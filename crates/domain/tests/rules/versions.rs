//! What a caller has seen, against what is there.

use helpdesk_domain::*;

use crate::cast::*;

#[test]
fn nothing_internal_makes_a_customers_version_old() {
    let before = ticket_in(Status::Open);
    let seen = before.version_known_to(&requester());
    let noted = run(&before, &agent(AGENTS[0]), note(), 3);
    assert_eq!(noted.expect_version(&requester(), seen), Ok(()));
    let mine = before.version_known_to(&agent(AGENTS[0]));
    let current = noted.version();
    assert_eq!(noted.expect_version(&agent(AGENTS[0]), mine), Err(Refusal::VersionMismatch { current }));

    let answered = run(&noted, &agent(AGENTS[0]), reply(), 4);
    let current = answered.public_version();
    assert_eq!(answered.expect_version(&requester(), seen), Err(Refusal::VersionMismatch { current }));
}

#[test]
fn a_closed_ticket_of_ones_own_can_be_followed_up() {
    let closed = ticket_in(Status::Closed);
    assert_eq!(closed.may_be_followed_up(&requester()), Ok(()));
    assert_eq!(ticket_in(Status::Resolved).may_be_followed_up(&requester()), Err(Refusal::NoFollowUp));
    let stranger = Actor::from(CustomerActor::new(user(99)));
    assert_eq!(closed.may_be_followed_up(&stranger), Err(Refusal::NoFollowUp));
}

#[test]
fn a_resolved_ticket_closes_by_itself_when_its_time_has_come() {
    let system = SystemActor::outside_any_request();
    let resolved = ticket_in(Status::Resolved);
    let resolved_at = resolved.record().resolved_at.unwrap();
    let just_later = Ts::from_micros(resolved_at.micros() + 1).unwrap();
    let Ok(Outcome::Changed(change)) = resolved.close_by_itself(system, just_later, at(90)) else {
        panic!("it is due");
    };
    assert_eq!(change.ticket().status(), Status::Closed);
    assert_eq!(change.events()[0].actor().kind, ActorKind::System);
    assert_eq!(resolved.close_by_itself(system, resolved_at, at(90)), Ok(Outcome::Unchanged));
    for status in [Status::Open, Status::Pending, Status::Closed] {
        let other = ticket_in(status).close_by_itself(system, at(1_000), at(2_000));
        assert_eq!(other, Ok(Outcome::Unchanged), "{status}");
    }
}
