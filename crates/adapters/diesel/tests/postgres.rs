//! What is to be said of the Postgres store alone.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking; clippy takes only test functions themselves for tests"
)]

mod support;

use std::net::TcpListener;
use std::sync::Barrier;
use std::thread;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use helpdesk_diesel::OpenError;
use helpdesk_diesel::postgres::PostgresStore;
use helpdesk_domain::{
    AccountCreation, Actor, AdminActor, AgentRef, CustomerActor, Description, Email, FirstCredential,
    NewTicket, NewUser, PasswordHash, PersonName, Priority, Role, Subject, SystemActor, Ticket,
    TicketCommand, TicketPatch, Ts, User, UserId,
};
use helpdesk_ports::{PageRequest, StoreError, Stores, UserCreation, UserQuery};
use support::{Database, make_postgres};

fn execute(connection: &mut PgConnection, statement: &str) -> usize {
    diesel::sql_query(statement).execute(connection).unwrap()
}

fn count(connection: &mut PgConnection, condition: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = format!(
        "SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND {condition}"
    );
    diesel::sql_query(query).get_result::<Count>(connection).unwrap().count
}

/// Ends all of the store's connections.
fn lose_connections(other: &mut PgConnection) {
    assert_eq!(
        count(other, "application_name = 'helpdesk'"),
        5,
        "the pool is complete when the store is open"
    );
    execute(
        other,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'helpdesk'",
    );
}

fn now() -> Ts {
    Ts::from_micros(1_000_000).unwrap()
}

fn someone(role: Role, label: &str) -> AccountCreation {
    let user = NewUser {
        email: Email::parse(&format!("{label}@example.com")).unwrap(),
        name: PersonName::parse(label).unwrap(),
        role,
        teams: None,
    };
    let password = FirstCredential::Password(PasswordHash { scheme: 1, text: "hash".into() });
    User::create(SystemActor::outside_any_request().into(), user, password, now()).unwrap()
}

async fn user(stores: &Stores, role: Role, label: &str) -> User {
    match stores.users.create(someone(role, label)).await.unwrap() {
        UserCreation::Created(user) => user,
        other => panic!("{label}: {other:?}"),
    }
}

async fn ticket(stores: &Stores) -> Ticket {
    let customer = CustomerActor::new(user(stores, Role::Customer, "customer").await.id());
    let draft = NewTicket {
        subject: Subject::parse("subject").unwrap(),
        description: Description::parse("description").unwrap(),
        priority: Priority::Normal,
        follow_up_of: None,
    };
    stores.tickets.open(Ticket::open(&customer, draft, now())).await.unwrap()
}

#[test]
fn of_many_that_start_at_once_one_migrates() {
    const STARTS: usize = 6;
    let database = Database::create();
    let barrier = Barrier::new(STARTS);
    let migrated: Vec<usize> = thread::scope(|scope| {
        let starts: Vec<_> = (0..STARTS)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    PostgresStore::migrate(database.url()).unwrap()
                })
            })
            .collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert_eq!(migrated.iter().filter(|&&count| count > 0).count(), 1, "{migrated:?}");
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_not_ready() {
    let (stores, database) = make_postgres().await;
    let insert = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    execute(&mut database.connection(), insert);
    assert_eq!(PostgresStore::connect(database.url()).err(), Some(OpenError::NewerSchema("9999".into())));
    assert!(matches!(stores.admin.ready().await, Err(StoreError::Unavailable(_))));
}

#[test]
fn a_server_that_is_not_there_or_says_nothing_is_unreachable() {
    // Bound, so that nobody else answers there; the one is never accepted from, the other is given back.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [silent.local_addr().unwrap(), closed] {
        let error = PostgresStore::connect(&format!("postgres://u:secret@{address}/x")).err();
        let Some(OpenError::Unreachable(line)) = error else { panic!("{error:?}") };
        assert!(!line.contains('\n') && !line.contains("secret"), "{line}");
    }
}

