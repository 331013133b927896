//! A store of one's own: what it has to do, and how it is proven to do it.
//!
//! This one lives in memory, and is small enough to be right at sight. A store is whatever passes the suite of
//! `helpdesk_ports::contract`, which is the last line of this file: every case of it becomes a test. (The other way round, the suite
//! is tried on this store: a case that fails here is wrong itself.)
//!
//! * `cargo test -p helpdesk-ports --example memory_store` runs the suite;
//! * `cargo run -p helpdesk-ports --example memory_store` plays a short scene through the ports.
//!
//! To begin with a store for some other database, copy this folder, add `helpdesk-ports` with the feature `contract` and `tokio` with
//! `macros` and `rt` to your dev-dependencies, and replace `State` by what you have. `store_tickets.rs` is the heart of it: what a
//! scope admits, and a commit that writes a change as one or not at all.

#![expect(clippy::unwrap_used, reason = "this store is an example, and what it holds is right at sight")]

mod state;
mod state_tickets;
mod store;
mod store_exports;
mod store_idempotency;
mod store_imports;
mod store_sessions;
mod store_teams;
mod store_tickets;
mod store_users;

use std::error::Error;

use helpdesk_domain::{
    Actor, CustomerActor, Description, Email, FirstCredential, NewTicket, NewUser, Outcome, PersonName,
    Priority, Role, Status, Subject, SystemActor, Ticket, TicketCommand, TicketPatch, Ts, User, UserId,
};
use helpdesk_ports::{Commit, PageRequest, PasswordHash, UserCreation};

/// Ada opens a ticket and closes it, and a change that was decided upon before that comes too late.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (stores, now): (_, Ts) = (store::stores(), "2026-03-02T09:00:00Z".parse()?);
    let account = NewUser {
        email: Email::parse("ada@example.com")?,
        name: PersonName::parse("Ada")?,
        role: Role::Customer,
        teams: None,
    };
    let password = FirstCredential::Password(PasswordHash { scheme: 1, text: "a hash".to_owned() });
    let creation = User::create(SystemActor::outside_any_request().into(), account, password, now)?;
    let UserCreation::Created(user) = stores.users.create(creation).await? else {
        return Err("the address is taken".into());
    };

    let ada = CustomerActor::new(user.id());
    let draft = NewTicket {
        subject: Subject::parse("Printer on fire")?,
        description: Description::parse("It really is.")?,
        priority: Priority::High,
        follow_up_of: None,
    };
    let ticket = stores.tickets.open(Ticket::open(&ada, draft, now)).await?;
    println!("{} has ticket {}: {}", user.record().name, ticket.id(), ticket.record().subject);

    // A read takes a scope: to somebody else the ticket is not there.
    let eve = Actor::from(CustomerActor::new(UserId::new(99)?));
    assert_eq!(stores.tickets.find(eve.scope(), ticket.id(), PageRequest::default()).await?, None);

    // The domain decides, the store writes, where the version still is the one that was decided upon.
    let close = TicketCommand::Update(TicketPatch { status: Some(Status::Closed), ..TicketPatch::default() });
    let Outcome::Changed(change) = ticket.decide(&ada.into(), close, now)? else {
        return Err("it was closed already".into());
    };
    let Commit::Done(done) = stores.tickets.commit(*change.clone()).await? else {
        return Err("somebody was faster".into());
    };
    println!("it is {} at version {}", done.ticket.status(), done.ticket.version());
    let late = stores.tickets.commit(*change).await?;
    assert_eq!(late, Commit::Stale);
    println!("the same change, once more: {late:?}");
    Ok(())
}

#[cfg(test)]
mod completeness;

#[cfg(test)]
async fn make_memory() -> (helpdesk_ports::Stores, impl Sized) {
    (store::stores(), ())
}

#[test]
fn it_runs() -> Result<(), Box<dyn Error>> {
    main()
}

#[cfg(test)]
helpdesk_ports::contract_suite!(memory, make_memory);
