//! Importing tickets.

use std::collections::BTreeSet;

use futures_util::future::join;
use helpdesk_domain::{
    AgentRef, AuditKind, CustomerActor, CustomerTicketView, EventKind, EventRecord, FieldChange, Role,
    SourceId, Status, Subject, Tags, Ticket, TicketId, TicketToImport, UserPatch, Visibility,
};

use super::desk::{Desk, SYSTEM, all, at, at_once, despite_conflicts, email, reply};
use super::source::{account, batch, comment, item, source, told, told_by};
use crate::{
    AuditQuery, ImportBatch, ImportItem, Imported, Stores, TicketFilter, TicketQuery, TicketSearch, UserQuery,
};

impl Desk {
    async fn import(&self, batch: ImportBatch) -> Imported {
        despite_conflicts(|| self.stores.imports.write(SYSTEM, batch.clone())).await
    }

    /// Every ticket there is, by id.
    async fn every_ticket(&self) -> Vec<Ticket> {
        let page = self.stores.exports.tickets(self.admin, TicketFilter::default(), all()).await;
        page.expect("exporting").items.into_iter().map(|exported| exported.ticket).collect()
    }

    async fn only_ticket(&self) -> Ticket {
        let [ticket] = <[Ticket; 1]>::try_from(self.every_ticket().await).expect("one ticket");
        ticket
    }

    async fn events(&self, id: TicketId) -> Vec<EventRecord> {
        let history = self.stores.tickets.history(self.admin.scope(), id, all()).await;
        history.expect("reading history").expect("the ticket is there").items
    }
}

/// In every status: as it was told, with a history that leads there, and the accounts and the team made for it.
pub async fn an_imported_ticket_is_what_was_told(stores: Stores) {
    let desk = Desk::new(stores).await;
    for (&status, number) in Status::ALL.iter().zip(1..) {
        let item = item(told(number, status), vec![]);
        let written = desk.import(batch("elsewhere", vec![item])).await;
        let made = if number == 1 { (2, 1) } else { (0, 0) };
        assert_eq!((written.tickets, written.accounts, written.teams), (1, made.0, made.1), "{status}");
        assert_eq!((written.unassigned, written.without_first), (Vec::new(), Vec::new()));
    }
    let tickets = desk.every_ticket().await;
    assert_eq!(tickets.len(), Status::ALL.len());
    for (ticket, &status) in tickets.iter().zip(Status::ALL) {
        let (record, told) = (ticket.record(), told(1, status));
        assert_eq!((&record.subject, &record.description), (&told.subject, &told.description));
        assert_eq!((record.status, record.priority, &record.tags), (status, told.priority, &told.tags));
        assert_eq!(
            (record.created_at, record.updated_at, record.public_updated_at),
            (told.created_at, told.updated_at, told.public_updated_at)
        );
        assert_eq!(
            (record.first_responded_at, record.resolved_at, record.closed_at, record.reopen_count),
            (told.first_responded_at, told.resolved_at, told.closed_at, told.reopen_count)
        );
        assert_eq!(record.requester.email(), "ada@elsewhere.example");
        assert_eq!(record.assignee.as_ref().map(AgentRef::name), Some("grace"));
        assert_eq!(record.team.name(), "Night");
        let facts = ticket.facts();
        let (requester, agent) =
            (desk.account(facts.requester).await, desk.account(facts.assignee.expect("an agent")).await);
        assert_eq!((requester.role(), agent.role()), (Role::Customer, Role::Agent));
        assert!(!requester.record().has_password && !agent.record().has_password, "nobody signs in yet");

        let events = desk.events(ticket.id()).await;
        let first = events.first().expect("it was opened");
        assert_eq!(
            (first.kind, first.at, first.actor.id),
            (EventKind::Created, told.created_at, Some(requester.id()))
        );
        let (mut now, mut tags) = (Status::Open, Tags::default());
        for change in events.iter().flat_map(|event| event.changes.clone()) {
            match change {
                FieldChange::Status { to, .. } => now = to,
                FieldChange::Tags { to, .. } => tags = to,
                FieldChange::Assignee { .. } | FieldChange::Priority { .. } | FieldChange::Team { .. } => {}
            }
        }
        assert_eq!((now, tags), (status, told.tags), "history leads to what the ticket is");
        let public = events.iter().filter(|event| event.visibility == Visibility::Public).count();
        let counted = (i64::try_from(events.len()).ok(), i64::try_from(public).ok());
        assert_eq!((Some(record.version), Some(record.public_version)), counted, "each event has moved it");
        for event in &events {
            let is_odd = event.id.get() % 2 == 1;
            assert_eq!(is_odd, event.visibility == Visibility::Public, "public ids are odd");
        }
    }
}

