//! How long the rules take: `cargo bench -p helpdesk-domain`.
#![expect(clippy::unwrap_used, reason = "what is measured is known to be right")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use helpdesk_domain::{
    Actor, AdminActor, AgentActor, AgentRef, CommentBody, CommentDraft, CustomerActor, CustomerTicketView,
    Description, NewTicket, Outcome, Person, Priority, StaffTicketView, Status, Subject, Tags, TeamId,
    TeamRef, Ticket, TicketCommand, TicketId, TicketPatch, Ts, UserId, Visibility,
};

fn user(number: i64) -> UserId {
    UserId::new(number).unwrap()
}

/// A ticket of customer 1, worked by agent 2.
fn ticket() -> Ticket {
    let draft = NewTicket {
        subject: Subject::parse("The lift is stuck").unwrap(),
        description: Description::parse(&"Between the second and the third floor. ".repeat(10)).unwrap(),
        priority: Priority::High,
        follow_up_of: None,
    };
    let team = TeamRef::new(TeamId::new(1).unwrap(), "Support");
    let requester = Person::new(user(1), "Ada", "ada@example.com");
    let opening = Ticket::open(&CustomerActor::new(user(1)), draft, Ts::EPOCH);
    let ticket = opening.into_ticket(TicketId::new(1).unwrap(), requester, team);
    let assign = TicketPatch {
        assignee: Some(Some(AgentRef::new(user(2), "Grace"))),
        tags: Some(Tags::parse(&["lift", "urgent-call"]).unwrap()),
        ..TicketPatch::default()
    };
    let by = Actor::from(AdminActor::new(user(3)));
    match ticket.decide(&by, TicketCommand::Update(assign), Ts::EPOCH).unwrap() {
        Outcome::Changed(change) => change.ticket().clone(),
        Outcome::Unchanged => unreachable!("nobody worked it"),
    }
}

fn comment(visibility: Visibility) -> TicketCommand {
    let body = CommentBody::parse("Somebody is on the way.").unwrap();
    TicketCommand::Comment(CommentDraft { body, visibility })
}

fn decisions(criterion: &mut Criterion) {
    let ticket = ticket();
    let agent = Actor::from(AgentActor::new(user(2)));
    let customer = Actor::from(CustomerActor::new(user(1)));
    let status =
        |status| TicketCommand::Update(TicketPatch { status: Some(status), ..TicketPatch::default() });
    let cases = [
        ("a change of status", agent, status(Status::Pending)),
        ("a change of nothing", agent, status(Status::Open)),
        ("a refusal", customer, status(Status::Pending)),
        ("an internal comment", agent, comment(Visibility::Internal)),
        ("a customer's comment", customer, comment(Visibility::Public)),
    ];
    let mut group = criterion.benchmark_group("deciding");
    for (name, actor, command) in cases {
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&ticket).decide(&actor, command.clone(), Ts::EPOCH));
        });
    }
    group.finish();
}

fn views(criterion: &mut Criterion) {
    let ticket = ticket();
    let mut group = criterion.benchmark_group("presenting");
    group.bench_function("to staff", |bencher| {
        bencher.iter(|| StaffTicketView::from(black_box(&ticket).clone()));
    });
    group.bench_function("to the customer", |bencher| {
        bencher.iter(|| CustomerTicketView::from(black_box(&ticket).clone()));
    });
    group.finish();
}

criterion_group!(benches, decisions, views);
criterion_main!(benches);
