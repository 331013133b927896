//! Decisions about many tickets at once: each comes to what it would come to alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use fastrand::Rng;
use helpdesk_domain::{
    Actor, AgentActor, AgentRef, Change, Event, EventRecord, Outcome, Precondition, Refusal, Role, Status,
    Ticket, TicketCommand, TicketId, TicketPatch, Ts, User, UserPatch, Visibility,
};

use super::desk::{Desk, all, assign, at, note, status, tags};
use super::lists::whole_list;
use super::model::{Model, any_command, moment, one_of};
use super::visibility::Seed;
use crate::{DecideEach, Decided, StoreError, Stores, TicketFilter, TicketSort};

/// What the command comes to; where something does not hold, what it comes to instead.
pub(super) fn each(actor: impl Into<Actor>, command: TicketCommand, now: Ts) -> DecideEach {
    let actor = actor.into();
    Box::new(move |ticket: &Ticket, unmet: &[Precondition]| decide(ticket, actor, &command, unmet, now))
}

fn decide(
    ticket: &Ticket,
    actor: Actor,
    command: &TicketCommand,
    unmet: &[Precondition],
    now: Ts,
) -> Result<Outcome, Refusal> {
    let mut command = command.clone();
    for unmet in unmet {
        command = command.instead(*unmet).ok_or(Refusal::NotAssignable)?;
    }
    ticket.decide(&actor, command, now)
}

/// Has the actor give the command for these tickets.
async fn run_many(
    desk: &Desk,
    actor: impl Into<Actor>,
    ids: Vec<TicketId>,
    command: TicketCommand,
    now: Ts,
) -> Decided {
    let actor = actor.into();
    let decided = desk.stores.tickets.decide_many(actor.scope(), ids, each(actor, command, now)).await;
    decided.expect("deciding about many tickets")
}

fn is_active_agent(users: &[User], precondition: Precondition) -> bool {
    match precondition {
        Precondition::ActiveAgent(id) => users.iter().any(|user| user.id() == id && user.is_active_agent()),
        // No team of the model goes.
        Precondition::TeamExists(_) => true,
        other => panic!("a change of fields does not ask for {other:?}"),
    }
}

/// What the rules say of one ticket, in a help desk with these accounts.
fn alone(
    users: &[User],
    ticket: &Ticket,
    actor: Actor,
    command: &TicketCommand,
    now: Ts,
) -> Result<Option<Change>, Refusal> {
    let mut unmet = Vec::new();
    loop {
        match decide(ticket, actor, command, &unmet, now)? {
            Outcome::Unchanged => return Ok(None),
            Outcome::Changed(change) => {
                let asked = change.preconditions();
                match asked.iter().find(|precondition| !is_active_agent(users, **precondition)) {
                    None => return Ok(Some(*change)),
                    Some(missing) => unmet.push(*missing),
                }
            }
        }
    }
}

/// At any point of a help desk's life, by anybody, with any tickets named, in any order and more than once: and nothing else
/// changes.
pub async fn many_decisions_come_to_what_each_would_come_to_alone(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let mut model = Model::play(Desk::new(stores).await, &mut rng).await;
    let agents: Vec<AgentRef> = model
        .users
        .iter()
        .filter(|user| user.role() == Role::Agent)
        .map(|user| AgentRef::new(user.id(), user.record().name.as_str()))
        .collect();
    let (mut done, mut refused) = (0, 0);
    for _ in 0..40 {
        let actor = match rng.u8(..3) {
            0 | 1 => Actor::from(model.desk.admin),
            _ => AgentActor::new(agents[rng.usize(..agents.len())].id()).into(),
        };
        let command = loop {
            // Closing and reopening are what most else depends on.
            let command = match rng.u8(..5) {
                0 => status(Status::Closed),
                1 => status(Status::Open),
                _ => any_command(&agents, &model.teams, &mut rng),
            };
            if matches!(command, TicketCommand::Update(_)) {
                break command;
            }
        };
        let now = moment(&mut rng);
        let count = one_of(&[1, 7, 40, 100], &mut rng);
        let ids: Vec<TicketId> =
            (0..count).map(|_| TicketId::new(rng.i64(1..=170)).expect("a positive id")).collect();

        let decided = run_many(&model.desk, actor, ids.clone(), command.clone(), now).await;
        let mut expected = BTreeMap::new();
        for (ticket, _) in &mut model.tickets {
            if !ids.contains(&ticket.id()) || !actor.scope().admits(&ticket.facts()) {
                continue;
            }
            let comes_to = alone(&model.users, ticket, actor, &command, now);
            if let Ok(Some(change)) = &comes_to {
                *ticket = change.ticket().clone();
                done += 1;
            } else if comes_to.is_err() {
                refused += 1;
            }
            expected.insert(ticket.id(), comes_to.map(|_| ticket.clone()));
        }
        assert_eq!(decided, expected, "{actor:?} {command:?}");

        let scope = model.desk.admin.scope();
        let sort = TicketSort { key: crate::SortKey::CreatedAt, direction: crate::Direction::Ascending };
        let everything = whole_list(&model.desk, scope, &TicketFilter::default(), sort, 100).await;
        assert_eq!(everything, model.admitted(scope), "{actor:?} {command:?}");
    }
    assert!(done > 50 && refused > 0, "{done} changed and {refused} refused prove little");
}