#[test]
fn an_address_that_is_not_understood_is_refused_without_repeating_its_password() {
    for url in [
        "postgres://u:hunter2%zz@127.0.0.1/d",
        "postgres://u:hunter2@[::1/d",
        "postgresql://u:hun ter2@h/d",
        "postgres://u@h/d?password=hunter2%zz",
        "postgres://u:hunter2@127.0.0.1:port/d",
        "postgres://u:hunter2@127.0.0.1/d?sslmode=hunter2",
        "postgres://u:hunter2@127.0.0.1/d?hunter2=1",
    ] {
        let error = PostgresStore::connect(url).err();
        let Some(OpenError::BadSetting(line)) = error else { panic!("{url}: {error:?}") };
        assert!(!line.contains('\n') && !line.contains("hunter2") && !line.contains("ter2"), "{line}");
    }
}

#[test]
fn a_database_that_does_not_exist_is_unreachable() {
    let database = Database::create();
    let error = PostgresStore::connect(&format!("{}_missing", database.url())).err();
    assert!(matches!(error, Some(OpenError::Unreachable(_))), "{error:?}");
}

#[tokio::test]
async fn lost_connections_are_unavailable_and_come_back_by_themselves() {
    let (stores, database) = make_postgres().await;
    stores.admin.ready().await.unwrap();
    let mut other = database.connection();
    lose_connections(&mut other);
    let mut seen = Vec::new();
    while seen.last() != Some(&Ok(())) {
        seen.push(stores.admin.ready().await);
    }
    assert!(matches!(seen.first(), Some(Err(StoreError::Unavailable(_)))), "{seen:?}");
    assert!(seen.iter().all(|answer| !matches!(answer, Err(StoreError::Fault(_)))), "{seen:?}");
}

#[tokio::test]
async fn without_a_database_every_call_is_unavailable() {
    let (stores, database) = make_postgres().await;
    stores.admin.ready().await.unwrap();
    drop(database);
    for _ in 0..3 {
        let answer = stores.admin.secret().await;
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    }
    let admin = AdminActor::new(UserId::new(1).unwrap());
    assert!(matches!(
        stores.users.list(admin.into(), UserQuery::default()).await,
        Err(StoreError::Unavailable(_))
    ));
}

#[tokio::test]
async fn a_write_that_waits_too_long_for_a_lock_is_unavailable_and_reads_go_on() {
    let (stores, database) = make_postgres().await;
    let ticket = ticket(&stores).await;
    let admin = AdminActor::new(user(&stores, Role::Admin, "admin").await.id());
    let mut other = database.connection();
    execute(&mut other, "BEGIN");
    execute(&mut other, "SELECT id FROM tickets FOR UPDATE");

    let decided = || {
        let decide = Box::new(move |ticket: &Ticket| {
            let patch = TicketPatch { priority: Some(Priority::Urgent), ..TicketPatch::default() };
            ticket.decide(&Actor::from(admin), TicketCommand::Update(patch), now())
        });
        stores.tickets.decide_locked(admin.scope(), ticket.id(), decide)
    };
    // As many as there are threads that write.
    let (first, second, read) = tokio::join!(
        decided(),
        decided(),
        stores.tickets.find(admin.scope(), ticket.id(), PageRequest::default())
    );
    assert!(matches!(first, Err(StoreError::Unavailable(_))), "{first:?}");
    assert!(matches!(second, Err(StoreError::Unavailable(_))), "{second:?}");
    assert!(read.unwrap().is_some());

    execute(&mut other, "ROLLBACK");
    assert!(decided().await.unwrap().is_some());
}

#[tokio::test]
async fn what_a_caller_that_left_asked_for_is_not_kept() {
    let (stores, database) = make_postgres().await;
    let ticket = ticket(&stores).await;
    let admin = AdminActor::new(user(&stores, Role::Admin, "admin").await.id());
    let mut other = database.connection();
    execute(&mut other, "BEGIN");
    execute(&mut other, "SELECT id FROM tickets FOR UPDATE");

    let decided = tokio::spawn({
        let (stores, id) = (stores.clone(), ticket.id());
        async move {
            let decide = Box::new(move |ticket: &Ticket| {
                let patch = TicketPatch { priority: Some(Priority::Urgent), ..TicketPatch::default() };
                ticket.decide(&Actor::from(admin), TicketCommand::Update(patch), now())
            });
            stores.tickets.decide_locked(admin.scope(), id, decide).await
        }
    });
    let mut watcher = database.connection();
    while count(&mut watcher, "application_name = 'helpdesk' AND wait_event_type = 'Lock'") == 0 {
        tokio::task::yield_now().await;
    }
    decided.abort();
    assert!(decided.await.unwrap_err().is_cancelled());
    execute(&mut other, "ROLLBACK");
    while count(&mut watcher, "application_name = 'helpdesk' AND state <> 'idle'") > 0 {
        tokio::task::yield_now().await;
    }

    let found = stores.tickets.find(admin.scope(), ticket.id(), PageRequest::default()).await.unwrap();
    assert_eq!(found.unwrap().ticket, ticket);
}

