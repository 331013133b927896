//! Connections to the file.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;

use super::dialect::Conn;
use crate::OpenError;
use crate::executor::Slot;

/// How long a statement waits for another process's lock: less than a caller waits for its answer.
const BUSY_TIMEOUT: Duration = Duration::from_millis(2500);

/// The pool tries again after half of this at the latest, when a connection could not be made.
pub(super) const RETRY_WITHIN: Duration = Duration::from_secs(2);

/// How much of the file a connection keeps in memory at the most: what is not there has to be asked of the system, page by page,
/// which costs more than what is done with a page.
const CACHE_KIB: u32 = 8 * 1024;

/// The same of the one that looks tickets up, mostly the same few, as long as nobody writes: a commit makes it forget what it has. Any
/// of a thousand tickets then takes it an eighth less time than with a quarter as much; who goes along lists, or reads everything
/// once, gains nothing.
const LOOK_UP_CACHE_KIB: u32 = 32 * 1024;

/// How many pages of changes (of 4 KiB) the log takes in before they are copied into the file. Most writes change the same few pages, the
/// ends of tables and indexes, and the longer the log, the more often each was changed for one copy; but starting after a crash reads
/// all of it. SQLite's own is 1000.
const PAGES_LOGGED: u32 = 4000;

/// Before this one, a checkpoint at the wrong moment could corrupt a database in WAL mode.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    /// Reads tickets one by one, and mostly the same.
    LookUp,
    Write,
    /// Rebuilds tables, which needs the references between them off: dropping the old table would delete what refers to
    /// it, and they cannot be switched off inside a transaction.
    Migrate,
}

impl Access {
    const fn keeps_references(self) -> bool {
        match self {
            Self::Read | Self::LookUp | Self::Write => true,
            Self::Migrate => false,
        }
    }

    const fn only_reads(self) -> bool {
        matches!(self, Self::Read | Self::LookUp)
    }

    const fn cache_kib(self) -> u32 {
        match self {
            Self::LookUp => LOOK_UP_CACHE_KIB,
            Self::Read | Self::Write | Self::Migrate => CACHE_KIB,
        }
    }
}

/// Makes connections for a pool.
pub(super) struct Manager {
    url: String,
    access: Access,
}

impl Manager {
    pub(super) fn new(url: &str, access: Access) -> Self {
        Self { url: url.to_owned(), access }
    }
}

impl ManageConnection for Manager {
    type Connection = Slot<Conn>;
    type Error = OpenError;

    fn connect(&self) -> Result<Self::Connection, OpenError> {
        connect(&self.url, self.access).map(Slot::new)
    }

    fn is_valid(&self, _: &mut Self::Connection) -> Result<(), OpenError> {
        // Never asked: the pool does not test, and whoever uses a connection retires it when it fails.
        Ok(())
    }

    fn has_broken(&self, slot: &mut Self::Connection) -> bool {
        slot.is_retired()
    }
}

/// Makes the file if it is missing, readable for its owner alone, and gives the name by which SQLite opens it.
pub(super) fn prepare_file(path: &Path) -> Result<String, OpenError> {
    let Some(text) = path.to_str() else {
        return Err(OpenError::BadSetting(format!("{} is not UTF-8", path.display())));
    };
    if text.is_empty() || text == ":memory:" {
        return Err(OpenError::BadSetting("a store needs a file".to_owned()));
    }
    if let Err(error) = create_if_missing(path) {
        return Err(OpenError::Unreachable(format!("{}: {}", path.display(), OpenError::line(&error))));
    }
    // SQLite takes names that begin so for URIs.
    let is_uri_like = text.starts_with("file:") || text.starts_with("sqlite:");
    Ok(if is_uri_like { format!("./{text}") } else { text.to_owned() })
}

/// Never opens a file that is there: closing it again would end every lock that this process has on it, those of SQLite
/// included (<https://www.sqlite.org/howtocorrupt.html>, section 2.2). For the same reason one thread at a time.
fn create_if_missing(path: &Path) -> std::io::Result<()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// A connection with all settings. Those that durability and the rules rest on are read back; the others only make it faster.
pub(super) fn connect(url: &str, access: Access) -> Result<Conn, OpenError> {
    let unreachable = |error: String| OpenError::Unreachable(format!("{url}: {error}"));
    let mut conn = SqliteConnection::establish(url).map_err(|error| unreachable(OpenError::line(&error)))?;
    // First: the settings behind it may have to wait themselves.
    execute(&mut conn, &format!("PRAGMA busy_timeout = {}", BUSY_TIMEOUT.as_millis()))?;
    let version: String = diesel::select(sqlite_version())
        .get_result(&mut conn)
        .map_err(|error| unreachable(OpenError::line(&error)))?;
    check_version(&version)?;
    use_wal(&mut conn).map_err(|error| unreachable(OpenError::line(&error)))?;
    // A commit that was answered is on the disk, come what may.
    execute(&mut conn, "PRAGMA synchronous = FULL")?;
    let references = if access.keeps_references() { "ON" } else { "OFF" };
    execute(&mut conn, &format!("PRAGMA foreign_keys = {references}"))?;
    execute(&mut conn, &format!("PRAGMA cache_size = -{}", access.cache_kib()))?;
    if access == Access::Write {
        // What a savepoint would go back to is a few pages, and never needed after a crash.
        execute(&mut conn, "PRAGMA temp_store = MEMORY")?;
        execute(&mut conn, &format!("PRAGMA wal_autocheckpoint = {PAGES_LOGGED}"))?;
    }
    if access.only_reads() {
        execute(&mut conn, "PRAGMA query_only = ON")?;
    }
    check(&settings(&mut conn)?, access)?;
    Ok(conn)
}

