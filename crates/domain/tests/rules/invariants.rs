//! What holds at every step of every life.

use std::collections::HashSet;

use helpdesk_domain::*;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::cast::*;
use crate::random_lives::{Step, life};

const OVER: [Status; 2] = [Status::Resolved, Status::Closed];

proptest! {
    #[test]
    fn every_step_keeps_the_invariants(life in life()) {
        let mut ticket = new_ticket();
        let mut reopened = 0;
        for step in life {
            let actor = step.who.actor(&ticket);
            match step.decide(&ticket) {
                Ok(Outcome::Changed(change)) => {
                    let (before, after) = (ticket.record(), change.ticket().record());
                    prop_assert!(actor.scope().admits(&ticket.facts()), "out of scope: {:?}", step);
                    versions_and_times(&ticket, &change)?;
                    events(&ticket, &change, &actor)?;
                    what_never_changes(before, after)?;
                    closed_is_final(before, after, &actor)?;
                    dates_fit_the_status(after)?;
                    first_response(before, &change, &actor)?;
                    preconditions(before, &change)?;
                    reopened += i64::from(OVER.contains(&before.status) && !OVER.contains(&after.status));
                    prop_assert_eq!(after.reopen_count, reopened);
                    ticket = change.ticket().clone();
                }
                Ok(Outcome::Unchanged) => prop_assert!(names_current_values(&step, &ticket), "lost: {:?}", step),
                Err(refusal) => {
                    let sees_it = actor.scope().admits(&ticket.facts());
                    prop_assert_eq!(refusal == Refusal::NotVisible, !sees_it, "{:?}: {:?}", step, refusal);
                }
            }
            current_values_change_nothing(&ticket)?;
        }
    }
}

fn versions_and_times(ticket: &Ticket, change: &Change) -> TestCaseResult {
    let (before, after) = (ticket.record(), change.ticket().record());
    let public = change.events().iter().filter(|event| event.visibility() == Visibility::Public).count();
    prop_assert_eq!(change.base_version(), before.version);
    prop_assert_eq!(after.version, before.version + 1);
    prop_assert_eq!(after.public_version, before.public_version + i64::try_from(public).unwrap());
    prop_assert!(after.updated_at >= before.updated_at, "time runs backwards");
    prop_assert!(after.public_updated_at >= before.public_updated_at, "public time runs backwards");
    prop_assert!(after.updated_at >= after.public_updated_at, "a public change is a change");
    prop_assert_eq!(public == 0, after.public_version == before.public_version);
    if public == 0 {
        prop_assert_eq!(after.public_updated_at, before.public_updated_at);
    }
    Ok(())
}

fn events(ticket: &Ticket, change: &Change, actor: &Actor) -> TestCaseResult {
    let after = change.ticket().record();
    prop_assert!((1..=2).contains(&change.events().len()), "{:?}", change.events());
    if let [first, second] = change.events() {
        prop_assert_ne!(first.visibility(), second.visibility());
    }
    for event in change.events() {
        prop_assert_eq!(event.actor(), EventActor::from(actor));
        prop_assert!(
            event.changes().iter().all(|change| change.visibility() == event.visibility()),
            "{:?}",
            event
        );
        let at = match event.visibility() {
            Visibility::Public => after.public_updated_at,
            Visibility::Internal => after.updated_at,
        };
        prop_assert_eq!(event.at(), at);
        let tells_of_a_comment =
            change.comment().is_some_and(|comment| comment.visibility() == event.visibility());
        prop_assert!(tells_of_a_comment || !event.changes().is_empty(), "an event that tells nothing");
        let kind = if change.comment().is_some() { EventKind::Commented } else { EventKind::Updated };
        prop_assert_eq!(event.kind(), kind);
    }
    if let Some(comment) = change.comment() {
        let its_event = change.events().iter().find(|event| event.visibility() == comment.visibility());
        prop_assert_eq!(its_event.map(Event::at), Some(comment.created_at()));
        prop_assert!(actor.scope().comments().admits(comment.visibility()));
        prop_assert_eq!((Some(comment.author()), Some(comment.author_role())), (actor.id(), actor.role()));
    }
    replayed(ticket, change)
}

