//! Bringing the schema up to date, and knowing whether it is.

use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::MigrationHarness;
use helpdesk_ports::{Cause, StoreError};

use super::dialect::{Conn, Db, MIGRATIONS};
use super::{Failure, search};
use crate::OpenError;

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
        run_on -> Timestamp,
    }
}

/// Applies what is pending, makes searchable what is not yet, and says how many migrations that were. The caller holds a lock that keeps every other process out.
pub(in super::super) fn bring_up_to_date(conn: &mut Conn) -> Result<usize, OpenError> {
    let failed = |error| OpenError::MigrationFailed(OpenError::line(&error));
    let known = known().map_err(OpenError::MigrationFailed)?;
    let applied = conn.applied_migrations().map_err(failed)?;
    let mut unknown: Vec<_> =
        applied.iter().map(ToString::to_string).filter(|version| !known.contains(version)).collect();
    if !unknown.is_empty() {
        unknown.sort_unstable();
        return Err(OpenError::NewerSchema(unknown.join(", ")));
    }
    let applied = conn.run_pending_migrations(MIGRATIONS).map_err(failed)?.len();
    search::catch_up(conn).map_err(|error| OpenError::MigrationFailed(OpenError::line(&error)))?;
    Ok(applied)
}

/// Whether the schema is the one that this binary knows.
pub(super) fn check_current(conn: &mut Conn) -> Result<(), Failure> {
    let known = known().map_err(|error| StoreError::Fault(Cause::new(error)))?;
    let applied: Vec<String> = __diesel_schema_migrations::table
        .order(__diesel_schema_migrations::version)
        .select(__diesel_schema_migrations::version)
        .load(conn)?;
    if applied == known {
        return Ok(());
    }
    let found = format!("the schema has the migrations {applied:?}, this binary knows {known:?}");
    Err(StoreError::Unavailable(Cause::new(found)).into())
}

/// The versions of all migrations that this binary knows, in order.
fn known() -> Result<Vec<String>, String> {
    let migrations: Vec<Box<dyn Migration<Db>>> =
        MIGRATIONS.migrations().map_err(|error| OpenError::line(&error))?;
    let mut versions: Vec<_> =
        migrations.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort_unstable();
    Ok(versions)
}
