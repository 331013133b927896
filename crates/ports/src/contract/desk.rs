//! What the cases have in common: accounts, tickets and commands in few words.

use futures_util::future::join_all;
use helpdesk_domain::{
    AccountChange, AccountCreation, AccountOutcome, AccountsActor, Actor, AdminActor, AgentActor, AgentRef,
    Change, Client, ClientAddress, CommentBody, CommentDraft, CustomerActor, Description, Email,
    FirstCredential, NewTicket, NewUser, Outcome, Person, PersonName, Priority, Role, Session, SessionId,
    Status, Subject, SystemActor, Tags, TeamRef, Ticket, TicketCommand, TicketId, TicketPatch, TokenDigest,
    Ts, User, UserAgent, UserId, UserPatch, Visibility,
};

use crate::{
    AccountCommit, Commit, Committed, Limit, PageRequest, PasswordHash, StoreError, Stores,
    TicketWithComments, UserCreation,
};

/// How many calls a case has under way at once, at most.
pub const PARALLEL: usize = 32;

/// The name that the migrations give to the team of every new ticket.
const DEFAULT_TEAM: &str = "Support";

/// Who makes accounts where it does not matter who does.
pub(super) const SYSTEM: SystemActor = SystemActor::outside_any_request();

/// A store with an admin, whose hand the cases use to read everything.
pub(super) struct Desk {
    pub(super) stores: Stores,
    pub(super) admin: AdminActor,
}

impl Desk {
    pub(super) async fn new(stores: Stores) -> Self {
        let nobody = AdminActor::new(user_id(1));
        let mut desk = Self { stores, admin: nobody };
        desk.admin = AdminActor::new(desk.user(Role::Admin, "root").await.id());
        desk
    }

    /// Makes an account; the label becomes its name and its address.
    pub(super) async fn user(&self, role: Role, label: &str) -> User {
        self.create(created(SYSTEM, new_user(role, label), hash(label), at(0))).await
    }

    /// Makes an account that nothing forbids.
    pub(super) async fn create(&self, creation: AccountCreation) -> User {
        match self.stores.users.create(creation).await.expect("creating an account") {
            UserCreation::Created(user) => user,
            other => panic!("an account that nothing forbids came to {other:?}"),
        }
    }

    /// Begins a session of the account, as it was read; its first refresh token is [`token`]`(bits)`.
    pub(super) async fn sign_in(&self, user: &User, bits: u128, now: Ts) -> Session {
        let session = session(user, bits, now);
        let opened = self.stores.sessions.open(session.clone(), token(bits)).await;
        assert!(opened.expect("opening a session"), "an account as it is can sign in");
        session
    }

    pub(super) async fn customer(&self, label: &str) -> CustomerActor {
        CustomerActor::new(self.user(Role::Customer, label).await.id())
    }

    pub(super) async fn agent(&self, label: &str) -> AgentRef {
        let agent = self.user(Role::Agent, label).await;
        AgentRef::new(agent.id(), agent.record().name.as_str())
    }

    pub(super) async fn account(&self, id: UserId) -> User {
        self.stores
            .users
            .find(self.admin.into(), id)
            .await
            .expect("finding an account")
            .expect("the account is there")
    }

    /// Decides about the account as it is now and commits that.
    pub(super) async fn change_account(&self, id: UserId, patch: UserPatch, now: Ts) -> User {
        let change = account_change(&self.account(id).await, self.admin, patch, now);
        match self.stores.users.commit(change).await.expect("committing a change of an account") {
            AccountCommit::Done(user) => user,
            other => panic!("a change of an account that nobody else touches came to {other:?}"),
        }
    }

    pub(super) async fn ticket(&self, customer: CustomerActor, subject: &str, now: Ts) -> Ticket {
        self.open(customer, new_ticket(subject, Priority::Normal), now).await
    }