#[tokio::test]
async fn a_deadlock_is_a_conflict() {
    let (stores, database) = make_postgres().await;
    let ticket = ticket(&stores).await;
    let admin = AdminActor::new(user(&stores, Role::Admin, "admin").await.id());
    let agent = user(&stores, Role::Agent, "agent").await;
    let mut other = database.connection();
    // The store's side is to be the one that finds the circle.
    execute(&mut other, "SET deadlock_timeout = '1min'");
    execute(&mut other, "BEGIN");
    execute(&mut other, "SELECT id FROM users FOR UPDATE");

    let decided = tokio::spawn({
        let (stores, id) = (stores.clone(), ticket.id());
        async move {
            let assignee = Some(Some(AgentRef::new(agent.id(), "agent")));
            let decide = Box::new(move |ticket: &Ticket| {
                let patch = TicketPatch { assignee, ..TicketPatch::default() };
                ticket.decide(&Actor::from(admin), TicketCommand::Update(patch), now())
            });
            stores.tickets.decide_locked(admin.scope(), id, decide).await
        }
    });
    let mut watcher = database.connection();
    while count(&mut watcher, "application_name = 'helpdesk' AND wait_event_type = 'Lock'") == 0 {
        tokio::task::yield_now().await;
    }
    execute(&mut other, "SELECT id FROM tickets FOR UPDATE");
    let decided = decided.await.unwrap();
    assert!(matches!(decided, Err(StoreError::Conflict(_))), "{decided:?}");
}

#[tokio::test]
async fn a_server_that_takes_no_writes_any_more_is_unavailable() {
    let (stores, database) = make_postgres().await;
    let mut other = database.connection();
    let name = database.url().rsplit_once('/').unwrap().1;
    execute(&mut other, &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    lose_connections(&mut other);
    let refused = loop {
        match stores.users.create(someone(Role::Customer, "a")).await {
            // That of a connection that was lost comes first.
            Err(StoreError::Unavailable(cause)) if !cause.for_log().contains("read-only") => {}
            answer => break answer,
        }
    };
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    // A reader, too, may meet a connection that was lost first, but no more often than there were any.
    let mut ready = stores.admin.ready().await;
    for _ in 0..4 {
        if ready.is_err() {
            ready = stores.admin.ready().await;
        }
    }
    assert_eq!(ready, Ok(()));
}

#[test]
fn the_store_leaves_durability_to_the_server() {
    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = Text)]
        setting: String,
    }
    let database = Database::create();
    let query = "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) AS setting FROM pg_settings \
        WHERE name IN ('fsync', 'synchronous_commit')";
    let setting: Setting = diesel::sql_query(query).get_result(&mut database.connection()).unwrap();
    assert_eq!(setting.setting, "fsync=on synchronous_commit=on");
}

#[tokio::test]
async fn an_account_without_a_password_has_no_credentials() {
    let (stores, database) = make_postgres().await;
    let email = user(&stores, Role::Customer, "ada").await.record().email.clone();
    assert!(stores.users.credentials(email.clone()).await.unwrap().is_some());
    let mut other = database.connection();
    let half = "UPDATE users SET password_hash = NULL";
    assert!(diesel::sql_query(half).execute(&mut other).is_err(), "half a password");
    execute(&mut other, "UPDATE users SET password_hash = NULL, password_scheme = NULL");
    assert!(stores.users.credentials(email).await.unwrap().is_none());
}
