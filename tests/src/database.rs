//! A database of its own for each test.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::{
    Connection as _, PgConnection, QueryResult, QueryableByName, RunQueryDsl as _, SqliteConnection,
};
use tempfile::TempDir;

/// Which store a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// The embedded one.
    Sqlite,
    /// A database in the private cluster of the test run.
    Postgres,
}

/// An empty database, gone with this value.
pub struct Database {
    directory: TempDir,
    postgres: Option<PostgresDatabase>,
}

struct PostgresDatabase {
    name: String,
    admin_url: String,
}

impl Database {
    /// Makes one.
    pub fn create(kind: StoreKind) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let postgres = (kind == StoreKind::Postgres).then(PostgresDatabase::create);
        Self { directory, postgres }
    }

    /// The URL for `DATABASE_URL`.
    pub fn url(&self) -> String {
        match &self.postgres {
            Some(database) => database.url(),
            None => format!("sqlite://{}", self.sqlite_file().display()),
        }
    }

    /// `host:port` of the Postgres server.
    ///
    /// # Panics
    /// If this is another store.
    pub fn postgres_server(&self) -> String {
        let (_, server, _) = self.postgres_url_parts();
        server
    }

    /// The URL by another way to the same server, such as a [`Proxy`](crate::Proxy), and as this user (who may have a password).
    ///
    /// # Panics
    /// If the store is not Postgres.
    pub fn postgres_url(&self, user: Option<&str>, server: &str) -> String {
        let (own_user, _, name) = self.postgres_url_parts();
        format!("postgres://{}@{server}/{name}", user.unwrap_or(&own_user))
    }

    fn postgres_url_parts(&self) -> (String, String, String) {
        let url = self.postgres.as_ref().expect("a Postgres database").url();
        let (user, rest) = url.trim_start_matches("postgres://").split_once('@').expect("a URL with a user");
        let (server, name) = rest.split_once('/').expect("a URL with a database");
        (user.to_owned(), server.to_owned(), name.to_owned())
    }

    /// Makes an account in the Postgres server that owns the database and is no superuser. It is named after the database.
    ///
    /// # Panics
    /// If the store is not Postgres.
    pub fn make_owner(&self, password: &str) -> String {
        let (_, _, name) = self.postgres_url_parts();
        self.execute(&format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'"));
        self.execute(&format!("ALTER DATABASE {name} OWNER TO {name}"));
        name
    }

    /// Which kind it is.
    pub fn kind(&self) -> StoreKind {
        if self.postgres.is_some() { StoreKind::Postgres } else { StoreKind::Sqlite }
    }

    /// A directory of the test's own.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Where the embedded store keeps its data.
    pub fn sqlite_file(&self) -> PathBuf {
        self.directory.path().join("test.db")
    }

    /// Runs SQL behind the server's back.
    pub fn execute(&self, sql: &str) {
        match &self.postgres {
            Some(database) => postgres(&database.url()).batch_execute(sql),
            None => self.sqlite().batch_execute(sql),
        }
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The one text that a query gives, such as `SELECT CAST(count(*) AS text) AS value FROM teams`.
    pub fn query(&self, sql: &str) -> String {
        let value: QueryResult<Value> = match &self.postgres {
            Some(database) => diesel::sql_query(sql).get_result(&mut postgres(&database.url())),
            None => diesel::sql_query(sql).get_result(&mut self.sqlite()),
        };
        value.unwrap_or_else(|error| panic!("{sql}: {error}")).value
    }

    /// How many rows there are of `table`, or of `table WHERE condition`.
    pub fn count(&self, from: &str) -> u64 {
        let count = self.query(&format!("SELECT CAST(count(*) AS text) AS value FROM {from}"));
        count.parse().expect("a number")
    }

    /// SQL for the moment so many hours ago, as this store keeps it in a column: what has to wait for days is aged by it.
    pub fn hours_ago(&self, hours: u32) -> String {
        match self.kind() {
            StoreKind::Postgres => format!("(now() - interval '{hours} hours')"),
            StoreKind::Sqlite => {
                format!("((CAST(strftime('%s', 'now') AS INTEGER) - {hours} * 3600) * 1000000)")
            }
        }
    }

    /// A connection to the Postgres database, as another session.
    ///
    /// # Panics
    /// If this is another store.
    pub fn postgres(&self) -> PgConnection {
        postgres(&self.postgres.as_ref().expect("a Postgres database").url())
    }

    /// A connection to the embedded store's file, as another process would have one.
    pub fn sqlite(&self) -> SqliteConnection {
        let mut connection = SqliteConnection::establish(&self.sqlite_file().display().to_string())
            .expect("the SQLite file opens");
        connection.batch_execute("PRAGMA busy_timeout = 10000").expect("a pragma");
        connection
    }
}

fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests through `cargo xtask test`"))
}

fn postgres(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("the private Postgres cluster answers")
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

impl PostgresDatabase {
    fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let admin_url = variable("HELPDESK_TEST_POSTGRES_URL");
        let name = format!("e2e_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        postgres(&admin_url).batch_execute(&format!("CREATE DATABASE {name}")).expect("a new database");
        Self { name, admin_url }
    }

    fn url(&self) -> String {
        let (server, _) = self.admin_url.rsplit_once('/').expect("a URL with a database");
        format!("{server}/{}", self.name)
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let mut connection = postgres(&self.admin_url);
            // The account goes after what it owns, if there is one.
            for drop in [
                format!("DROP DATABASE {} WITH (FORCE)", self.name),
                format!("DROP ROLE IF EXISTS {}", self.name),
            ] {
                connection.batch_execute(&drop).expect("the database is dropped");
            }
        }
    }
}
