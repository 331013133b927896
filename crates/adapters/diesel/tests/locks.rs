//! What Postgres's locks make of two who stand in each other's way, step by step: one of them is a connection beside the store,
//! so that who comes first is known.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking; clippy takes only test functions themselves for tests"
)]

mod support;

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use helpdesk_domain::{
    AccountCreation, AccountsActor, Actor, AdminActor, AgentActor, AgentRef, Change, Client, ClientAddress,
    CustomerActor, Description, Email, FirstCredential, NewTicket, NewUser, Outcome, PasswordHash,
    PersonName, Precondition, Priority, Role, Session, SessionId, Status, Subject, SystemActor, Team, TeamId,
    TeamName, TeamRef, Ticket, TicketCommand, TicketPatch, TokenDigest, Ts, User,
};
use helpdesk_ports::{
    Commit, DecideEach, Limit, MembershipCommit, PageRequest, Refreshed, ShownToken, StoreError, Stores,
    TeamDeleted, TeamMade, TeamRenamed, TicketFilter, TicketQuery, TicketSearch, UserCreation,
};
use support::make_postgres;

fn now() -> Ts {
    Ts::from_micros(1_000_000).unwrap()
}

fn by() -> AccountsActor {
    SystemActor::outside_any_request().into()
}

fn name(text: &str) -> TeamName {
    TeamName::parse(text).unwrap()
}

fn someone(role: Role, label: &str, teams: Option<Vec<TeamId>>) -> AccountCreation {
    let user = NewUser {
        email: Email::parse(&format!("{label}@example.com")).unwrap(),
        name: PersonName::parse(label).unwrap(),
        role,
        teams,
    };
    let password = FirstCredential::Password(PasswordHash { scheme: 1, text: "hash".into() });
    User::create(by(), user, password, now()).unwrap()
}

async fn user(stores: &Stores, role: Role, label: &str) -> User {
    match stores.users.create(someone(role, label, None)).await.unwrap() {
        UserCreation::Created(user) => user,
        other => panic!("{label}: {other:?}"),
    }
}

async fn team(stores: &Stores, text: &str) -> Team {
    match stores.teams.create(Team::create(by(), name(text), now())).await.unwrap() {
        TeamMade::Created(team) => team,
        TeamMade::NameTaken => panic!("{text} is taken"),
    }
}

/// What comes of the call when the other transaction goes on like this as soon as the call waits for it, and then commits.
async fn meanwhile<T: Send + 'static>(
    other: &mut PgConnection,
    watcher: &mut PgConnection,
    call: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    goes_on: &str,
) -> T {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = BigInt)]
        waiting: i64,
    }
    const WAITING: &str = "SELECT count(*) AS waiting FROM pg_stat_activity \
        WHERE datname = current_database() AND application_name = 'helpdesk' AND wait_event_type = 'Lock'";
    let call = tokio::spawn(call);
    while diesel::sql_query(WAITING).get_result::<Waiting>(watcher).unwrap().waiting == 0 {
        assert!(!call.is_finished(), "it does not wait");
        tokio::task::yield_now().await;
    }
    other.batch_execute(&format!("{goes_on}; COMMIT")).unwrap();
    call.await.unwrap().unwrap()
}

