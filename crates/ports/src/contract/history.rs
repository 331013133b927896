//! History: what was decided is what is read.

use helpdesk_domain::{
    Actor, ActorKind, AgentActor, AgentRef, Change, Event, EventId, EventKind, EventRecord, Outcome, Role,
    Scope, Status, Ticket, TicketCommand, TicketId, TicketPatch, Ts, UserId, UserPatch, Visibility,
};

use super::bureau::{team_ref, walk};
use super::desk::{Desk, SYSTEM, all, at, decided, limit, name, note, reply, status, tags};
use crate::{Commit, Committed, EventPosition, PageRequest, Stores};

/// What an event must read back as, its id aside.
type Told = (EventKind, Visibility, ActorKind, Option<UserId>, Ts, Vec<helpdesk_domain::FieldChange>);

/// A ticket, and the events that it must have by now.
struct Life {
    ticket: Ticket,
    events: Vec<(Told, Option<helpdesk_domain::CommentId>)>,
}

impl Life {
    async fn run(&mut self, desk: &Desk, actor: impl Into<Actor>, command: TicketCommand, now: Ts) {
        let actor = actor.into();
        let change = decided(&self.ticket, actor, command.clone(), now);
        let committed = desk.run(&self.ticket, actor, command, now).await;
        self.note(&change, committed);
    }

    async fn commit(&mut self, desk: &Desk, outcome: Outcome) {
        let Outcome::Changed(change) = outcome else { panic!("it changes something") };
        match desk.stores.tickets.commit(*change.clone()).await.expect("committing a change") {
            Commit::Done(committed) => self.note(&change, *committed),
            other => panic!("a change that nothing forbids came to {other:?}"),
        }
    }

    fn note(&mut self, change: &Change, committed: Committed) {
        for event in change.events() {
            let comment = committed.comment.as_ref();
            let comment = comment.filter(|comment| comment.visibility() == event.visibility());
            self.events.push((told(event), comment.map(helpdesk_domain::Comment::id)));
        }
        self.ticket = committed.ticket;
    }
}

fn told(event: &Event) -> Told {
    let actor = event.actor();
    (event.kind(), event.visibility(), actor.kind, actor.id, event.at(), event.changes().to_vec())
}

fn read_back(event: EventRecord) -> (Told, Option<helpdesk_domain::CommentId>) {
    let EventRecord { kind, visibility, actor, at, changes, comment, .. } = event;
    ((kind, visibility, actor.kind, actor.id, at, changes), comment)
}

/// Every kind of event and of change, by every kind of actor.
async fn eventful_life(desk: &Desk) -> (helpdesk_domain::CustomerActor, AgentActor, Life) {
    let customer = desk.customer("customer").await;
    let user = desk.user(Role::Agent, "agent").await;
    let me = AgentRef::new(user.id(), "agent");
    let agent = AgentActor::new(user.id());
    let night = desk.team("Night 🙂").await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    let by = Some(customer.id());
    let opened = (EventKind::Created, Visibility::Public, ActorKind::Customer, by, at(1), Vec::new());
    let mut life = Life { ticket, events: vec![(opened, None)] };
    let claim = life.ticket.claim(agent, &me, at(2)).expect("a free ticket can be claimed");
    life.commit(desk, claim).await;
    let release = life.ticket.release(agent, at(3)).expect("who works a ticket can put it back");
    life.commit(desk, release).await;
    // Public and internal things at once: two events.
    let everything = TicketCommand::Update(TicketPatch {
        status: Some(Status::InProgress),
        priority: Some(helpdesk_domain::Priority::Urgent),
        tags: Some(helpdesk_domain::Tags::parse(&["vip", "étiquette/日本"]).expect("tags")),
        assignee: Some(Some(me.clone())),
        team: Some(team_ref(&night)),
    });
    life.run(desk, desk.admin, everything, at(4)).await;
    life.run(desk, agent, note("Between us."), at(5)).await;
    life.run(desk, agent, reply("Have you tried water?"), at(6)).await;
    life.run(desk, agent, status(Status::Pending), at(7)).await;
    // Reopens: one event with a comment and a change.
    life.run(desk, customer, reply("Now it is wet."), at(8)).await;
    life.run(desk, agent, tags(&[]), at(9)).await;
    life.run(desk, agent, status(Status::Resolved), at(10)).await;
    let close = life.ticket.close_by_itself(SYSTEM, at(11), at(12)).expect("it closes by itself");
    life.commit(desk, close).await;
    life.run(desk, desk.admin, status(Status::Open), at(13)).await;
    (customer, agent, life)
}

