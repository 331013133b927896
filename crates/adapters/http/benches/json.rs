//! How long turning tickets into JSON takes: `cargo bench -p helpdesk-http --features bench`.
#![expect(clippy::unwrap_used, reason = "what is measured is known to be right")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use helpdesk_domain::{
    CustomerActor, Description, NewTicket, Person, Priority, StaffTicketView, Subject, TeamId, TeamRef,
    Ticket, TicketId, Ts, UserId,
};
use helpdesk_http::measuring::tickets_as_json;

fn view(number: i64) -> StaffTicketView {
    let requester = UserId::new(1).unwrap();
    let draft = NewTicket {
        subject: Subject::parse("The lift is stuck").unwrap(),
        description: Description::parse(&"Between the second and the third floor.\n".repeat(10)).unwrap(),
        priority: Priority::High,
        follow_up_of: None,
    };
    let now = Ts::from_micros(1_700_000_000_123_456).unwrap();
    let team = TeamRef::new(TeamId::new(1).unwrap(), "Support");
    let opening = Ticket::open(&CustomerActor::new(requester), draft, now);
    let person = Person::new(requester, "Ada Lovelace", "ada@example.com");
    opening.into_ticket(TicketId::new(number).unwrap(), person, team).into()
}

fn json(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("JSON");
    for count in [1, 25] {
        let views: Vec<StaffTicketView> = (1..=count).map(view).collect();
        group.bench_function(format!("of {count}"), |bencher| {
            bencher.iter_batched(
                || views.clone(),
                |views| tickets_as_json(black_box(views)).unwrap(),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, json);
criterion_main!(benches);