/// A ticket may come by two events: each has an id of its kind, and they are those that the rules decided on.
pub async fn every_event_of_many_reads_back_as_it_was_decided(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let mut tickets = Vec::new();
    for n in 0..6 {
        tickets.push(desk.ticket(customer, &format!("Ticket {n}"), at(1)).await);
    }
    let both = TicketCommand::Update(TicketPatch {
        tags: Some(helpdesk_domain::Tags::parse(&["wet"]).expect("a tag")),
        status: Some(Status::Pending),
        ..TicketPatch::default()
    });
    let ids: Vec<TicketId> = tickets.iter().rev().map(Ticket::id).collect();
    run_many(&desk, desk.admin, ids, both.clone(), at(5)).await;
    for ticket in &tickets {
        let history = desk.stores.tickets.history(desk.admin.scope(), ticket.id(), all()).await;
        let events = history.expect("reading history").expect("the ticket is there").items;
        let expected = super::desk::decided(ticket, desk.admin, both.clone(), at(5));
        assert_eq!(events.len(), 1 + expected.events().len());
        for event in expected.events() {
            let told = events.iter().find(|told| is_told(told, event)).expect("the event was written");
            let is_internal = told.visibility == Visibility::Internal;
            assert_eq!(told.id.get() % 2 == 0, is_internal, "public ids are odd, internal ones even");
        }
    }
}

fn is_told(told: &EventRecord, event: &Event) -> bool {
    told.visibility == event.visibility()
        && told.kind == event.kind()
        && told.actor == event.actor()
        && told.at == event.at()
        && told.changes == event.changes()
        && told.comment.is_none()
}

/// What is closed stays so, what needs no change has none, and the rest is changed.
pub async fn of_many_a_refused_one_harms_no_other(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let by = AgentActor::new(agent.id());
    let mut tickets = Vec::new();
    for to in [Status::Open, Status::Closed, Status::Pending, Status::Resolved] {
        let ticket = desk.ticket(customer, "Again", at(1)).await;
        let ticket = desk.run(&ticket, desk.admin, assign(&agent), at(2)).await.ticket;
        tickets.push(match to {
            Status::Open => ticket,
            other => desk.run(&ticket, by, status(other), at(3)).await.ticket,
        });
    }
    let ids: Vec<TicketId> = tickets.iter().map(Ticket::id).collect();
    let decided = run_many(&desk, by, ids, status(Status::Pending), at(4)).await;
    let now =
        |ticket: &Ticket| super::desk::decided(ticket, by, status(Status::Pending), at(4)).ticket().clone();
    let expected = [
        (tickets[0].id(), Ok(now(&tickets[0]))),
        (tickets[1].id(), Err(Refusal::TicketClosed)),
        (tickets[2].id(), Ok(tickets[2].clone())),
        (tickets[3].id(), Ok(now(&tickets[3]))),
    ];
    assert_eq!(decided, Decided::from(expected));
    for ticket in &tickets {
        let read = desk.read(ticket.id()).await.ticket;
        let told = decided[&ticket.id()].as_ref().unwrap_or(ticket);
        assert_eq!(&read, told, "what was told is what is there");
    }
}