#[tokio::test]
async fn who_waits_for_a_team_that_goes_is_told_that_it_is_gone() {
    let (stores, database) = make_postgres().await;
    let (mut other, mut watcher) = (database.connection(), database.connection());
    let admin = AdminActor::new(user(&stores, Role::Admin, "admin").await.id());
    let agent = user(&stores, Role::Agent, "agent").await;
    let customer = CustomerActor::new(user(&stores, Role::Customer, "customer").await.id());
    let draft = NewTicket {
        subject: Subject::parse("subject").unwrap(),
        description: Description::parse("description").unwrap(),
        priority: Priority::Normal,
        follow_up_of: None,
    };
    let ticket = stores.tickets.open(Ticket::open(&customer, draft, now())).await.unwrap();
    let going = ["one", "two", "three"];

    let one = team(&stores, going[0]).await;
    other.batch_execute(&format!("BEGIN; DELETE FROM teams WHERE id = {}", one.id)).unwrap();
    let patch = TicketPatch { team: Some(TeamRef::new(one.id, going[0])), ..TicketPatch::default() };
    let decided = ticket.decide(&Actor::from(admin), TicketCommand::Update(patch), now());
    let Ok(Outcome::Changed(change)) = decided else { panic!("{decided:?}") };
    let call = {
        let stores = stores.clone();
        async move { stores.tickets.commit(*change).await }
    };
    let moved = meanwhile(&mut other, &mut watcher, call, "").await;
    assert_eq!(moved, Commit::Unmet(Precondition::TeamExists(one.id)));

    let two = team(&stores, going[1]).await;
    other.batch_execute(&format!("BEGIN; DELETE FROM teams WHERE id = {}", two.id)).unwrap();
    let change = two.admit(by(), &agent, now()).unwrap();
    let call = {
        let stores = stores.clone();
        async move { stores.teams.change_membership(change).await }
    };
    let joined = meanwhile(&mut other, &mut watcher, call, "").await;
    assert_eq!(joined, MembershipCommit::Unmet(Precondition::TeamExists(two.id)));

    let three = team(&stores, going[2]).await;
    other.batch_execute(&format!("BEGIN; DELETE FROM teams WHERE id = {}", three.id)).unwrap();
    let creation = someone(Role::Agent, "new", Some(vec![three.id]));
    let call = {
        let stores = stores.clone();
        async move { stores.users.create(creation).await }
    };
    let made = meanwhile(&mut other, &mut watcher, call, "").await;
    assert_eq!(made, UserCreation::Unmet(Precondition::TeamExists(three.id)));
}

#[tokio::test]
async fn a_team_that_somebody_comes_to_meanwhile_is_not_deleted() {
    let (stores, database) = make_postgres().await;
    let (mut other, mut watcher) = (database.connection(), database.connection());
    let agent = user(&stores, Role::Agent, "agent").await;
    let night = team(&stores, "Night").await;
    other
        .batch_execute(&format!("BEGIN; INSERT INTO team_members VALUES ({}, {})", night.id, agent.id()))
        .unwrap();
    let deletion = night.delete(by(), now()).unwrap();
    let call = {
        let stores = stores.clone();
        async move { stores.teams.delete(deletion).await }
    };
    assert_eq!(meanwhile(&mut other, &mut watcher, call, "").await, TeamDeleted::NotEmpty);
}

#[tokio::test]
async fn who_loses_the_role_meanwhile_does_not_join() {
    let (stores, database) = make_postgres().await;
    let (mut other, mut watcher) = (database.connection(), database.connection());
    let agent = user(&stores, Role::Agent, "agent").await;
    let night = team(&stores, "Night").await;
    other
        .batch_execute(&format!("BEGIN; UPDATE users SET role = 'customer' WHERE id = {}", agent.id()))
        .unwrap();
    let change = night.admit(by(), &agent, now()).unwrap();
    let call = {
        let stores = stores.clone();
        async move { stores.teams.change_membership(change).await }
    };
    let joined = meanwhile(&mut other, &mut watcher, call, "").await;
    assert_eq!(joined, MembershipCommit::Unmet(Precondition::Agent(agent.id())));
}

#[tokio::test]
async fn a_name_that_another_takes_meanwhile_is_taken() {
    let (stores, database) = make_postgres().await;
    let (mut other, mut watcher) = (database.connection(), database.connection());
    let night = team(&stores, "Night").await;
    let take = "BEGIN; INSERT INTO teams (name, is_default) VALUES ('Day', false)";
    other.batch_execute(take).unwrap();
    let renaming = night.rename(by(), name("Day"), now()).unwrap();
    let call = {
        let stores = stores.clone();
        async move { stores.teams.rename(renaming).await }
    };
    assert_eq!(meanwhile(&mut other, &mut watcher, call, "").await, TeamRenamed::NameTaken);

    other.batch_execute(&take.replace("Day", "Evening")).unwrap();
    let creation = Team::create(by(), name("Evening"), now());
    let call = {
        let stores = stores.clone();
        async move { stores.teams.create(creation).await }
    };
    assert_eq!(meanwhile(&mut other, &mut watcher, call, "").await, TeamMade::NameTaken);
}

