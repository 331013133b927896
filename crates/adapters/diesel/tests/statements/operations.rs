//! Every operation of the ports, once, with what it sends.

mod accounts;
mod once;
mod sessions;
mod teams;

use std::time::Duration;

use helpdesk_domain::{
    Actor, AgentRef, CommentBody, CommentDraft, Description, NewTicket, Outcome, PasswordHash, Precondition,
    Priority, Refusal, Scope, Status, Subject, SystemActor, Tag, Tags, TeamId, TeamRef, Ticket,
    TicketCommand, TicketId, TicketPatch, Ts, Visibility,
};
use helpdesk_ports::{
    Commit, DecideEach, Direction, Limit, LockedCommit, PageRequest, SortKey, StoreError, Stores,
    TicketFilter, TicketQuery, TicketSearch, TicketSort,
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
    run.exported(seed).await;
    run.accounts_read().await;
    run.sessions_read().await;
    run.teams_and_trail_read().await;
    run.tickets_written(seed).await;
    let team = run.teams_written().await;
    run.ticket_moved(&team).await;
    run.many_changed(seed).await;
    run.accounts_written(&team).await;
    run.sessions_written().await;
    run.done_once(seed).await;
    run.tickets_closed().await;
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
        let everything = TicketFilter::default()
            .with_tag(Some(Tag::parse("vip").unwrap()))
            .created_after(Some(Ts::EPOCH))
            .updated_after(Some(Ts::EPOCH))
            .with_assignee(Some(Some(Seed::agent().id())))
            .with_requester(Some(seed.customer().id()))
            .with_team(Some(TeamId::new(1).unwrap()));
        let query = TicketQuery { filter: everything, page: whole_page(), ..TicketQuery::default() };
        self.note("a list by everything else", tickets.list(Seed::admin().scope(), query)).await;
        let words = |text| TicketFilter::default().with_search(Some(TicketSearch::parse(text).unwrap()));
        for (name, scope, sought) in [
            ("a search for much, for an admin", Seed::admin().scope(), "subject"),
            ("a search for little, for an admin", Seed::admin().scope(), "comment 7"),
            ("a search for much, for an agent", staff, "comment"),
            ("a search for little, for an agent", staff, "kumquat"),
            ("a search, for a customer", customer, "subject desc"),
        ] {
            let query = TicketQuery { filter: words(sought), page: whole_page(), ..TicketQuery::default() };
            self.note(name, tickets.list(scope, query)).await;
        }
        // Where there are many tickets, thousands of texts have it, and none of those of the last 60,000 tickets.
        let newest_first = TicketSort { key: SortKey::CreatedAt, direction: Direction::Descending };
        let query = TicketQuery { filter: words("11"), sort: newest_first, page: whole_page() };
        self.note("a search for what was frequent once", tickets.list(Seed::admin().scope(), query)).await;
        let query = TicketQuery { filter: words("comment 7"), page: whole_page(), ..TicketQuery::default() };
        self.note("a search in an agent's queue", tickets.queue(Seed::agent().queue(), query)).await;
        let query = TicketQuery { page: whole_page(), ..TicketQuery::default() };
        self.note("an agent's queue", tickets.queue(Seed::agent().queue(), query)).await;
        self.note("a ticket to claim", tickets.claimable(Seed::agent().queue(), id)).await.unwrap();
        for (name, scope) in
            [("a ticket's comments, for an agent", staff), ("a ticket's comments, for a customer", customer)]
        {
            self.note(name, tickets.comments(scope, id, whole_page())).await.unwrap();
        }
        for (name, scope) in
            [("a ticket's history, for an agent", staff), ("a ticket's history, for a customer", customer)]
        {
            self.note(name, tickets.history(scope, id, whole_page())).await.unwrap();
        }
    }

    async fn exported(&mut self, seed: Seed) {
        let exports = &self.stores.exports;
        let (admin, any) = (Seed::admin(), TicketFilter::default());
        self.note("a page of an export", exports.tickets(admin, any.clone(), whole_page())).await;
        let theirs = any.with_priorities(Priority::ALL.to_vec()).with_requester(Some(seed.customer().id()));
        self.note("a page of a filtered export", exports.tickets(admin, theirs, whole_page())).await;
        self.note("exported comments", exports.comments(admin, Seed::ticket(), whole_page())).await;
    }

    async fn tickets_written(&mut self, seed: Seed) {
        let draft = NewTicket {
            subject: Subject::parse("subject").unwrap(),
            description: Description::parse("description").unwrap(),
            priority: Priority::Normal,
            follow_up_of: Some(Seed::ticket()),
        };
        let opening = Ticket::open(&seed.customer(), draft, now());
        let opened = self.note("opening a ticket", self.stores.tickets.open(opening)).await;
        let me = AgentRef::new(Seed::agent().id(), "User 3");
        let claim = opened.claim(Seed::agent(), &me, now());
        let claimed = self.commit_outcome("claiming a ticket", claim).await;
        let release = claimed.release(Seed::agent(), now());
        self.commit_outcome("putting a ticket back", release).await;

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

    async fn ticket_moved(&mut self, team: &TeamRef) {
        let patch = TicketPatch { team: Some(team.clone()), ..TicketPatch::default() };
        self.commit("moving a ticket to another team", Seed::admin(), TicketCommand::Update(patch)).await;
    }

    /// Of all tickets of the page, or as many as there are: closed, and then reopened, which asks for each one's agent, and moved.
    async fn many_changed(&mut self, seed: Seed) {
        let ids: Vec<_> = (1..=seed.tickets.min(100)).map(|number| TicketId::new(number).unwrap()).collect();
        let update = |status, tags: Option<&str>, team: Option<&TeamRef>| TicketPatch {
            status: Some(status),
            tags: tags.map(|tag| Tags::parse(&[tag]).unwrap()),
            team: team.cloned(),
            ..TicketPatch::default()
        };
        let admin = Actor::from(Seed::admin());
        self.decide_many("closing many", &ids, admin, update(Status::Closed, None, None)).await;
        // The first is in another team by now.
        let support = TeamRef::new(TeamId::new(1).unwrap(), "Support");
        let reopen = update(Status::Open, Some("again"), Some(&support));
        self.decide_many("reopening and moving many", &ids, admin, reopen).await;
        let assign = |agent| TicketPatch {
            assignee: Some(Some(AgentRef::new(agent, "An agent"))),
            ..TicketPatch::default()
        };
        self.decide_many("assigning many", &ids, admin, assign(Seed::agent().id())).await;
        let pending = update(Status::Pending, None, None);
        self.decide_many("changing many, as an agent", &ids, Seed::agent().into(), pending).await;
        // Whose tickets go back later.
        self.decide_many("assigning many anew", &ids, admin, assign(Seed::other_agent())).await;
    }

    async fn decide_many(&mut self, name: &'static str, ids: &[TicketId], actor: Actor, patch: TicketPatch) {
        let decide: DecideEach = Box::new(move |ticket: &Ticket, _: &[Precondition]| {
            ticket.decide(&actor, TicketCommand::Update(patch.clone()), now())
        });
        let call = self.stores.tickets.decide_many(actor.scope(), ids.to_vec(), decide);
        let decided = self.note(name, call).await;
        assert!(decided.len() == ids.len() && decided.values().all(Result::is_ok), "{name}: {decided:?}");
    }

    async fn commit(&mut self, name: &'static str, actor: impl Into<Actor>, command: TicketCommand) {
        let tickets = &self.stores.tickets;
        let found = tickets.find(Seed::admin().scope(), Seed::ticket(), whole_page()).await.unwrap().unwrap();
        self.commit_outcome(name, found.ticket.decide(&actor.into(), command, now())).await;
    }

    async fn commit_outcome(&mut self, name: &'static str, outcome: Result<Outcome, Refusal>) -> Ticket {
        let Ok(Outcome::Changed(change)) = outcome else { panic!("{name} does not come to a change") };
        match self.note(name, self.stores.tickets.commit(*change)).await {
            Commit::Done(done) => done.ticket,
            other => panic!("{name}: {other:?}"),
        }
    }

    async fn tickets_closed(&mut self) {
        let resolved = TicketPatch { status: Some(Status::Resolved), ..TicketPatch::default() };
        self.commit("resolving a ticket", Seed::admin(), TicketCommand::Update(resolved)).await;
        let (by, later) = (SystemActor::outside_any_request(), now().after(Duration::from_secs(1)));
        let closing = self.stores.tickets.close_resolved(by, later, later, 1_000);
        assert!(self.note("closing what was resolved", closing).await > 0);
    }

    async fn decide_locked(&mut self, name: &'static str, scope: Scope, actor: Actor) {
        let decide = move |ticket: &Ticket| ticket.decide(&actor, comment(Visibility::Public), now());
        let call = self.stores.tickets.decide_locked(scope, Seed::ticket(), Box::new(decide));
        let commit = self.note(name, call).await;
        assert!(matches!(commit, Some(LockedCommit::Done { .. })), "{name}: {commit:?}");
    }
}