/// Another's ticket, one that nobody works, and one that never was: the rules are not asked about them, nor are they told of.
pub async fn of_many_what_is_out_of_scope_is_left_out(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, own) = desk.assigned_ticket().await;
    let other = desk.agent("other").await;
    let queued = desk.ticket(customer, "Queued", at(1)).await;
    let others = desk.run(&queued, desk.admin, assign(&other), at(2)).await.ticket;
    let queued = desk.ticket(customer, "Queued", at(1)).await;
    let absent = TicketId::new(99_999).expect("a positive id");
    let asked: Arc<Mutex<Vec<TicketId>>> = Arc::default();
    let decide: DecideEach = Box::new({
        let (asked, each) = (Arc::clone(&asked), each(agent, tags(&["wet"]), at(5)));
        move |ticket: &Ticket, unmet: &[Precondition]| {
            asked.lock().expect("no case panics meanwhile").push(ticket.id());
            each(ticket, unmet)
        }
    });
    let ids = vec![absent, others.id(), own.id(), queued.id()];
    let decided = desk.stores.tickets.decide_many(agent.scope(), ids, decide).await;
    let decided = decided.expect("deciding about many tickets");
    assert_eq!(decided.keys().copied().collect::<Vec<_>>(), [own.id()]);
    assert!(decided[&own.id()].is_ok());
    assert!(asked.lock().expect("no case panics meanwhile").iter().all(|id| *id == own.id()));
    for ticket in [others, queued] {
        assert_eq!(desk.read(ticket.id()).await.ticket, ticket, "it was not touched");
    }
    let nothing = run_many(&desk, agent, vec![absent], tags(&["dry"]), at(6)).await;
    assert_eq!(nothing, Decided::new());
    let nothing = run_many(&desk, agent, Vec::new(), tags(&["dry"]), at(6)).await;
    assert_eq!(nothing, Decided::new());
}

/// Of the tickets that are reopened, those whose agent is none any more go to the queue, and the others stay with theirs. Who
/// is no agent at all is given nothing.
pub async fn what_does_not_hold_is_told_for_each_ticket(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let (stays, leaves) = (desk.agent("stays").await, desk.agent("leaves").await);
    let mut tickets = Vec::new();
    for agent in [&stays, &leaves, &stays, &leaves] {
        let ticket = desk.ticket(customer, "Again", at(1)).await;
        let ticket = desk.run(&ticket, desk.admin, assign(agent), at(2)).await.ticket;
        tickets.push(desk.run(&ticket, desk.admin, status(Status::Closed), at(3)).await.ticket);
    }
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(leaves.id(), disable, at(4)).await;
    let ids: Vec<TicketId> = tickets.iter().map(Ticket::id).collect();
    let decided = run_many(&desk, desk.admin, ids.clone(), status(Status::Open), at(5)).await;
    for (ticket, agent) in tickets.iter().zip([Some(stays.id()), None, Some(stays.id()), None]) {
        let read = desk.read(ticket.id()).await.ticket;
        assert_eq!((read.status(), read.facts().assignee), (Status::Open, agent));
        assert_eq!(decided[&ticket.id()], Ok(read));
    }

    let nobody = AgentRef::new(customer.id(), "ada");
    let before = desk.read(ids[0]).await;
    let refused = run_many(&desk, desk.admin, ids.clone(), assign(&nobody), at(6)).await;
    assert_eq!(refused, ids.iter().map(|id| (*id, Err(Refusal::NotAssignable))).collect());
    assert_eq!(desk.read(ids[0]).await, before, "nothing was written");
}

/// It would go on for ever.
pub async fn whoever_asks_again_for_what_does_not_hold_writes_nothing(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, _, ticket) = desk.assigned_ticket().await;
    let other = desk.ticket(customer, "Another", at(1)).await;
    let nobody = AgentRef::new(customer.id(), "customer");
    let (actor, fine) = (Actor::from(desk.admin), other.id());
    let decide: DecideEach = Box::new(move |ticket: &Ticket, _: &[Precondition]| {
        let command = if ticket.id() == fine { tags(&["wet"]) } else { assign(&nobody) };
        ticket.decide(&actor, command, at(5))
    });
    let ids = vec![ticket.id(), other.id()];
    let decided = desk.stores.tickets.decide_many(desk.admin.scope(), ids, decide).await;
    assert!(matches!(decided, Err(StoreError::Fault(_))), "{decided:?}");
    assert_eq!(desk.read(ticket.id()).await.ticket, ticket);
}

/// They are written one at a time.
pub async fn many_decisions_bring_no_comments(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (_, agent, ticket) = desk.assigned_ticket().await;
    let decide = each(agent, note("Between us."), at(5));
    let decided = desk.stores.tickets.decide_many(agent.scope(), vec![ticket.id()], decide).await;
    assert!(matches!(decided, Err(StoreError::Fault(_))), "{decided:?}");
    let read = desk.read(ticket.id()).await;
    assert_eq!((read.ticket, read.comments.items.len()), (ticket, 0), "nothing was written");
}