/// Everything about every event, for staff; for the requester the public ones.
pub async fn every_event_reads_back_as_it_was_decided(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, _, life) = eventful_life(&desk).await;
    let id = life.ticket.id();
    let staff = whole_history(&desk, desk.admin.scope(), id, 100).await;
    assert!(staff.iter().any(|event| event.actor.kind == ActorKind::System));
    assert!(
        staff.iter().all(|event| (event.id.get() % 2 == 0) == (event.visibility == Visibility::Internal))
    );
    let mut expected = life.events;
    let sort = |events: &mut Vec<(Told, Option<helpdesk_domain::CommentId>)>| {
        // Two events of one change have one time, and their ids come from sequences of their own.
        events.sort_by_key(|((_, visibility, _, _, at, _), _)| (*at, *visibility == Visibility::Internal));
    };
    sort(&mut expected);
    let mut read: Vec<_> = staff.into_iter().map(read_back).collect();
    sort(&mut read);
    assert_eq!(read, expected);

    expected.retain(|((_, visibility, ..), _)| *visibility == Visibility::Public);
    let public = whole_history(&desk, customer.scope(), id, 100).await;
    assert_eq!(public.into_iter().map(read_back).collect::<Vec<_>>(), expected);
}

/// By the time, then the id, whatever the order of writing; pages of every size hold each once.
pub async fn history_is_in_the_order_of_time(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, _, mut life) = eventful_life(&desk).await;
    // A clock that was set back, and many things at one moment.
    for n in 0..5 {
        life.run(&desk, desk.admin, note(&format!("Note {n}")), at(2)).await;
        life.run(&desk, customer, reply(&format!("Reply {n}")), at(2)).await;
    }
    for scope in [desk.admin.scope(), customer.scope()] {
        let whole = whole_history(&desk, scope, life.ticket.id(), 100).await;
        let positions: Vec<EventPosition> = whole.iter().map(EventPosition::of).collect();
        assert!(positions.is_sorted() && positions.len() > 12, "{positions:?}");
        for items in 1..=9 {
            assert_eq!(
                whole_history(&desk, scope, life.ticket.id(), items).await,
                whole,
                "{items} at a time"
            );
        }
        // A position that nothing stands at.
        let after = Some(EventPosition { at: at(7), id: EventId::new(1 << 40).expect("an id") });
        let page = PageRequest { limit: limit(100), after };
        let rest = desk.stores.tickets.history(scope, life.ticket.id(), page).await;
        let rest = rest.expect("reading history").expect("the ticket is there").items;
        assert_eq!(rest, whole.into_iter().filter(|event| event.at > at(7)).collect::<Vec<_>>());
    }
}

/// A ticket that the scope does not admit has none; nor does another ticket's show in it.
pub async fn history_is_for_those_who_see_the_ticket(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, life) = eventful_life(&desk).await;
    let id = life.ticket.id();
    let stranger = desk.customer("stranger").await;
    let other = desk.ticket(stranger, "Mine", at(1)).await;
    let other_agent = AgentActor::new(desk.agent("other").await.id());
    for scope in [stranger.scope(), other_agent.scope(), AgentActor::new(customer.id()).scope()] {
        assert_eq!(desk.stores.tickets.history(scope, id, all()).await, Ok(None), "{scope:?}");
    }
    assert_eq!(desk.stores.tickets.history(customer.scope(), other.id(), all()).await, Ok(None));
    assert_eq!(whole_history(&desk, stranger.scope(), other.id(), 100).await.len(), 1);
    let theirs = whole_history(&desk, agent.scope(), id, 100).await;
    assert_eq!(theirs, whole_history(&desk, desk.admin.scope(), id, 100).await);
}

/// The help desk itself has none.
pub async fn actors_are_shown_under_their_names_of_today(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, agent, life) = eventful_life(&desk).await;
    for id in [customer.id(), agent.id(), desk.admin.id()] {
        let patch = UserPatch { name: Some(name(&format!("Renamed {id} 🙂"))), ..UserPatch::default() };
        desk.change_account(id, patch, at(20)).await;
    }
    for scope in [desk.admin.scope(), customer.scope()] {
        for event in whole_history(&desk, scope, life.ticket.id(), 100).await {
            let expected = event.actor.id.map(|id| format!("Renamed {id} 🙂"));
            assert_eq!(event.actor_name, expected, "{event:?}");
        }
    }
    // What it says of others, it says under the names of then.
    let then = whole_history(&desk, customer.scope(), life.ticket.id(), 100).await;
    let then = then.into_iter().flat_map(|event| event.changes);
    let names: Vec<String> = then
        .filter_map(|change| match change {
            helpdesk_domain::FieldChange::Assignee { to: Some(agent), .. } => Some(agent.name().to_owned()),
            _ => None,
        })
        .collect();
    assert!(!names.is_empty() && names.iter().all(|name| name == "agent"), "{names:?}");
}

async fn whole_history(desk: &Desk, scope: Scope, id: TicketId, items: u64) -> Vec<EventRecord> {
    let read = async |page| {
        let page = desk.stores.tickets.history(scope, id, page).await?;
        Ok(page.expect("the scope admits the ticket"))
    };
    walk(items, EventPosition::of, read).await
}