/// The events tell all of it: from the ticket as it was, they lead to the ticket as it is.
fn replayed(ticket: &Ticket, change: &Change) -> TestCaseResult {
    let mut fields = fields(ticket);
    for change in change.events().iter().flat_map(Event::changes) {
        match change.clone() {
            FieldChange::Status { from, to } => prop_assert_eq!(std::mem::replace(&mut fields.0, to), from),
            FieldChange::Priority { from, to } => prop_assert_eq!(std::mem::replace(&mut fields.1, to), from),
            FieldChange::Assignee { from, to } => prop_assert_eq!(std::mem::replace(&mut fields.2, to), from),
            FieldChange::Tags { from, to } => prop_assert_eq!(std::mem::replace(&mut fields.3, to), from),
            FieldChange::Team { from, to } => prop_assert_eq!(std::mem::replace(&mut fields.4, to), from),
        }
    }
    prop_assert_eq!(fields, self::fields(change.ticket()));
    Ok(())
}

fn fields(ticket: &Ticket) -> (Status, Priority, Option<AgentRef>, Tags, TeamRef) {
    let record = ticket.record().clone();
    (record.status, record.priority, record.assignee, record.tags, record.team)
}

fn what_never_changes(before: &TicketRecord, after: &TicketRecord) -> TestCaseResult {
    let fixed = |record: &TicketRecord| {
        let TicketRecord { id, subject, description, requester, created_at, .. } = record.clone();
        (id, subject, description, requester, created_at)
    };
    prop_assert_eq!(fixed(before), fixed(after));
    Ok(())
}

fn closed_is_final(before: &TicketRecord, after: &TicketRecord, actor: &Actor) -> TestCaseResult {
    if before.status == Status::Closed {
        prop_assert_eq!((actor.kind(), after.status), (ActorKind::Admin, Status::Open));
    }
    Ok(())
}

fn dates_fit_the_status(after: &TicketRecord) -> TestCaseResult {
    prop_assert_eq!(after.closed_at.is_some(), after.status == Status::Closed);
    match after.status {
        Status::Open | Status::InProgress | Status::Pending => prop_assert_eq!(after.resolved_at, None),
        Status::Resolved => prop_assert!(after.resolved_at.is_some()),
        Status::Closed => prop_assert!(after.resolved_at <= after.closed_at),
    }
    Ok(())
}

fn first_response(before: &TicketRecord, change: &Change, actor: &Actor) -> TestCaseResult {
    let is_response = actor.kind() == ActorKind::Agent
        && change.comment().is_some_and(|comment| comment.visibility() == Visibility::Public);
    let now = is_response.then(|| change.ticket().record().public_updated_at);
    prop_assert_eq!(change.ticket().record().first_responded_at, before.first_responded_at.or(now));
    Ok(())
}

fn preconditions(before: &TicketRecord, change: &Change) -> TestCaseResult {
    let assignee = change.ticket().facts().assignee;
    let reopens = before.status == Status::Closed;
    let is_new = assignee.filter(|id| reopens || before.assignee.as_ref().map(AgentRef::id) != Some(*id));
    let team = change.ticket().record().team.id();
    let new_team = Some(team).filter(|team| *team != before.team.id());
    let agent = is_new.map(Precondition::ActiveAgent);
    let expected: HashSet<Precondition> =
        agent.into_iter().chain(new_team.map(Precondition::TeamExists)).collect();
    prop_assert_eq!(change.preconditions().len(), expected.len());
    prop_assert_eq!(change.preconditions().iter().copied().collect::<HashSet<_>>(), expected);
    Ok(())
}

/// Only a patch of the values that a ticket has may come to nothing.
fn names_current_values(step: &Step, ticket: &Ticket) -> bool {
    let record = ticket.record();
    let patch = match &step.command {
        TicketCommand::Update(patch) => patch,
        TicketCommand::Comment(_) => return false,
    };
    patch.status.is_none_or(|status| status == record.status)
        && patch.priority.is_none_or(|priority| priority == record.priority)
        && patch.tags.as_ref().is_none_or(|tags| *tags == record.tags)
        && patch.assignee.as_ref().is_none_or(|assignee| *assignee == record.assignee)
        && patch.team.as_ref().is_none_or(|team| *team == record.team)
}

fn current_values_change_nothing(ticket: &Ticket) -> TestCaseResult {
    let record = ticket.record().clone();
    let mut same = TicketPatch {
        status: Some(record.status),
        priority: Some(record.priority),
        tags: Some(record.tags),
        assignee: Some(record.assignee.clone()),
        team: Some(record.team),
    };
    prop_assert_eq!(decide(ticket, &admin(), patch(same.clone()), 500), Ok(Outcome::Unchanged));
    if let Some(agent) = record.assignee {
        same.assignee = None;
        same.team = None;
        let agent = Actor::of_account(agent.id(), Role::Agent);
        prop_assert_eq!(decide(ticket, &agent, patch(same), 500), Ok(Outcome::Unchanged));
    }
    Ok(())
}
