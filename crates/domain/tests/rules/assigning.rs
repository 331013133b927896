//! Who works a ticket.

use helpdesk_domain::*;

use crate::cast::*;

#[test]
fn an_admin_assigns_to_one_who_must_be_an_active_agent() {
    let change = change(&new_ticket(), &admin(), assign(AGENTS[1]), 3);
    assert_eq!(change.preconditions(), [Precondition::ActiveAgent(user(AGENTS[1]))]);
    assert_eq!(change.ticket().record().assignee, Some(agent_ref(AGENTS[1])));
    let [event] = change.events() else { panic!("one event") };
    assert_eq!(event.visibility(), Visibility::Public);
    assert_eq!(event.changes(), [FieldChange::Assignee { from: None, to: Some(agent_ref(AGENTS[1])) }]);
}

#[test]
fn assigning_to_whom_it_is_assigned_changes_nothing() {
    let ticket = ticket_in(Status::Open);
    assert_eq!(decide(&ticket, &admin(), assign(AGENTS[0]), 3), Ok(Outcome::Unchanged));
    let renamed = AgentRef::new(user(AGENTS[0]), "Married since");
    let again = patch(TicketPatch { assignee: Some(Some(renamed)), ..TicketPatch::default() });
    assert_eq!(
        decide(&ticket, &admin(), again, 3),
        Ok(Outcome::Unchanged),
        "the account counts, not the name"
    );
    assert_eq!(decide(&new_ticket(), &admin(), unassign(), 3), Ok(Outcome::Unchanged));
}

#[test]
fn an_unchanged_assignee_is_no_precondition_of_another_change() {
    let with_priority = patch(TicketPatch {
        priority: Some(Priority::Low),
        assignee: Some(Some(agent_ref(AGENTS[0]))),
        ..TicketPatch::default()
    });
    let change = change(&ticket_in(Status::Open), &admin(), with_priority, 3);
    assert!(change.preconditions().is_empty());
}

#[test]
fn taking_a_ticket_away_has_no_precondition() {
    let change = change(&ticket_in(Status::Open), &admin(), unassign(), 3);
    assert!(change.preconditions().is_empty());
    assert_eq!(change.ticket().facts().assignee, None);
    let refusal = decide(change.ticket(), &agent(AGENTS[0]), reply(), 4);
    assert_eq!(refusal, Err(Refusal::NotVisible), "from the very next moment");
}

#[test]
fn nobody_but_an_admin_assigns() {
    let ticket = ticket_in(Status::Open);
    for actor in [agent(AGENTS[0]), requester()] {
        for command in [assign(AGENTS[1]), assign(AGENTS[0]), unassign()] {
            let refusal = decide(&ticket, &actor, command, 3);
            assert!(matches!(refusal, Err(Refusal::NotPermitted(_))), "{refusal:?}");
        }
    }
}

#[test]
fn a_ticket_is_given_back_unless_it_is_closed() {
    for &from in Status::ALL {
        let ticket = ticket_in(from);
        match ticket.give_back(&admin(), at(5)) {
            Ok(Outcome::Changed(change)) => {
                assert_eq!(change.ticket().facts().assignee, None);
                assert_eq!(
                    (change.ticket().status(), change.ticket().version()),
                    (from, ticket.version() + 1)
                );
                assert_eq!(change.events().len(), 1);
            }
            other => assert_eq!((from, other), (Status::Closed, Ok(Outcome::Unchanged))),
        }
    }
    assert_eq!(new_ticket().give_back(&admin(), at(5)), Ok(Outcome::Unchanged), "nobody has it");
}

#[test]
fn another_team_is_the_admins_to_choose_and_the_customer_learns_nothing_of_it() {
    let ticket = ticket_in(Status::Open);
    let night = TeamRef::new(TeamId::new(2).unwrap(), "Night");
    let to_night = || patch(TicketPatch { team: Some(night.clone()), ..TicketPatch::default() });
    let change = change(&ticket, &admin(), to_night(), 3);
    assert_eq!(change.preconditions(), [Precondition::TeamExists(night.id())]);
    assert_eq!(change.ticket().record().team, night);
    assert_eq!(change.ticket().public_version(), ticket.public_version());
    let [event] = change.events() else { panic!("one event") };
    assert_eq!(event.visibility(), Visibility::Internal);
    for actor in [requester(), agent(AGENTS[0]), system()] {
        let refusal = decide(&ticket, &actor, to_night(), 3);
        assert!(matches!(refusal, Err(Refusal::NotPermitted(_))), "{actor:?}: {refusal:?}");
    }
}

#[test]
fn the_help_desk_itself_takes_a_ticket_back_and_gives_it_to_nobody() {
    let ticket = ticket_in(Status::Open);
    let given_back = ticket.give_back(&system(), Ts::from_micros(3).unwrap()).unwrap();
    assert!(matches!(given_back, Outcome::Changed(change) if change.ticket().facts().assignee.is_none()));
    assert!(matches!(decide(&ticket, &system(), assign(AGENTS[1]), 3), Err(Refusal::NotPermitted(_))));
}
