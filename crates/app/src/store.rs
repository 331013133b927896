//! Opening the store that the configuration names.

use helpdesk_diesel::postgres::PostgresStore;
use helpdesk_diesel::sqlite::SqliteStore;
use helpdesk_ports::Stores;

use crate::config::{StoreLocation, make_parent};
use crate::error::AppError;

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
