//! Opening the store that the configuration names.

use helpdesk_diesel::postgres::PostgresStore;
use helpdesk_diesel::sqlite::SqliteStore;
use helpdesk_ports::Stores;

use crate::config::{StoreLocation, make_parent};
use crate::error::AppError;

/// The same where there must be one already: whoever mistypes a path is told so, and finds no new store there.
pub(crate) fn open_existing(location: &StoreLocation) -> Result<Stores, AppError> {
    match location {
        StoreLocation::Sqlite(path) if !path.exists() => {
            Err(AppError::Store(format!("there is no store at {}", path.display())))
        }
        StoreLocation::Sqlite(_) | StoreLocation::Postgres(_) => open(location),
    }
}

/// Opens the store, after bringing its schema up to date.
pub(crate) fn open(location: &StoreLocation) -> Result<Stores, AppError> {
    match location {
        StoreLocation::Sqlite(path) => {
            make_parent(path)?;
            SqliteStore::open(path).map_err(|error| AppError::Store(format!("{}: {error}", path.display())))
        }
        StoreLocation::Postgres(url) => {
            PostgresStore::connect(url).map_err(|error| AppError::Store(format!("Postgres: {error}")))
        }
    }
}