#[tokio::test]
async fn a_token_is_judged_by_the_session_as_it_is_behind_the_lock() {
    let (stores, database) = make_postgres().await;
    let (mut other, mut watcher) = (database.connection(), database.connection());
    let customer = user(&stores, Role::Customer, "customer").await;
    let client = || Client { address: ClientAddress::new([192, 0, 2, 1].into()), user_agent: None };
    let shown = |token, successor| {
        let [token, successor] = [token, successor].map(|byte| TokenDigest([byte; 32]));
        ShownToken { token, successor, client: client(), at: now() }
    };
    let session = Session::open(SessionId::from_bits(1), &customer, client(), now());
    assert!(stores.sessions.open(session, TokenDigest([1; 32])).await.unwrap());

    let hold = "BEGIN; SELECT FROM sessions FOR NO KEY UPDATE";
    other.batch_execute(hold).unwrap();
    let (twin, again) = (stores.clone(), shown(1, 2));
    let call = async move { twin.sessions.refresh(again).await };
    let supersede = "UPDATE refresh_tokens SET is_superseded = true";
    let refreshed = meanwhile(&mut other, &mut watcher, call, supersede).await;
    assert!(matches!(refreshed, Refreshed::Replayed { .. }), "{refreshed:?}");

    other
        .batch_execute(
            "UPDATE sessions SET revoked_at = NULL; UPDATE refresh_tokens SET is_superseded = false",
        )
        .unwrap();
    other.batch_execute(hold).unwrap();
    let (twin, again) = (stores.clone(), shown(1, 3));
    let call = async move { twin.sessions.refresh(again).await };
    let end = "UPDATE sessions SET revoked_at = now()";
    assert_eq!(meanwhile(&mut other, &mut watcher, call, end).await, Refreshed::Dead);
}

/// A ticket of the default team, and an agent who is a member.
async fn free_ticket_and_member(stores: &Stores) -> (Ticket, User) {
    let customer = CustomerActor::new(user(stores, Role::Customer, "customer").await.id());
    let draft = NewTicket {
        subject: Subject::parse("subject").unwrap(),
        description: Description::parse("description").unwrap(),
        priority: Priority::Normal,
        follow_up_of: None,
    };
    let ticket = stores.tickets.open(Ticket::open(&customer, draft, now())).await.unwrap();
    (ticket, user(stores, Role::Agent, "agent").await)
}