    /// Opens a ticket and checks what the store made of it.
    pub(super) async fn open(&self, customer: CustomerActor, draft: NewTicket, now: Ts) -> Ticket {
        let opening = Ticket::open(&customer, draft, now);
        let opened = self.stores.tickets.open(opening.clone()).await.expect("opening a ticket");
        let team = opened.record().team.clone();
        assert_eq!(team.name(), DEFAULT_TEAM, "a new ticket belongs to the default team");
        let requester = person(&self.account(customer.id()).await);
        let expected = opening.into_ticket(opened.id(), requester, TeamRef::new(team.id(), DEFAULT_TEAM));
        assert_eq!(opened, expected, "a ticket is opened as the domain says");
        opened
    }

    /// The ticket as it is, with up to a hundred of its comments.
    pub(super) async fn read(&self, id: TicketId) -> TicketWithComments {
        let found = self.stores.tickets.find(self.admin.scope(), id, all()).await;
        found.expect("finding a ticket").expect("an admin sees every ticket")
    }

    /// Decides about this version of the ticket and commits that; checks that what was committed is what was decided.
    pub(super) async fn run(
        &self,
        ticket: &Ticket,
        actor: impl Into<Actor>,
        command: TicketCommand,
        now: Ts,
    ) -> Committed {
        let change = decided(ticket, actor, command, now);
        let committed = match self.stores.tickets.commit(change.clone()).await.expect("committing a change") {
            Commit::Done(committed) => *committed,
            other => panic!("a change of a ticket that nobody else touches came to {other:?}"),
        };
        assert_eq!(&committed.ticket, change.ticket(), "what is committed is what was decided");
        assert_eq!(
            committed.comment.as_ref().map(|comment| (
                comment.author().id,
                comment.author().role,
                comment.body(),
                comment.visibility(),
                comment.created_at()
            )),
            change.comment().map(|comment| (
                comment.author(),
                comment.author_role(),
                comment.body(),
                comment.visibility(),
                comment.created_at()
            )),
            "the comment that is committed is the one that was decided"
        );
        committed
    }

    /// A ticket of a customer of its own, assigned to an agent of its own.
    pub(super) async fn assigned_ticket(&self) -> (CustomerActor, AgentActor, Ticket) {
        let customer = self.customer("customer").await;
        let agent = self.agent("agent").await;
        let ticket = self.ticket(customer, "Printer on fire", at(1)).await;
        let ticket = self.run(&ticket, self.admin, assign(&agent), at(2)).await.ticket;
        (customer, AgentActor::new(agent.id()), ticket)
    }
}

/// A moment this many seconds after a fixed one that uses all six digits.
pub(super) fn at(seconds: i64) -> Ts {
    Ts::from_micros(1_700_000_000_123_457 + seconds * 1_000_000).expect("a moment of this age")
}

pub(super) fn user_id(number: i64) -> UserId {
    UserId::new(number).expect("a positive id")
}

/// The first page, as large as it can be.
pub(super) fn all<P>() -> PageRequest<P> {
    PageRequest { limit: limit(u64::from(Limit::MAX)), after: None }
}

pub(super) fn limit(items: u64) -> Limit {
    Limit::new(items).expect("a limit of 1-100")
}

pub(super) fn new_user(role: Role, label: &str) -> NewUser {
    NewUser { email: email(label), name: name(label), role, teams: None }
}

pub(super) fn email(label: &str) -> Email {
    Email::parse(&format!("{label}@example.com")).expect("an address")
}

pub(super) fn name(text: &str) -> PersonName {
    PersonName::parse(text).expect("a name")
}

/// Not a hash of anything: a store keeps what it is given.
pub(super) fn hash(label: &str) -> PasswordHash {
    PasswordHash { scheme: 1, text: format!("$2b$12$hash-of-{label}") }
}

/// A session of the account as it was read, from some address.
pub(super) fn session(user: &User, bits: u128, now: Ts) -> Session {
    Session::open(SessionId::from_bits(bits), user, client("192.0.2.1"), now)
}

/// A client at this address.
pub(super) fn client(address: &str) -> Client {
    let address = ClientAddress::new(address.parse().expect("an address"));
    Client { address, user_agent: UserAgent::clean("curl/8.5 (ünïcode 🙂)") }
}