/// Its comments are those that were told, by whom and when, each with its event.
pub async fn imported_comments_are_what_was_told(stores: Stores) {
    let desk = Desk::new(stores).await;
    let told = told(1, Status::Pending);
    let comments = vec![
        comment(&told, 31, Visibility::Public, 10),
        comment(&told, 30, Visibility::Internal, 20),
        comment(&told, 32, Visibility::Public, 30),
    ];
    let written = desk.import(batch("elsewhere", vec![item(told, comments.clone())])).await;
    assert_eq!((written.tickets, written.comments), (1, 3));
    let ticket = desk.only_ticket().await;
    let read = desk.read(ticket.id()).await.comments.items;
    assert_eq!(read.len(), 3);
    let events = desk.events(ticket.id()).await;
    for (comment, expected) in read.iter().zip(&comments) {
        assert_eq!((comment.body(), comment.created_at()), (&expected.body, expected.created_at));
        assert_eq!(
            (comment.visibility(), comment.author().role),
            (expected.visibility, expected.author_role)
        );
        assert_eq!(comment.author().name, expected.author.name.as_str());
        assert_eq!(comment.id().get() % 2 == 1, comment.visibility() == Visibility::Public);
        let of_it: Vec<_> = events.iter().filter(|event| event.comment == Some(comment.id())).collect();
        let [event] = of_it[..] else { panic!("one event tells of each comment: {of_it:?}") };
        assert_eq!((event.kind, event.at), (EventKind::Commented, comment.created_at()));
        assert_eq!((event.visibility, event.actor.id), (comment.visibility(), Some(comment.author().id)));
    }
    // The customer sees the public ones, and can go on from there.
    let customer = CustomerActor::new(ticket.facts().requester);
    let seen = desk.stores.tickets.comments(customer.scope(), ticket.id(), all()).await;
    assert_eq!(seen.expect("reading comments").expect("it is theirs").items.len(), 2);
    let reopened = desk.run(&ticket, customer, reply("It burns again."), at(5)).await.ticket;
    assert_eq!((reopened.status(), reopened.version()), (Status::Open, ticket.version() + 1));
}

/// By the words of subject, description and comments, those of an internal one for staff alone; also what was added late.
pub async fn what_is_imported_can_be_searched(stores: Stores) {
    let desk = Desk::new(stores).await;
    let told = told(1, Status::Pending);
    let first =
        vec![comment(&told, 31, Visibility::Public, 10), comment(&told, 30, Visibility::Internal, 20)];
    let later =
        vec![comment(&told, 33, Visibility::Public, 30), comment(&told, 34, Visibility::Internal, 30)];
    desk.import(batch("elsewhere", vec![item(told.clone(), first)])).await;
    desk.import(batch("elsewhere", vec![item(told, later)])).await;
    let ticket = desk.only_ticket().await;
    let customer = CustomerActor::new(ticket.facts().requester);
    for (words, staff_finds, customer_finds) in [
        ("printer fire", true, true),
        ("really", true, true),
        ("comment 31", true, true),
        ("comment 33", true, true),
        ("comment 30", true, false),
        ("comment 34", true, false),
        ("nowhere", false, false),
    ] {
        let search = TicketSearch::parse(words).expect("words");
        for (scope, finds) in [(desk.admin.scope(), staff_finds), (customer.scope(), customer_finds)] {
            let filter = TicketFilter::default().with_search(Some(search.clone()));
            let query = TicketQuery { filter, page: all(), ..TicketQuery::default() };
            let found = desk.stores.tickets.list(scope, query).await.expect("searching").items;
            assert_eq!(!found.is_empty(), finds, "{words}, in {scope:?}");
        }
    }
}

