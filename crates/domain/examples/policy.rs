//! Who may do what to a ticket, asked of the rules alone: what an application of your own would do with tickets that it keeps
//! wherever it likes.
//!
//! It prints a table: callers against commands. Run it with `cargo run -p helpdesk-domain --example policy`.

use std::error::Error;

use helpdesk_domain::{
    Actor, AdminActor, AgentActor, AgentRef, CommentBody, CommentDraft, CustomerActor, Description,
    NewTicket, Outcome, Person, Priority, Refusal, Status, Subject, TeamId, TeamRef, Ticket, TicketCommand,
    TicketId, TicketPatch, Ts, UserId, Visibility,
};

/// What the rules say. Nothing is written: what would be written is in the [`Outcome`], and whoever keeps tickets writes it or not.
fn verdict(ticket: &Ticket, actor: &Actor, command: TicketCommand, now: Ts) -> &'static str {
    match ticket.decide(actor, command, now) {
        Ok(Outcome::Changed(_)) => "may",
        Ok(Outcome::Unchanged) => "is so",
        // To this caller the ticket is not there, and must look so.
        Err(Refusal::NotVisible) => "not there",
        Err(Refusal::NotPermitted(_) | Refusal::InternalByCustomer) => "may not",
        Err(_) => "not now",
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let now: Ts = "2026-03-02T09:00:00Z".parse()?;
    let [ada, eve, grace, other, boss] = [1, 2, 3, 4, 5].map(UserId::new);
    let admin = AdminActor::new(boss?);
    let ticket = assigned(open(ada?, now)?, admin, grace?, now)?;

    let callers: [(&str, Actor); 5] = [
        ("Ada, whose it is", CustomerActor::new(ada?).into()),
        ("Eve, another customer", CustomerActor::new(eve?).into()),
        ("Grace, who works it", AgentActor::new(grace?).into()),
        ("another agent", AgentActor::new(other?).into()),
        ("an admin", admin.into()),
    ];
    let commands: [(&str, TicketCommand); 6] = [
        ("answer", say("On its way.", Visibility::Public)?),
        ("note", say("Again!", Visibility::Internal)?),
        ("resolve", to(Status::Resolved)),
        ("close", to(Status::Closed)),
        ("raise", set(TicketPatch { priority: Some(Priority::Urgent), ..TicketPatch::default() })),
        ("take away", set(TicketPatch { assignee: Some(None), ..TicketPatch::default() })),
    ];

    print!("{:<22}{:>11}", "", "see");
    for (name, _) in &commands {
        print!("{name:>11}");
    }
    println!();
    for (name, actor) in &callers {
        // A list of tickets is filtered by the same rule: `actor.scope()` is what a store translates.
        let sees = if actor.scope().admits(&ticket.facts()) { "may" } else { "not there" };
        print!("{name:<22}{sees:>11}");
        for (_, command) in &commands {
            print!("{:>11}", verdict(&ticket, actor, command.clone(), now));
        }
        println!();
    }

    // Whoever does not see it cannot tell by anything that it is there.
    let [_, (_, eve), ..] = &callers;
    assert!(commands.iter().all(|(_, command)| verdict(&ticket, eve, command.clone(), now) == "not there"));
    // And the decision is about what is there: from now on nobody but an admin changes it.
    let Outcome::Changed(closing) = ticket.decide(&callers[0].1, to(Status::Closed), now)? else {
        return Err("it was closed already".into());
    };
    let [.., (_, agent), _, _] = &callers;
    assert_eq!(verdict(closing.ticket(), agent, to(Status::Pending), now), "not now");
    assert_eq!(verdict(closing.ticket(), &admin.into(), to(Status::Open), now), "may");
    Ok(())
}

fn open(requester: UserId, now: Ts) -> Result<Ticket, Box<dyn Error>> {
    let draft = NewTicket {
        subject: Subject::parse("Printer on fire")?,
        description: Description::parse("It really is.")?,
        priority: Priority::Normal,
        follow_up_of: None,
    };
    let opening = Ticket::open(&CustomerActor::new(requester), draft, now);
    let requester = Person::new(requester, "Ada", "ada@example.com");
    Ok(opening.into_ticket(TicketId::new(1)?, requester, TeamRef::new(TeamId::new(1)?, "Support")))
}

fn assigned(ticket: Ticket, by: AdminActor, agent: UserId, now: Ts) -> Result<Ticket, Refusal> {
    let patch = TicketPatch { assignee: Some(Some(AgentRef::new(agent, "Grace"))), ..TicketPatch::default() };
    Ok(match ticket.decide(&by.into(), set(patch), now)? {
        Outcome::Changed(change) => change.ticket().clone(),
        Outcome::Unchanged => ticket,
    })
}

fn set(patch: TicketPatch) -> TicketCommand {
    TicketCommand::Update(patch)
}

fn to(status: Status) -> TicketCommand {
    set(TicketPatch { status: Some(status), ..TicketPatch::default() })
}

fn say(body: &str, visibility: Visibility) -> Result<TicketCommand, Box<dyn Error>> {
    Ok(TicketCommand::Comment(CommentDraft { body: CommentBody::parse(body)?, visibility }))
}

#[test]
fn it_runs() -> Result<(), Box<dyn Error>> {
    main()
}
