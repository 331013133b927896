//! Who and what the tests have in common.

use helpdesk_domain::*;

pub(crate) const REQUESTER: i64 = 1;
pub(crate) const STRANGER: i64 = 2;
pub(crate) const AGENTS: [i64; 3] = [11, 12, 13];
pub(crate) const ADMIN: i64 = 21;

pub(crate) fn user(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

pub(crate) fn admin() -> Actor {
    Actor::of_account(user(ADMIN), Role::Admin)
}

pub(crate) fn agent(id: i64) -> Actor {
    Actor::of_account(user(id), Role::Agent)
}

pub(crate) fn requester() -> Actor {
    Actor::of_account(user(REQUESTER), Role::Customer)
}

pub(crate) fn stranger() -> Actor {
    Actor::of_account(user(STRANGER), Role::Customer)
}

pub(crate) fn system() -> Actor {
    SystemActor::outside_any_request().into()
}

pub(crate) fn name(id: UserId) -> String {
    format!("Person {id}")
}

pub(crate) fn agent_ref(id: i64) -> AgentRef {
    AgentRef::new(user(id), name(user(id)))
}

/// A moment this many seconds after the ticket was opened.
pub(crate) fn at(seconds: i64) -> Ts {
    Ts::from_micros(1_700_000_000_000_000 + seconds * 1_000_000).unwrap()
}

pub(crate) fn requester_person() -> Person {
    Person::new(user(REQUESTER), name(user(REQUESTER)), "person@example.com")
}

pub(crate) fn draft() -> NewTicket {
    NewTicket {
        subject: Subject::parse("Printer on fire").unwrap(),
        description: Description::parse("It really is.").unwrap(),
        priority: Priority::High,
        follow_up_of: None,
    }
}

pub(crate) fn opening() -> Opening {
    Ticket::open(&CustomerActor::new(user(REQUESTER)), draft(), at(0))
}

pub(crate) fn new_ticket() -> Ticket {
    let team = TeamRef::new(TeamId::new(1).unwrap(), "Support");
    opening().into_ticket(TicketId::new(7).unwrap(), requester_person(), team)
}

/// A ticket of the requester that the first agent works, in this status.
pub(crate) fn ticket_in(to: Status) -> Ticket {
    let assigned = run(&new_ticket(), &admin(), assign(AGENTS[0]), 1);
    if to == Status::Open { assigned } else { run(&assigned, &agent(AGENTS[0]), status(to), 2) }
}

pub(crate) fn patch(patch: TicketPatch) -> TicketCommand {
    TicketCommand::Update(patch)
}

pub(crate) fn status(to: Status) -> TicketCommand {
    patch(TicketPatch { status: Some(to), ..TicketPatch::default() })
}

pub(crate) fn priority(to: Priority) -> TicketCommand {
    patch(TicketPatch { priority: Some(to), ..TicketPatch::default() })
}

pub(crate) fn tags(to: &[&str]) -> TicketCommand {
    patch(TicketPatch { tags: Some(Tags::parse(to).unwrap()), ..TicketPatch::default() })
}

pub(crate) fn assign(id: i64) -> TicketCommand {
    patch(TicketPatch { assignee: Some(Some(agent_ref(id))), ..TicketPatch::default() })
}

pub(crate) fn unassign() -> TicketCommand {
    patch(TicketPatch { assignee: Some(None), ..TicketPatch::default() })
}

pub(crate) fn comment(body: &str, visibility: Visibility) -> TicketCommand {
    TicketCommand::Comment(CommentDraft { body: CommentBody::parse(body).unwrap(), visibility })
}

pub(crate) fn reply() -> TicketCommand {
    comment("Still on fire.", Visibility::Public)
}

pub(crate) fn note() -> TicketCommand {
    comment("The customer exaggerates.", Visibility::Internal)
}

pub(crate) fn decide(
    ticket: &Ticket,
    actor: &Actor,
    command: TicketCommand,
    seconds: i64,
) -> Result<Outcome, Refusal> {
    ticket.decide(actor, command, at(seconds))
}

/// The change that a command comes to, where it must come to one.
pub(crate) fn change(ticket: &Ticket, actor: &Actor, command: TicketCommand, seconds: i64) -> Change {
    match decide(ticket, actor, command, seconds) {
        Ok(Outcome::Changed(change)) => *change,
        other => panic!("a change was expected, not {other:?}"),
    }
}

/// The ticket after a command that must change it.
pub(crate) fn run(ticket: &Ticket, actor: &Actor, command: TicketCommand, seconds: i64) -> Ticket {
    change(ticket, actor, command, seconds).ticket().clone()
}
