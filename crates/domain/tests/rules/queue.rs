//! Taking tickets from the queue, and putting them back.

use helpdesk_domain::*;

use crate::cast::*;

fn me() -> AgentActor {
    AgentActor::new(user(AGENTS[0]))
}

fn other() -> AgentActor {
    AgentActor::new(user(AGENTS[1]))
}

fn claim(ticket: &Ticket, by: AgentActor) -> Result<Outcome, Refusal> {
    ticket.claim(by, &AgentRef::new(by.id(), name(by.id())), at(5))
}

fn changed(outcome: Result<Outcome, Refusal>) -> Change {
    match outcome {
        Ok(Outcome::Changed(change)) => *change,
        other => panic!("a change was expected, not {other:?}"),
    }
}

#[test]
fn an_agent_takes_what_nobody_works_and_must_be_in_its_team() {
    let change = changed(claim(&new_ticket(), me()));
    let team = new_ticket().record().team.id();
    assert_eq!(change.preconditions(), [Precondition::ActiveMember(team, me().id())]);
    assert_eq!(change.ticket().facts().assignee, Some(me().id()));
    let [event] = change.events() else { panic!("one event") };
    assert_eq!((event.visibility(), event.actor().id), (Visibility::Public, Some(me().id())));
}

#[test]
fn what_is_taken_stays_taken_however_late_one_looks() {
    let taken = changed(claim(&new_ticket(), me())).ticket().clone();
    assert_eq!(claim(&taken, other()), Err(Refusal::AlreadyClaimed));
    assert_eq!(claim(&taken, me()), Ok(Outcome::Unchanged));
    let resolved = run(&taken, &me().into(), status(Status::Resolved), 6);
    assert_eq!(claim(&resolved, other()), Err(Refusal::AlreadyClaimed));
    assert_eq!(claim(&ticket_in(Status::Closed), other()), Err(Refusal::TicketClosed));
}

#[test]
fn an_agent_puts_its_own_ticket_back_and_no_other() {
    let taken = ticket_in(Status::Pending);
    let change = changed(taken.release(me(), at(7)));
    assert_eq!(change.ticket().facts().assignee, None);
    assert_eq!(change.ticket().status(), Status::Pending);
    assert_eq!(taken.release(other(), at(7)), Err(Refusal::NotVisible));
    assert_eq!(new_ticket().release(me(), at(7)), Err(Refusal::NotVisible));
    assert_eq!(ticket_in(Status::Closed).release(me(), at(7)), Err(Refusal::TicketClosed));
}

#[test]
fn the_queue_holds_what_nobody_works_in_ones_teams() {
    let queue = me().queue();
    assert!(queue.lists(&new_ticket(), true) && !queue.lists(&new_ticket(), false));
    for taken in [ticket_in(Status::Open), ticket_in(Status::Closed)] {
        assert!(!queue.lists(&taken, true));
    }
    let closed = run(&new_ticket(), &requester(), status(Status::Closed), 3);
    assert!(!queue.lists(&closed, true), "closed without ever being worked");
    assert!(queue.reaches(true) && !queue.reaches(false));
}