fn claim(ticket: &Ticket, agent: &User) -> Change {
    let me = AgentRef::new(agent.id(), "agent");
    match ticket.claim(AgentActor::new(agent.id()), &me, now()) {
        Ok(Outcome::Changed(change)) => *change,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_is_taken_out_of_the_team_meanwhile_claims_nothing() {
    let (stores, database) = make_postgres().await;
    let (mut other, mut watcher) = (database.connection(), database.connection());
    let (ticket, agent) = free_ticket_and_member(&stores).await;
    let unmet = Commit::Unmet(Precondition::ActiveMember(ticket.record().team.id(), agent.id()));
    for begin in [
        "DELETE FROM team_members",
        "INSERT INTO team_members SELECT 1, id FROM users WHERE role = 'agent'; UPDATE users SET is_active = false",
    ] {
        other.batch_execute(&format!("BEGIN; {begin}")).unwrap();
        let (twin, change) = (stores.clone(), claim(&ticket, &agent));
        let call = async move { twin.tickets.commit(change).await };
        assert_eq!(meanwhile(&mut other, &mut watcher, call, "").await, unmet, "{begin}");
    }
}

#[tokio::test]
async fn a_ticket_that_somebody_holds_does_not_close_by_itself() {
    let (stores, database) = make_postgres().await;
    let mut other = database.connection();
    let (ticket, _) = free_ticket_and_member(&stores).await;
    let resolve = TicketPatch { status: Some(Status::Resolved), ..TicketPatch::default() };
    let by = SystemActor::outside_any_request();
    let admin = AdminActor::new(user(&stores, Role::Admin, "admin").await.id());
    let decided = ticket.decide(&Actor::from(admin), TicketCommand::Update(resolve), now());
    let Ok(Outcome::Changed(change)) = decided else { panic!("{decided:?}") };
    assert!(matches!(stores.tickets.commit(*change).await, Ok(Commit::Done(_))));

    let later = now().after(Duration::from_secs(1));
    other.batch_execute("BEGIN; SELECT FROM tickets FOR NO KEY UPDATE").unwrap();
    assert_eq!(stores.tickets.close_resolved(by, later, later, 10).await, Ok(0), "it does not wait");
    other.batch_execute("COMMIT").unwrap();
    assert_eq!(stores.tickets.close_resolved(by, later, later, 10).await, Ok(1));
}

/// A ticket that another agent is given meanwhile is neither changed nor told of; the others are.
#[tokio::test]
async fn of_many_one_that_leaves_the_scope_meanwhile_is_left_out() {
    let (stores, database) = make_postgres().await;
    let (mut other, mut watcher) = (database.connection(), database.connection());
    let (ticket, agent) = free_ticket_and_member(&stores).await;
    let second = user(&stores, Role::Agent, "second").await;
    let customer = CustomerActor::new(ticket.record().requester.id());
    let draft = NewTicket {
        subject: Subject::parse("subject").unwrap(),
        description: Description::parse("description").unwrap(),
        priority: Priority::Normal,
        follow_up_of: None,
    };
    let kept = stores.tickets.open(Ticket::open(&customer, draft, now())).await.unwrap();
    for ticket in [&ticket, &kept] {
        assert!(matches!(stores.tickets.commit(claim(ticket, &agent)).await, Ok(Commit::Done(_))));
    }
    let by = AgentActor::new(agent.id());
    let (twin, ids) = (stores.clone(), vec![ticket.id(), kept.id()]);
    let call = async move {
        let decide: DecideEach = Box::new(move |ticket: &Ticket, _: &[Precondition]| {
            let tags = Some(helpdesk_domain::Tags::parse(&["wet"]).unwrap());
            let patch = TicketPatch { tags, ..TicketPatch::default() };
            ticket.decide(&Actor::from(by), TicketCommand::Update(patch), now())
        });
        twin.tickets.decide_many(by.scope(), ids, decide).await
    };
    other
        .batch_execute(&format!("BEGIN; SELECT FROM tickets WHERE id = {} FOR UPDATE", ticket.id()))
        .unwrap();
    let gives = format!("UPDATE tickets SET assignee_id = {} WHERE id = {}", second.id(), ticket.id());
    let decided = meanwhile(&mut other, &mut watcher, call, &gives).await;
    assert_eq!(decided.keys().copied().collect::<Vec<_>>(), [kept.id()]);
    let admin = AdminActor::new(user(&stores, Role::Admin, "admin").await.id());
    for (id, tags) in [(ticket.id(), 0), (kept.id(), 1)] {
        let found = stores.tickets.find(admin.scope(), id, PageRequest::default()).await.unwrap().unwrap();
        assert_eq!(found.ticket.record().tags.iter().count(), tags, "{id}");
    }
}

#[tokio::test]
async fn all_statements_of_a_search_look_at_one_moment() {
    let (stores, database) = make_postgres().await;
    let (mut other, mut watcher) = (database.connection(), database.connection());
    let admin = AdminActor::new(user(&stores, Role::Admin, "admin").await.id());
    let customer = CustomerActor::new(user(&stores, Role::Customer, "customer").await.id());
    let mut ids = Vec::new();
    // More than are looked at first, all opened at one moment.
    for _ in 0..110 {
        let draft = NewTicket {
            subject: Subject::parse("subject").unwrap(),
            description: Description::parse("description").unwrap(),
            priority: Priority::Normal,
            follow_up_of: None,
        };
        ids.push(stores.tickets.open(Ticket::open(&customer, draft, now())).await.unwrap().id());
    }
    let [oldest, .., newest] = ids.as_slice() else { unreachable!() };

    // It gets as far as to the texts, and then the ticket that was changed first is changed last.
    other.batch_execute("BEGIN; LOCK TABLE ticket_texts").unwrap();
    let call = {
        let stores = stores.clone();
        let filter = TicketFilter::default().with_search(Some(TicketSearch::parse("subject").unwrap()));
        let page = PageRequest { limit: Limit::new(1).unwrap(), after: None };
        let query = TicketQuery { filter, page, ..TicketQuery::default() };
        async move { stores.tickets.list(admin.scope(), query).await }
    };
    let change = format!(
        "UPDATE tickets SET updated_at = updated_at + interval '1 hour', \
         public_updated_at = public_updated_at + interval '1 hour' WHERE id = {oldest}"
    );
    let page = meanwhile(&mut other, &mut watcher, call, &change).await;
    assert_eq!(page.items.iter().map(Ticket::id).collect::<Vec<_>>(), [*newest]);
}