/// Once more in whole, in part, in other batches, in another order: nothing is doubled, and what was missing is added.
pub async fn what_was_imported_is_not_imported_again(stores: Stores) {
    let desk = Desk::new(stores).await;
    let ticket = |number| {
        let told = told(number, Status::Open);
        let comments = (0..3).map(|n| comment(&told, number * 10 + n, Visibility::Public, n)).collect();
        item(told, comments)
    };
    let everything: Vec<ImportItem> = (1..=4).map(ticket).collect();
    let some = vec![ticket(2), ImportItem { comments: ticket(3).comments[..1].to_vec(), ..ticket(3) }];
    assert_eq!(desk.import(batch("elsewhere", some.clone())).await.comments, 4);
    let before = desk.every_ticket().await;
    assert_eq!(desk.import(batch("elsewhere", some)).await, Imported::default());
    assert_eq!(desk.every_ticket().await, before, "nothing moves by what is there already");

    // One of them is told twice in the same batch.
    let twice: Vec<_> = everything.iter().cloned().chain([ticket(1)]).collect();
    let written = desk.import(batch("elsewhere", twice)).await;
    assert_eq!((written.tickets, written.comments, written.accounts), (2, 8, 0));
    let tickets = desk.every_ticket().await;
    assert_eq!(tickets.len(), 4);
    for ticket in &tickets {
        assert_eq!(desk.read(ticket.id()).await.comments.items.len(), 3);
        let events = desk.events(ticket.id()).await.len();
        assert_eq!(i64::try_from(events).ok(), Some(ticket.version()));
    }
    // Another source is another matter.
    assert_eq!(desk.import(batch("somewhere", vec![ticket(1)])).await.tickets, 1);
}

/// What has gone on here meanwhile stays, and a comment that is added late moves nothing back.
pub async fn a_ticket_that_went_on_here_stays_as_it_is(stores: Stores) {
    let desk = Desk::new(stores).await;
    let told = told(1, Status::Open);
    desk.import(batch("elsewhere", vec![item(told.clone(), vec![])])).await;
    let ticket = desk.only_ticket().await;
    let customer = CustomerActor::new(ticket.facts().requester);
    let ticket = desk.run(&ticket, customer, reply("Still burning."), at(50)).await.ticket;

    let changed =
        TicketToImport { subject: Subject::parse("Another subject").expect("a subject"), ..told.clone() };
    let note = comment(&told, 7, Visibility::Internal, 3);
    let written = desk.import(batch("elsewhere", vec![item(changed, vec![note])])).await;
    assert_eq!((written.tickets, written.comments), (0, 1));
    let now = desk.only_ticket().await;
    assert_eq!((now.version(), now.public_version()), (ticket.version() + 1, ticket.public_version()));
    assert_eq!(now.record().updated_at, ticket.record().updated_at);
    assert_eq!(
        CustomerTicketView::from(now),
        CustomerTicketView::from(ticket),
        "an internal comment is internal"
    );
}

/// An account that is here is meant by its address, whatever was told of it; and nobody is given work who may not have it.
pub async fn accounts_are_those_that_are_here(stores: Stores) {
    let desk = Desk::new(stores).await;
    let root = desk.account(desk.admin.id()).await;
    let disabled = desk.user(Role::Agent, "disabled").await;
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(disabled.id(), disable, at(1)).await;
    let grace = desk.user(Role::Agent, "grace").await;
    let here = |label: &str, role| {
        let mut told = account(label, role);
        told.email = email(label);
        told
    };
    let mut items = Vec::new();
    for (number, status, agent) in [
        (1, Status::Open, "grace"),
        (2, Status::Open, "disabled"),
        (3, Status::Closed, "disabled"),
        (4, Status::Pending, "root"),
    ] {
        let mut told = told(number, status);
        told.requester = here("root", Role::Customer);
        told.assignee = Some(here(agent, Role::Agent));
        items.push(item(told, vec![]));
    }
    let written = desk.import(batch("elsewhere", items)).await;
    assert_eq!(written.accounts, 0);
    let originals = |ids: &[i64]| ids.iter().map(|id| source(*id)).collect::<Vec<SourceId>>();
    assert_eq!(written.unassigned, originals(&[2, 4]));
    let tickets = desk.every_ticket().await;
    let agents: Vec<_> = tickets.iter().map(|ticket| ticket.facts().assignee).collect();
    assert_eq!(agents, [Some(grace.id()), None, Some(disabled.id()), None]);
    assert!(tickets.iter().all(|ticket| ticket.facts().requester == root.id()));
    assert_eq!(desk.account(root.id()).await, root, "whoever is here is not changed");
}

