//! What is to be said of the SQLite store alone.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy takes only test functions themselves for tests"
)]

mod support;

use std::path::Path;
use std::sync::Barrier;
use std::thread;

use diesel::prelude::*;
use helpdesk_diesel::OpenError;
use helpdesk_diesel::sqlite::SqliteStore;
use helpdesk_domain::{
    AccountCreation, AdminActor, Email, FirstCredential, NewUser, PasswordHash, PersonName, Role,
    SystemActor, Ts, User, UserId,
};
use helpdesk_ports::{StoreError, UserCreation, UserQuery};
use support::make_sqlite;

fn connection(path: &Path) -> SqliteConnection {
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

fn execute(connection: &mut SqliteConnection, statement: &str) -> usize {
    diesel::sql_query(statement).execute(connection).unwrap()
}

fn someone(label: &str) -> AccountCreation {
    let user = NewUser {
        email: Email::parse(&format!("{label}@example.com")).unwrap(),
        name: PersonName::parse(label).unwrap(),
        role: Role::Customer,
        teams: None,
    };
    let password = FirstCredential::Password(PasswordHash { scheme: 1, text: "hash".into() });
    let by = SystemActor::outside_any_request().into();
    User::create(by, user, password, Ts::from_micros(1_000_000).unwrap()).unwrap()
}

#[test]
fn a_second_start_finds_nothing_to_migrate() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("helpdesk.db");
    assert!(SqliteStore::migrate(&path).unwrap() > 0);
    assert_eq!(SqliteStore::migrate(&path), Ok(0));
}

#[test]
fn of_many_that_open_a_fresh_file_at_once_one_migrates() {
    const STARTS: usize = 8;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("helpdesk.db");
    let barrier = Barrier::new(STARTS);
    let migrated: Vec<usize> = thread::scope(|scope| {
        let starts: Vec<_> = (0..STARTS)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    SqliteStore::migrate(&path).unwrap()
                })
            })
            .collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert_eq!(migrated.iter().filter(|&&count| count > 0).count(), 1, "{migrated:?}");
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_not_ready() {
    let (stores, directory) = make_sqlite().await;
    let path = directory.path().join("helpdesk.db");
    execute(&mut connection(&path), "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    assert_eq!(SqliteStore::open(&path).err(), Some(OpenError::NewerSchema("9999".into())));
    let message = OpenError::NewerSchema("9999".into()).to_string();
    assert!(message.contains("newer") && !message.contains('\n'), "{message}");
    assert!(matches!(stores.admin.ready().await, Err(StoreError::Unavailable(_))));
}

#[test]
fn what_is_no_file_is_refused_with_one_line() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing").join("helpdesk.db");
    for path in [Path::new(""), Path::new(":memory:"), directory.path(), &missing] {
        let error = SqliteStore::open(path).err().unwrap_or_else(|| panic!("{} opened", path.display()));
        assert!(matches!(error, OpenError::BadSetting(_) | OpenError::Unreachable(_)), "{error:?}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    let garbage = directory.path().join("garbage.db");
    std::fs::write(&garbage, "this is no database, although it is long enough to be looked at".repeat(20))
        .unwrap();
    assert!(matches!(SqliteStore::open(&garbage), Err(OpenError::Unreachable(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let (stores, directory) = make_sqlite().await;
    stores.users.create(someone("ada")).await.unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let entry = entry.unwrap();
        files += 1;
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
    assert!(files >= 2, "the database and its log");
}

#[tokio::test]
async fn the_file_is_in_wal_mode() {
    #[derive(QueryableByName)]
    struct Mode {
        #[diesel(sql_type = diesel::sql_types::Text)]
        journal_mode: String,
    }
    let (_stores, directory) = make_sqlite().await;
    let mode: Mode = diesel::sql_query("PRAGMA journal_mode")
        .get_result(&mut connection(&directory.path().join("helpdesk.db")))
        .unwrap();
    assert_eq!(mode.journal_mode, "wal");
}

#[tokio::test]
async fn while_another_process_writes_reads_go_on_and_writes_are_unavailable() {
    let (stores, directory) = make_sqlite().await;
    let mut other = connection(&directory.path().join("helpdesk.db"));
    execute(&mut other, "BEGIN IMMEDIATE");

    let refused = stores.users.create(someone("ada")).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    let admin = AdminActor::new(UserId::new(1).unwrap());
    assert_eq!(stores.users.list(admin.into(), UserQuery::default()).await.unwrap().items, []);

    execute(&mut other, "ROLLBACK");
    assert!(matches!(stores.users.create(someone("ada")).await, Ok(UserCreation::Created(_))));
}

#[tokio::test]
async fn another_process_takes_ids_from_the_same_counters() {
    let (_stores, directory) = make_sqlite().await;
    let mut other = connection(&directory.path().join("helpdesk.db"));
    let moved = execute(&mut other, "UPDATE id_counters SET last = last + 2");
    assert_eq!(moved, 4, "one counter for each sequence");
}

#[tokio::test]
async fn an_account_without_a_password_has_no_credentials() {
    let (stores, directory) = make_sqlite().await;
    let ada = someone("ada");
    let email = ada.new_user().email.clone();
    stores.users.create(ada).await.unwrap();
    assert!(stores.users.credentials(email.clone()).await.unwrap().is_some());
    let mut other = connection(&directory.path().join("helpdesk.db"));
    let half = "UPDATE users SET password_hash = NULL";
    assert!(diesel::sql_query(half).execute(&mut other).is_err(), "half a password");
    execute(&mut other, "UPDATE users SET password_hash = NULL, password_scheme = NULL");
    assert!(stores.users.credentials(email).await.unwrap().is_none());
}
