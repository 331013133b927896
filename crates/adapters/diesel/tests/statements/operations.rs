//! Every operation of the ports, once, with what it sends.

use helpdesk_domain::{
    AccountOutcome, Actor, AgentRef, CommentBody, CommentDraft, Description, Email, NewTicket, NewUser,
    Outcome, PersonName, Priority, Role, Scope, SessionId, Status, Subject, Tags, Ticket, TicketCommand,
    TicketPatch, Ts, User, UserId, UserPatch, Visibility,
};
use helpdesk_ports::{
    AccountCommit, Commit, Limit, LockedCommit, NewSession, PageRequest, PasswordHash, StoreError, Stores,
    TicketFilter, TicketQuery, TokenDigest, UserCreation,
};

use crate::recorder::Log;
use crate::seed::Seed;

/// What an operation has sent.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) statements: Vec<String>,
}

/// Runs every operation, with pages as large as they can be.
pub(crate) async fn run_all(stores: &Stores, log: &mut Log, seed: Seed) -> Vec<Operation> {
    let mut run = Run { stores, log, done: Vec::new() };
    run.the_store().await;
    run.tickets_read(seed).await;
    run.accounts_read().await;
    run.tickets_written(seed).await;
    run.accounts_written().await;
    run.done
}

fn now() -> Ts {
    Ts::from_micros(2_000_000_000_000_000).unwrap()
}

/// The first page, as large as it can be.
fn whole_page<P>() -> PageRequest<P> {
    PageRequest { limit: Limit::new(u64::from(Limit::MAX)).unwrap(), after: None }
}

fn hash() -> PasswordHash {
    PasswordHash { scheme: 1, text: "hash".to_owned() }
}

fn comment(visibility: Visibility) -> TicketCommand {
    TicketCommand::Comment(CommentDraft { body: CommentBody::parse("A comment").unwrap(), visibility })
}

struct Run<'a> {
    stores: &'a Stores,
    log: &'a mut Log,
    done: Vec<Operation>,
}

