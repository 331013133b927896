//! The schema that the queries are written against is the one that the migrations make, on both engines; every migration
//! can be undone; every foreign key says what deleting means, and has an index.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy takes only test functions themselves for tests"
)]

mod columns;
mod postgres;
mod sqlite;
#[path = "../support/mod.rs"]
mod support;

use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../../migrations/sqlite");

/// A foreign key as an engine's catalogue has it.
#[derive(diesel::QueryableByName)]
struct ForeignKey {
    #[diesel(sql_type = diesel::sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    column_name: String,
    /// Whether it says what deleting the row that it points to does.
    #[diesel(sql_type = diesel::sql_types::Bool)]
    has_delete_rule: bool,
    /// Whether an index on its column first, of all rows or of those where it is not null, serves it.
    #[diesel(sql_type = diesel::sql_types::Bool)]
    has_index: bool,
}

fn check_foreign_keys(keys: &[ForeignKey]) {
    assert!(keys.len() >= 14, "the catalogue was not read whole");
    for key in keys {
        let name = format!("{}.{}", key.table_name, key.column_name);
        assert!(key.has_delete_rule, "{name} does not say what deleting means");
        assert!(key.has_index, "{name} has no index");
    }
}

/// One value per row.
#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

fn names<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Vec<String>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let mut names: Vec<String> =
        source.migrations().unwrap().iter().map(|migration| migration.name().to_string()).collect();
    names.sort_unstable();
    names
}

#[test]
fn both_engines_have_the_same_migrations() {
    let postgres = names::<diesel::pg::Pg>(&POSTGRES);
    assert_eq!(postgres, names::<diesel::sqlite::Sqlite>(&SQLITE));
    assert!(!postgres.is_empty());
}
