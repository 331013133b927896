use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::MigrationHarness;

use super::columns::{Described, described_tables};
use super::{ForeignKey, Line, check_foreign_keys};

mod dialect {
    pub(crate) use diesel::sql_types::{
        BigInt as Timestamptz, Binary as Bytea, Json as Jsonb, Text as Tsvector,
    };
}
mod account_life;
mod shared;
mod ticket_tags;

/// SQLite's own, diesel's own, and what stands in for Postgres's sequences. (What stands in for its indexes of words are virtual
/// tables, with tables behind them that are no one's to use.)
const NOT_IN_THE_SHARED_SCHEMA: &str =
    "'sqlite_schema', 'sqlite_sequence', '__diesel_schema_migrations', 'id_counters'";

fn migrated() -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    diesel::sql_query("PRAGMA foreign_keys = ON").execute(&mut connection).unwrap();
    connection.run_pending_migrations(super::SQLITE).unwrap();
    connection
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Bool)]
    may_be_null: bool,
}

fn lines(connection: &mut SqliteConnection, query: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(connection).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// Everything that the migrations made, a line each.
fn everything(connection: &mut SqliteConnection) -> Vec<String> {
    lines(
        connection,
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_schema \
         WHERE tbl_name NOT IN ('sqlite_sequence', '__diesel_schema_migrations') ORDER BY line",
    )
}

#[test]
fn the_schema_is_what_the_migrations_make() {
    let mut connection = migrated();
    let described = described_tables!(&mut connection, shared::schema);
    let tables = lines(
        &mut connection,
        &format!(
            "SELECT name AS line FROM pragma_table_list WHERE type = 'table' AND schema = 'main' \
             AND name NOT IN ({NOT_IN_THE_SHARED_SCHEMA}) ORDER BY name"
        ),
    );
    assert_eq!(tables, described.iter().map(|(table, _)| table.clone()).collect::<Vec<_>>());
    for (table, columns) in described {
        let rows: Vec<ColumnRow> = diesel::sql_query(
            "SELECT name AS column_name, NOT \"notnull\" AS may_be_null FROM pragma_table_info(?) ORDER BY cid",
        )
        .bind::<Text, _>(&table)
        .load(&mut connection)
        .unwrap();
        let found: Vec<Described> = rows.into_iter().map(|row| (row.column_name, row.may_be_null)).collect();
        assert_eq!(columns, found, "{table}");
    }
}

#[test]
fn every_table_of_ours_is_strict() {
    let mut connection = migrated();
    let lax = lines(
        &mut connection,
        "SELECT name AS line FROM pragma_table_list WHERE type = 'table' AND NOT strict AND schema = 'main' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '__diesel_schema_migrations'",
    );
    assert_eq!(lax, Vec::<String>::new());
}

#[test]
fn migrations_go_up_down_and_up_again() {
    let mut connection = migrated();
    let first = everything(&mut connection);
    assert!(first.iter().any(|line| line.starts_with("table tickets")), "{first:?}");
    // References among rows must not be in the way.
    for statement in [
        "INSERT INTO users VALUES (1, 'a@example.com', 'A', 'customer', 1, 1, 1, 1, 'x', 0, 0)",
        "INSERT INTO tickets VALUES (1, 's', 'd', 'closed', 'low', '[]', 1, NULL, 1, NULL, 1, 1, 0, 0, 0, NULL, NULL, 0, 0)",
        "INSERT INTO tickets VALUES (2, 's', 'd', 'open', 'low', '[]', 1, NULL, 1, 1, 1, 1, 0, 0, 0, NULL, NULL, NULL, 0)",
    ] {
        diesel::sql_query(statement).execute(&mut connection).unwrap();
    }
    connection.revert_all_migrations(super::SQLITE).unwrap();
    assert_eq!(everything(&mut connection), Vec::<String>::new());
    connection.run_pending_migrations(super::SQLITE).unwrap();
    assert_eq!(everything(&mut connection), first);
}

#[test]
fn every_foreign_key_has_an_index_and_a_delete_rule() {
    let mut connection = migrated();
    let keys: Vec<ForeignKey> = diesel::sql_query(
        "SELECT t.name AS table_name, k.\"from\" AS column_name, k.on_delete <> 'NO ACTION' AS has_delete_rule, \
         EXISTS (SELECT 1 FROM pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c ON c.seqno = 0 \
         WHERE c.name = k.\"from\" AND (NOT i.partial OR EXISTS (SELECT 1 FROM sqlite_schema s \
         WHERE s.name = i.name AND s.sql LIKE '%WHERE ' || k.\"from\" || ' IS NOT NULL'))) \
         OR EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = k.\"from\" AND c.pk = 1) AS has_index \
         FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'",
    )
    .load(&mut connection)
    .unwrap();
    check_foreign_keys(&keys);
}