fn execute(conn: &mut Conn, pragma: &str) -> Result<(), OpenError> {
    conn.batch_execute(pragma).map_err(|error| OpenError::BadSetting(format!("{pragma}: {error}")))
}

/// Going over to WAL takes a lock for which SQLite does not always wait: two processes that start at once may collide there.
fn use_wal(conn: &mut Conn) -> QueryResult<()> {
    const TRIES: u32 = 40;
    const PAUSE: Duration = Duration::from_millis(25);
    for _ in 1..TRIES {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if error.to_string().starts_with("database is locked") => thread::sleep(PAUSE),
            result => return result,
        }
    }
    conn.batch_execute("PRAGMA journal_mode = WAL")
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn sqlite_version() -> Text;
}

fn check_version(version: &str) -> Result<(), OpenError> {
    let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    if parts.as_slice() >= OLDEST_SQLITE.as_slice() {
        return Ok(());
    }
    let oldest = OLDEST_SQLITE.map(|part| part.to_string()).join(".");
    Err(OpenError::BadSetting(format!("SQLite {version} is older than {oldest}")))
}

/// What is asserted of every connection.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Settings {
    #[diesel(sql_type = Text)]
    journal_mode: String,
    #[diesel(sql_type = BigInt)]
    synchronous: i64,
    #[diesel(sql_type = BigInt)]
    foreign_keys: i64,
    #[diesel(sql_type = BigInt)]
    query_only: i64,
}

fn settings(conn: &mut Conn) -> Result<Settings, OpenError> {
    diesel::sql_query(
        "SELECT journal_mode, synchronous, foreign_keys, query_only \
         FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_query_only",
    )
    .get_result(conn)
    .map_err(|error| OpenError::BadSetting(format!("the settings cannot be read: {error}")))
}

fn check(found: &Settings, access: Access) -> Result<(), OpenError> {
    let query_only = i64::from(access.only_reads());
    let foreign_keys = i64::from(access.keeps_references());
    let expected = Settings { journal_mode: "wal".to_owned(), synchronous: 2, foreign_keys, query_only };
    if *found == expected {
        return Ok(());
    }
    Err(OpenError::BadSetting(format!("SQLite did not take them: {found:?} instead of {expected:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_has_the_settings_and_readers_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let url = prepare_file(&directory.path().join("helpdesk.db")).unwrap();
        for access in [Access::Write, Access::Read, Access::LookUp] {
            let mut conn = connect(&url, access).unwrap();
            let found = settings(&mut conn).unwrap();
            assert_eq!((found.journal_mode.as_str(), found.synchronous, found.foreign_keys), ("wal", 2, 1));
            let write = conn.batch_execute(&format!("CREATE TABLE \"{access:?}\" (x)"));
            assert_eq!(write.is_ok(), access == Access::Write, "{write:?}");
        }
    }

    #[test]
    fn a_setting_that_was_not_taken_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let url = prepare_file(&directory.path().join("helpdesk.db")).unwrap();
        let mut conn = connect(&url, Access::Write).unwrap();
        conn.batch_execute("PRAGMA synchronous = NORMAL").unwrap();
        let found = settings(&mut conn).unwrap();
        assert!(matches!(check(&found, Access::Write), Err(OpenError::BadSetting(_))));
    }

    #[test]
    fn an_old_sqlite_is_refused() {
        assert_eq!(check_version("3.51.3"), Ok(()));
        assert_eq!(check_version("3.53.2"), Ok(()));
        assert_eq!(check_version("4.0.0"), Ok(()));
        for old in ["3.51.2", "3.9.9", "3.51", ""] {
            assert!(matches!(check_version(old), Err(OpenError::BadSetting(_))), "{old}");
        }
    }

    #[test]
    fn a_name_is_never_taken_for_a_uri() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file:x?mode=memory");
        let url = prepare_file(&path).unwrap();
        connect(&url, Access::Write).unwrap().batch_execute("CREATE TABLE x (y)").unwrap();
        assert!(
            std::fs::metadata(path).unwrap().len() > 0
                || directory.path().join("file:x?mode=memory-wal").exists()
        );
    }
}
