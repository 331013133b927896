//! A use case without a database: the help desk on mocks, of which those are told what to say that the use case is about to ask.
//!
//! A mock panics when it is asked something that it was not told to expect, so what happens here is also all that happens. It takes
//! the feature `mocks` of `helpdesk-ports`. Run it with `cargo run -p helpdesk-use-cases --example with_mocks`.

use std::error::Error;
use std::sync::Arc;

use helpdesk_domain::{
    CustomerActor, Description, NewTicket, Person, Priority, Refusal, Status, Subject, TeamId, TeamRef,
    Ticket, TicketId, TicketPatch, Ts, UserId,
};
use helpdesk_ports::{
    Commit, Committed, MockAccessTokens, MockAuditRepository, MockClock, MockExportRepository,
    MockGuessLimits, MockIdempotencyRepository, MockImportRepository, MockOpaqueTokens, MockPasswordHasher,
    MockPasswordScreen, MockRandom, MockSessionRepository, MockStoreAdmin, MockTeamRepository,
    MockTicketRepository, MockUserRepository, Page, Stores, TicketWithComments,
};
use helpdesk_use_cases::{HelpDesk, Ports, Settings, UseCaseError};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (ada, id) = (CustomerActor::new(UserId::new(1)?), TicketId::new(7)?);
    let ticket = ticket(ada, id)?;

    // The store has one ticket, and shows it to whom the scope admits.
    let mut tickets = MockTicketRepository::new();
    tickets.expect_find().returning(move |scope, _, _| {
        let comments = Page { items: Vec::new(), next: None };
        let found = Some(ticket.clone()).filter(|ticket| scope.admits(&ticket.facts()));
        Ok(found.map(|ticket| TicketWithComments { ticket, comments }))
    });
    // It is written to once, with a change that the rules have made.
    tickets.expect_commit().times(1).returning(|change| {
        println!(
            "committed: {} → {}, {} event",
            change.base_version(),
            change.ticket().status(),
            change.events().len()
        );
        Ok(Commit::Done(Box::new(Committed { ticket: change.ticket().clone(), comment: None })))
    });
    let desk = help_desk(tickets)?;

    // Ada closes her ticket …
    let close = || TicketPatch { status: Some(Status::Closed), ..TicketPatch::default() };
    let seen = desk.customer_tickets.update(ada, id, close(), None).await?;
    println!("Ada sees: {} at version {}", seen.ticket.status, seen.ticket.version);
    assert_eq!(seen.ticket.status, Status::Closed);

    // … which somebody else cannot, and nothing reaches the store.
    let eve = CustomerActor::new(UserId::new(2)?);
    let refused = desk.customer_tickets.update(eve, id, close(), None).await;
    assert!(matches!(refused, Err(UseCaseError::Refused(Refusal::NotVisible))));
    // Neither does what the rules refuse Ada herself.
    let resolve = TicketPatch { status: Some(Status::Resolved), ..TicketPatch::default() };
    let refused = desk.customer_tickets.update(ada, id, resolve, None).await;
    assert!(matches!(refused, Err(UseCaseError::Refused(Refusal::NotPermitted(_)))));
    Ok(())
}

/// A help desk on these tickets. Nothing else of the outside is told to expect anything.
fn help_desk(tickets: MockTicketRepository) -> Result<HelpDesk, Box<dyn Error>> {
    let noon: Ts = "2026-03-02T12:00:00Z".parse()?;
    let mut clock = MockClock::new();
    clock.expect_now().return_const(noon);
    let ports = Ports {
        stores: Stores {
            tickets: Arc::new(tickets),
            users: Arc::new(MockUserRepository::new()),
            sessions: Arc::new(MockSessionRepository::new()),
            teams: Arc::new(MockTeamRepository::new()),
            audit: Arc::new(MockAuditRepository::new()),
            idempotency: Arc::new(MockIdempotencyRepository::new()),
            exports: Arc::new(MockExportRepository::new()),
            imports: Arc::new(MockImportRepository::new()),
            admin: Arc::new(MockStoreAdmin::new()),
        },
        clock: Arc::new(clock),
        random: Arc::new(MockRandom::new()),
        passwords: Arc::new(MockPasswordHasher::new()),
        password_screen: Arc::new(MockPasswordScreen::new()),
        guesses: Arc::new(MockGuessLimits::new()),
        access_tokens: Arc::new(MockAccessTokens::new()),
        opaque_tokens: Arc::new(MockOpaqueTokens::new()),
    };
    Ok(HelpDesk::new(ports, Settings::default()))
}

fn ticket(requester: CustomerActor, id: TicketId) -> Result<Ticket, Box<dyn Error>> {
    let draft = NewTicket {
        subject: Subject::parse("Printer on fire")?,
        description: Description::parse("It really is.")?,
        priority: Priority::High,
        follow_up_of: None,
    };
    let opening = Ticket::open(&requester, draft, "2026-03-02T09:00:00Z".parse()?);
    let ada = Person::new(requester.id(), "Ada", "ada@example.com");
    Ok(opening.into_ticket(id, ada, TeamRef::new(TeamId::new(1)?, "Support")))
}

#[test]
fn it_runs() -> Result<(), Box<dyn Error>> {
    main()
}
