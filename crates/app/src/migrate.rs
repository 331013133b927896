//! `helpdesk migrate`

use helpdesk_diesel::postgres::PostgresStore;
use helpdesk_diesel::sqlite::SqliteStore;

use crate::cli::StoreArgs;
use crate::config::{StoreLocation, make_parent};
use crate::error::AppError;

pub(crate) fn run(args: &StoreArgs) -> Result<(), AppError> {
    let applied = match StoreLocation::from_args(args)? {
        StoreLocation::Sqlite(path) => {
            make_parent(&path)?;
            SqliteStore::migrate(&path)
                .map_err(|error| AppError::Store(format!("{}: {error}", path.display())))?
        }
        StoreLocation::Postgres(url) => {
            PostgresStore::migrate(&url).map_err(|error| AppError::Store(format!("Postgres: {error}")))?
        }
    };
    match applied {
        0 => println!("The schema was up to date."),
        1 => println!("Applied one migration."),
        n => println!("Applied {n} migrations."),
    }
    Ok(())
}
