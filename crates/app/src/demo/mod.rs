//! `helpdesk serve --demo`: a help desk with people and tickets in it, to try things on.

mod script;
mod tour;

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use helpdesk_domain::{
    Actor, AdminActor, AgentActor, AgentRef, CustomerActor, Email, FirstCredential, NewPassword, NewUser,
    Outcome, PersonName, SystemActor, Ticket, TicketCommand, Ts, User, UserId,
};
use helpdesk_ports::{Cause, Commit, PasswordHash, PasswordHasher, StoreError, Stores, UserCreation};

use crate::error::AppError;
use crate::wiring::Environment;
use script::{ADMIN, NEWCOMER, PEOPLE, STORIES, Step, Story};
pub(crate) use tour::print as print_tour;

/// Everybody's password in the demo. It is no secret, so the demo serves this machine alone.
const PASSWORD: &str = "open-sesame-demo";

/// The demo's own database.
pub(crate) fn database(data_dir: &Path) -> PathBuf {
    data_dir.join("helpdesk-demo.db")
}

/// # Errors
/// Unless every address is this machine's own: everybody knows the password.
pub(crate) fn must_be_loopback(address: SocketAddr) -> Result<(), AppError> {
    if address.ip().is_loopback() {
        Ok(())
    } else {
        Err(AppError::Input(format!(
            "the demo's password is known to all, so it cannot serve on {address}; use 127.0.0.1"
        )))
    }
}

/// Marks the demo's database as in use for as long as what this gives is kept: another process must not remove it meanwhile.
pub(crate) fn reserve(database: &Path) -> Result<File, AppError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let failed = |source| AppError::Io { what: format!("cannot make {}", path.display()), source };
    let file = File::create(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AppError::Input(format!(
            "another process serves the demo in {}; stop it first, or choose another --data-dir",
            database.display()
        ))),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Removes the demo's database.
pub(crate) fn remove(database: &Path) -> Result<(), AppError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = database.as_os_str().to_owned();
        file.push(suffix);
        match std::fs::remove_file(&file) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(AppError::Io { what: format!("cannot remove {}", file.display()), source });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether the demo's people and tickets are all there: the newcomer joins last.
pub(crate) async fn is_complete(stores: &Stores) -> Result<bool, StoreError> {
    let newcomer = Email::from_stored(NEWCOMER.email.to_owned());
    Ok(stores.users.credentials(newcomer).await?.is_some())
}

/// Fills an empty store.
pub(crate) async fn fill(stores: &Stores, environment: &Environment) -> Result<(), StoreError> {
    let hash = hash_password(environment.passwords.as_ref()).await?;
    let now = environment.clock.now();
    let seed = Seed { stores, hash, now };
    let mut people = Vec::new();
    for person in PEOPLE {
        people.push((person.email, seed.join(person).await?));
    }
    for story in STORIES {
        seed.tell(story, &people).await?;
    }
    seed.join(&NEWCOMER).await?;
    Ok(())
}

async fn hash_password(passwords: &dyn PasswordHasher) -> Result<PasswordHash, StoreError> {
    let nobody = Email::from_stored(String::from("nobody@demo.example"));
    let password =
        NewPassword::parse(PASSWORD, &nobody).map_err(|error| StoreError::Fault(Cause::new(error)))?;
    passwords.hash(password).await.map_err(|error| StoreError::Fault(Cause::new(error)))
}

struct Seed<'a> {
    stores: &'a Stores,
    hash: PasswordHash,
    now: Ts,
}

fn id_of(people: &[(&str, UserId)], email: &str) -> Result<UserId, StoreError> {
    let found = people.iter().find(|(known, _)| *known == email).map(|(_, id)| *id);
    found.ok_or_else(|| StoreError::Fault(Cause::new(format!("the demo knows no {email}"))))
}

impl Seed<'_> {
    async fn join(&self, person: &script::DemoPerson) -> Result<UserId, StoreError> {
        let new = NewUser {
            teams: None,
            email: Email::from_stored(person.email.to_owned()),
            name: PersonName::from_stored(person.name.to_owned()),
            role: person.role,
        };
        let credential = FirstCredential::Password(self.hash.clone());
        let by = SystemActor::outside_any_request().into();
        let creation = User::create(by, new, credential, self.now)
            .map_err(|refusal| StoreError::Fault(Cause::new(refusal)))?;
        match self.stores.users.create(creation).await? {
            UserCreation::Created(user) => Ok(user.id()),
            UserCreation::EmailTaken | UserCreation::Unmet(_) => {
                Err(StoreError::Fault(Cause::new("a demo account is there already")))
            }
        }
    }

    /// Plays a ticket's story by the rules of the domain, a while ago.
    async fn tell(&self, story: &Story, people: &[(&str, UserId)]) -> Result<(), StoreError> {
        let customer = CustomerActor::new(id_of(people, story.customer)?);
        let began = Ts::from_micros(self.now.micros() - story.hours_ago * 3_600_000_000).unwrap_or(self.now);
        let opening = Ticket::open(&customer, story.draft(), began);
        let mut ticket = self.stores.tickets.open(opening).await?;
        let mut at = began;
        for step in story.steps {
            at = at.after(Duration::from_mins(7));
            let (actor, command) = Self::act(step, customer, &ticket, people)?;
            ticket = self.commit(&ticket, &actor, command, at).await?;
        }
        Ok(())
    }

    fn act(
        step: &Step,
        customer: CustomerActor,
        ticket: &Ticket,
        people: &[(&str, UserId)],
    ) -> Result<(Actor, TicketCommand), StoreError> {
        Ok(match step {
            Step::Assign(agent) => {
                let admin = AdminActor::new(id_of(people, ADMIN.email)?);
                let agent = AgentRef::new(id_of(people, agent.email)?, agent.name);
                (admin.into(), script::assign(agent))
            }
            Step::Customer(command) => (customer.into(), command()),
            Step::Agent(command) => {
                let agent = ticket.facts().assignee.map(AgentActor::new);
                let agent =
                    agent.ok_or_else(|| StoreError::Fault(Cause::new("nobody works this demo ticket")))?;
                (agent.into(), command())
            }
        })
    }

    async fn commit(
        &self,
        ticket: &Ticket,
        actor: &Actor,
        command: TicketCommand,
        at: Ts,
    ) -> Result<Ticket, StoreError> {
        let outcome =
            ticket.decide(actor, command, at).map_err(|refusal| StoreError::Fault(Cause::new(refusal)))?;
        let Outcome::Changed(change) = outcome else { return Ok(ticket.clone()) };
        match self.stores.tickets.commit(*change).await? {
            Commit::Done(committed) => Ok(committed.ticket),
            Commit::Stale | Commit::Unmet(_) => {
                Err(StoreError::Fault(Cause::new("a demo ticket could not be written")))
            }
        }
    }
}