/// No file makes an admin; who is disabled there is disabled here; each that is made has its entry in the trail.
pub async fn accounts_and_teams_that_are_made_leave_their_entries(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut told = told(1, Status::Open);
    told.assignee = Some(account("boss", Role::Admin));
    let mut left = account("left", Role::Agent);
    left.is_active = false;
    let comments = vec![told_by(comment(&told, 5, Visibility::Internal, 3), left)];
    let written = desk.import(batch("elsewhere", vec![item(told, comments)])).await;
    assert_eq!((written.accounts, written.teams), (3, 1));
    let trail = desk.stores.audit.list(desk.admin, AuditQuery { page: all(), ..AuditQuery::default() }).await;
    let trail = trail.expect("reading the trail").items;
    let of = |kind| {
        let entries = trail.iter().map(|record| &record.entry).filter(move |entry| entry.kind == kind);
        entries.map(|entry| entry.label.as_str()).collect::<BTreeSet<_>>()
    };
    let emails = ["ada@elsewhere.example", "boss@elsewhere.example", "left@elsewhere.example"];
    assert_eq!(of(AuditKind::UserImported), BTreeSet::from(emails));
    assert_eq!(of(AuditKind::TeamCreated), BTreeSet::from(["Night"]));
    let made =
        desk.stores.users.list(desk.admin.into(), UserQuery { page: all(), ..UserQuery::default() }).await;
    for user in made.expect("listing accounts").items {
        let record = user.record();
        let expected = match record.email.as_str() {
            "ada@elsewhere.example" => (Role::Customer, true),
            "boss@elsewhere.example" => (Role::Agent, true),
            "left@elsewhere.example" => (Role::Agent, false),
            _ => continue,
        };
        assert_eq!((record.role, record.is_active), expected, "{}", record.email);
    }
    let default = desk.default_team().await.id;
    assert_eq!(desk.members(default).await.len(), 2, "a new agent joins the default team");
}

/// It names what the other has become; of one that was not imported, nothing.
pub async fn an_imported_follow_up_follows_what_the_first_has_become(stores: Stores) {
    let desk = Desk::new(stores).await;
    desk.import(batch("somewhere", vec![item(told(1, Status::Closed), vec![])])).await;
    let following = |number, first| {
        let mut told = told(number, Status::Open);
        told.follow_up_of = Some(source(first));
        told.team = None;
        item(told, vec![])
    };
    let items = vec![item(told(8, Status::Closed), vec![]), following(9, 8), following(10, 1)];
    let written = desk.import(batch("elsewhere", items)).await;
    assert_eq!(written.without_first, [source(10)], "ticket 1 is of another source");
    let written = desk.import(batch("elsewhere", vec![following(11, 8)])).await;
    assert_eq!(written.without_first, []);
    let tickets = desk.every_ticket().await;
    let first = Some(tickets[1].id());
    let follow: Vec<_> = tickets.iter().map(|ticket| ticket.record().follow_up_of).collect();
    assert_eq!(follow, [None, None, first, None, first]);
    assert_eq!(tickets[4].record().team.id(), desk.default_team().await.id, "no team is the default team");
}

/// However many write the same at once, it is there once.
pub async fn importing_the_same_at_once_writes_it_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    let ticket = |number| {
        let told = told(number, Status::Open);
        let comments = vec![comment(&told, number, Visibility::Public, 1)];
        item(told, comments)
    };
    let some = |from: i64| batch("elsewhere", (from..from + 4).map(ticket).collect());
    let written = at_once((0..12).map(|n| desk.import(some(1 + n % 3)))).await;
    assert_eq!(written.iter().map(|written| written.tickets).sum::<usize>(), 6);
    assert_eq!(written.iter().map(|written| written.comments).sum::<usize>(), 6);
    assert_eq!(desk.every_ticket().await.len(), 6);
    let accounts: usize = written.iter().map(|written| written.accounts).sum();
    assert_eq!(accounts, 2);
}

/// Who is disabled while tickets are imported for them has none of them in the end that is not closed.
pub async fn importing_races_disabling(stores: Stores) {
    let desk = Desk::new(stores).await;
    for round in 0..8 {
        let label = format!("agent{round}");
        let agent = desk.user(Role::Agent, &label).await;
        let mut told = told(100 + round, Status::Open);
        let mut assignee = account(&label, Role::Agent);
        assignee.email = email(&label);
        told.assignee = Some(assignee);
        let import = desk.import(batch("elsewhere", vec![item(told, vec![])]));
        let disable = async {
            let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
            desk.change_account(agent.id(), patch, at(1)).await;
        };
        join(import, disable).await;
        let tickets = desk.every_ticket().await;
        let ticket = tickets.last().expect("it was imported");
        assert_eq!(ticket.facts().assignee, None, "round {round}");
    }
}