/// Not a digest of anything, but one of its own for each number.
pub(super) fn token(number: u128) -> TokenDigest {
    let mut digest = [0xa5; 32];
    digest[..16].copy_from_slice(&number.to_be_bytes());
    TokenDigest(digest)
}

/// How a ticket names its requester.
pub(super) fn person(user: &User) -> Person {
    let record = user.record().clone();
    Person::from((record.id, record.name, record.email))
}

pub(super) fn new_ticket(subject: &str, priority: Priority) -> NewTicket {
    NewTicket {
        subject: Subject::parse(subject).expect("a subject"),
        description: Description::parse("It really is.").expect("a description"),
        priority,
        follow_up_of: None,
    }
}

pub(super) fn assign(agent: &AgentRef) -> TicketCommand {
    TicketCommand::Update(TicketPatch { assignee: Some(Some(agent.clone())), ..TicketPatch::default() })
}

pub(super) fn status(status: Status) -> TicketCommand {
    TicketCommand::Update(TicketPatch { status: Some(status), ..TicketPatch::default() })
}

pub(super) fn priority(priority: Priority) -> TicketCommand {
    TicketCommand::Update(TicketPatch { priority: Some(priority), ..TicketPatch::default() })
}

pub(super) fn tags(tags: &[&str]) -> TicketCommand {
    let tags = Tags::parse(tags).expect("tags");
    TicketCommand::Update(TicketPatch { tags: Some(tags), ..TicketPatch::default() })
}

pub(super) fn reply(body: &str) -> TicketCommand {
    comment(body, Visibility::Public)
}

pub(super) fn note(body: &str) -> TicketCommand {
    comment(body, Visibility::Internal)
}

pub(super) fn comment(body: &str, visibility: Visibility) -> TicketCommand {
    let body = CommentBody::parse(body).expect("a comment's body");
    TicketCommand::Comment(CommentDraft { body, visibility })
}

/// The change that the domain decides on; the command must come to one.
pub(super) fn decided(ticket: &Ticket, actor: impl Into<Actor>, command: TicketCommand, now: Ts) -> Change {
    match ticket.decide(&actor.into(), command, now).expect("a command that the rules allow") {
        Outcome::Changed(change) => *change,
        Outcome::Unchanged => panic!("a command that changes something"),
    }
}

/// The account that the domain decides on, with a password.
pub(super) fn created(
    by: impl Into<AccountsActor>,
    new: NewUser,
    password: PasswordHash,
    now: Ts,
) -> AccountCreation {
    let credential = FirstCredential::Password(password);
    User::create(by.into(), new, credential, now).expect("an account that the rules allow")
}

/// The change of an account that the domain decides on; the patch must come to one.
pub(super) fn account_change(user: &User, by: AdminActor, patch: UserPatch, now: Ts) -> AccountChange {
    match user.decide(by, patch, now).expect("a patch that the rules allow") {
        AccountOutcome::Changed(change) => *change,
        AccountOutcome::Unchanged => panic!("a patch that changes something"),
    }
}

/// Makes calls at the same time, up to [`PARALLEL`] of them; the answers are in the order of the calls.
pub(super) async fn at_once<F: Future>(calls: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut calls = calls.into_iter();
    let mut answers = Vec::new();
    loop {
        let some: Vec<F> = calls.by_ref().take(PARALLEL).collect();
        if some.is_empty() {
            return answers;
        }
        answers.extend(join_all(some).await);
    }
}

/// Repeats a call for as long as it collides with others: a store may say so, and nothing was written then.
pub(super) async fn despite_conflicts<T, F>(mut call: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut last = None;
    for _ in 0..10 * PARALLEL {
        match call().await {
            Err(StoreError::Conflict(cause)) => last = Some(cause),
            other => return other.expect("a call while others are under way"),
        }
    }
    panic!("a call collided with others again and again: {last:?}");
}
