//! Migrating the file.

use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::Text;

use super::connection::{self, Access};
use super::dialect::Conn;
use super::merging;
use super::shared::migrations::bring_up_to_date;
use crate::OpenError;

/// Brings the schema up to date, and says how many migrations that took.
pub(super) fn migrate(url: &str) -> Result<usize, OpenError> {
    in_transaction(url, |conn| {
        let count = bring_up_to_date(conn)?;
        merging::set(conn).map_err(|error| OpenError::BadSetting(OpenError::line(&error)))?;
        Ok(count)
    })
}

/// Runs migrations and says how many, under the write lock: of two processes that start at once, one migrates. References
/// between rows are not looked at meanwhile; nothing is kept that leaves one without its row.
fn in_transaction(
    url: &str,
    run: impl FnOnce(&mut Conn) -> Result<usize, OpenError>,
) -> Result<usize, OpenError> {
    let mut conn = connection::connect(url, Access::Migrate)?;
    let mut migrated = Ok(0);
    let transaction = conn.immediate_transaction(|conn| {
        migrated = run(conn).and_then(|count| {
            if count > 0 {
                check_references(conn)?;
            }
            Ok(count)
        });
        if migrated.is_ok() { Ok(()) } else { Err(Error::RollbackTransaction) }
    });
    match transaction {
        Err(error) if migrated.is_ok() => Err(OpenError::MigrationFailed(OpenError::line(&error))),
        _ => migrated,
    }
}

#[derive(QueryableByName)]
struct Dangling {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

fn check_references(conn: &mut Conn) -> Result<(), OpenError> {
    let dangling: Option<Dangling> = diesel::sql_query(
        "SELECT concat(\"table\", ' ', rowid) AS child, parent FROM pragma_foreign_key_check LIMIT 1",
    )
    .get_result(conn)
    .optional()
    .map_err(|error| OpenError::MigrationFailed(OpenError::line(&error)))?;
    match dangling {
        None => Ok(()),
        Some(Dangling { child, parent }) => Err(OpenError::MigrationFailed(format!(
            "the row {child} would refer to a row of {parent} that is not there"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;
    use tempfile::TempDir;

    use super::super::shared::schema::{sessions, team_members, users};
    use super::*;

    /// As SQLite's own documentation has it: <https://www.sqlite.org/lang_altertable.html>, section 7.
    const REBUILD: &str = "
        CREATE TABLE new_users (
            id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, email TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
            is_active INTEGER NOT NULL, version INTEGER NOT NULL, token_version INTEGER NOT NULL,
            password_scheme INTEGER, password_hash TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            CONSTRAINT users_email_key UNIQUE (email)
        ) STRICT;
        INSERT INTO new_users SELECT * FROM users;
        DROP TABLE users;
        ALTER TABLE new_users RENAME TO users;
    ";

    fn migrated_with_an_account() -> (String, TempDir) {
        let directory = tempfile::tempdir().unwrap();
        let url = connection::prepare_file(&directory.path().join("helpdesk.db")).unwrap();
        assert!(migrate(&url).unwrap() > 0);
        connection::connect(&url, Access::Write)
            .unwrap()
            .batch_execute(
                "INSERT INTO users VALUES (7, 'a@example.com', 'A', 'agent', 1, 1, 1, NULL, NULL, 0, 0);
                 INSERT INTO team_members VALUES (1, 7);
                 INSERT INTO sessions VALUES ('session', 7, 0, 1, NULL, 1, 1, 0, 1, NULL, NULL, NULL);",
            )
            .unwrap();
        (url, directory)
    }

    fn run(url: &str, statements: &str) -> Result<usize, OpenError> {
        in_transaction(url, |conn| {
            conn.batch_execute(statements)
                .map(|()| 1)
                .map_err(|error| OpenError::MigrationFailed(OpenError::line(&error)))
        })
    }

    /// How many accounts, memberships and sessions there are.
    fn rows(url: &str) -> [i64; 3] {
        let conn = &mut connection::connect(url, Access::Read).unwrap();
        [
            users::table.count().get_result(conn).unwrap(),
            team_members::table.count().get_result(conn).unwrap(),
            sessions::table.count().get_result(conn).unwrap(),
        ]
    }

    #[test]
    fn a_table_can_be_rebuilt_and_what_refers_to_it_stays() {
        let (url, _directory) = migrated_with_an_account();
        assert_eq!(run(&url, REBUILD), Ok(1));
        assert_eq!(rows(&url), [1, 1, 1]);
        // It still is what they refer to.
        let mut conn = connection::connect(&url, Access::Write).unwrap();
        assert!(
            conn.batch_execute(
                "INSERT INTO sessions VALUES ('other', 8, 0, 1, NULL, 1, 1, 0, 1, NULL, NULL, NULL)"
            )
            .is_err()
        );
        conn.batch_execute("DELETE FROM users").unwrap();
        drop(conn);
        assert_eq!(rows(&url), [0, 0, 0]);
    }

    #[test]
    fn a_migration_that_leaves_a_reference_without_its_row_changes_nothing() {
        let (url, _directory) = migrated_with_an_account();
        let result = run(&url, &REBUILD.replace("FROM users;", "FROM users WHERE id <> 7;"));
        let Err(OpenError::MigrationFailed(message)) = result else { panic!("{result:?}") };
        assert!(message.contains("users"), "{message}");
        assert_eq!(rows(&url), [1, 1, 1]);
    }
}