impl Run<'_> {
    /// Makes the call, and notes what it sent.
    async fn note<T>(&mut self, name: &'static str, call: impl Future<Output = Result<T, StoreError>>) -> T {
        self.log.take();
        let result = call.await.unwrap();
        self.done.push(Operation { name, statements: self.log.take() });
        result
    }

    async fn the_store(&mut self) {
        self.note("whether the store is ready", self.stores.admin.ready()).await;
        self.note("the store's secret", self.stores.admin.secret()).await;
    }

    async fn tickets_read(&mut self, seed: Seed) {
        let tickets = &self.stores.tickets;
        let id = Seed::ticket();
        let [staff, customer] = [Seed::agent().scope(), seed.customer().scope()];
        for (name, scope) in [
            ("a ticket, for an admin", Seed::admin().scope()),
            ("a ticket, for an agent", staff),
            ("a ticket, for a customer", customer),
        ] {
            self.note(name, tickets.find(scope, id, whole_page())).await.unwrap();
        }
        for (name, scope) in [
            ("a list of tickets, for an admin", Seed::admin().scope()),
            ("a list of tickets, for an agent", staff),
            ("a list of tickets, for a customer", customer),
        ] {
            let query = TicketQuery { page: whole_page(), ..TicketQuery::default() };
            self.note(name, tickets.list(scope, query)).await;
        }
        let filter = TicketFilter::default().with_statuses([Status::Open, Status::Pending]);
        let query = TicketQuery { filter, page: whole_page(), ..TicketQuery::default() };
        self.note("a filtered list, for an agent", tickets.list(staff, query)).await;
        for (name, scope) in
            [("a ticket's comments, for an agent", staff), ("a ticket's comments, for a customer", customer)]
        {
            self.note(name, tickets.comments(scope, id, whole_page())).await.unwrap();
        }
    }

    async fn accounts_read(&mut self) {
        let (users, by) = (&self.stores.users, Seed::admin());
        let email = Email::parse("user-3@example.com").unwrap();
        self.note("an account with its password", users.credentials(email)).await.unwrap();
        self.note("an account", users.find(by, Seed::other_admin())).await.unwrap();
        self.note("an agent to assign to", users.active_agent(by, Seed::other_agent())).await.unwrap();
        self.note("a list of accounts", users.list(by, whole_page())).await;
        let standing = self.stores.sessions.standing(by.id(), SessionId::from_bits(1));
        self.note("where a session stands", standing).await.unwrap();
    }

    async fn tickets_written(&mut self, seed: Seed) {
        let draft = NewTicket {
            subject: Subject::parse("subject").unwrap(),
            description: Description::parse("description").unwrap(),
            priority: Priority::Normal,
        };
        let opening = Ticket::open(&seed.customer(), draft, now());
        self.note("opening a ticket", self.stores.tickets.open(opening)).await;

        let agent = Actor::from(Seed::agent());
        let update = TicketCommand::Update;
        let status = update(TicketPatch { status: Some(Status::Pending), ..TicketPatch::default() });
        self.commit("changing a status", agent, status).await;
        let tags = Tags::parse(&["vip"]).unwrap();
        let both =
            TicketPatch { priority: Some(Priority::Urgent), tags: Some(tags), ..TicketPatch::default() };
        self.commit("changing priority and tags", agent, update(both)).await;
        self.commit("commenting in public", agent, comment(Visibility::Public)).await;
        self.commit("commenting internally", agent, comment(Visibility::Internal)).await;
        self.commit("a customer's reply, which reopens", seed.customer(), comment(Visibility::Public)).await;
        self.decide_locked("commenting under the lock", Seed::agent().scope(), agent).await;
        let assignee = Some(Some(AgentRef::new(Seed::other_agent(), "User 4")));
        let assign = update(TicketPatch { assignee, ..TicketPatch::default() });
        self.commit("assigning", Seed::admin(), assign).await;
    }

    async fn commit(&mut self, name: &'static str, actor: impl Into<Actor>, command: TicketCommand) {
        let tickets = &self.stores.tickets;
        let found = tickets.find(Seed::admin().scope(), Seed::ticket(), whole_page()).await.unwrap().unwrap();
        let Ok(Outcome::Changed(change)) = found.ticket.decide(&actor.into(), command, now()) else {
            panic!("{name} does not come to a change");
        };
        let commit = self.note(name, tickets.commit(*change)).await;
        assert!(matches!(commit, Commit::Done(_)), "{name}: {commit:?}");
    }

    async fn decide_locked(&mut self, name: &'static str, scope: Scope, actor: Actor) {
        let decide = move |ticket: &Ticket| ticket.decide(&actor, comment(Visibility::Public), now());
        let call = self.stores.tickets.decide_locked(scope, Seed::ticket(), Box::new(decide));
        let commit = self.note(name, call).await;
        assert!(matches!(commit, Some(LockedCommit::Done { .. })), "{name}: {commit:?}");
    }

    async fn accounts_written(&mut self) {
        for (name, role, email) in [
            ("making a customer", Role::Customer, "new-customer@example.com"),
            ("making an agent", Role::Agent, "new-agent@example.com"),
        ] {
            let name_of_account = PersonName::parse("New").unwrap();
            let user = NewUser { email: Email::parse(email).unwrap(), name: name_of_account, role };
            let creation = self.note(name, self.stores.users.create(user, hash(), now())).await;
            assert!(matches!(creation, UserCreation::Created(_)), "{name}: {creation:?}");
        }
        let session = NewSession {
            id: SessionId::from_bits(u128::MAX),
            user: Seed::admin().id(),
            created_at: now(),
            expires_at: now(),
            refresh_token: TokenDigest([7; 32]),
            refresh_expires_at: now(),
        };
        self.note("opening a session", self.stores.sessions.open(session)).await;

        let rename = UserPatch { name: Some(PersonName::parse("Other").unwrap()), ..UserPatch::default() };
        self.change("renaming an account", Seed::other_admin(), rename).await;
        let role = |role| UserPatch { role: Some(role), ..UserPatch::default() };
        self.change("making an agent of an admin", Seed::other_admin(), role(Role::Agent)).await;
        let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
        self.change("disabling an agent, whose tickets go back", Seed::other_agent(), disable).await;
    }

    async fn change(&mut self, name: &'static str, id: UserId, patch: UserPatch) {
        let users = &self.stores.users;
        let user: User = users.find(Seed::admin(), id).await.unwrap().unwrap();
        let Ok(AccountOutcome::Changed(change)) = user.decide(Seed::admin(), patch, now()) else {
            panic!("{name} does not come to a change");
        };
        let commit = self.note(name, users.commit(*change)).await;
        assert!(matches!(commit, AccountCommit::Done(_)), "{name}: {commit:?}");
    }
}
