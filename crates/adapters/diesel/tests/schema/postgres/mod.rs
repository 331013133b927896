use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::MigrationHarness;

use super::columns::{Described, described_tables};
use super::support::Database;
use super::{ForeignKey, Line, check_foreign_keys};

mod dialect {
    pub(crate) use super::sql_types::Tsvector;
    pub(crate) use diesel::sql_types::{Bytea, Jsonb, Timestamptz};
}
mod account_life;
mod shared;
#[path = "../../../src/postgres/sql_types.rs"]
mod sql_types;
mod ticket_tags;

fn migrated() -> (PgConnection, Database) {
    let database = Database::create();
    let mut connection = database.connection();
    connection.run_pending_migrations(super::POSTGRES).unwrap();
    (connection, database)
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Bool)]
    may_be_null: bool,
}

fn lines(connection: &mut PgConnection, query: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(connection).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// Everything that the migrations made, a line each.
fn everything(connection: &mut PgConnection) -> Vec<String> {
    lines(
        connection,
        "SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' \
         UNION ALL SELECT indexdef FROM pg_indexes \
         WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations' \
         UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint \
         WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '__diesel_schema_migrations' \
         UNION ALL SELECT format('%s %s %s', sequencename, start_value, increment_by) FROM pg_sequences \
         WHERE schemaname = 'public' ORDER BY line",
    )
}

#[test]
fn the_schema_is_what_the_migrations_make() {
    let (mut connection, _database) = migrated();
    let described = described_tables!(&mut connection, shared::schema);
    let tables = lines(
        &mut connection,
        "SELECT table_name::text AS line FROM information_schema.tables \
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' ORDER BY table_name",
    );
    assert_eq!(tables, described.iter().map(|(table, _)| table.clone()).collect::<Vec<_>>());
    for (table, columns) in described {
        let rows: Vec<ColumnRow> = diesel::sql_query(
            "SELECT column_name::text, is_nullable = 'YES' AS may_be_null FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
        )
        .bind::<Text, _>(&table)
        .load(&mut connection)
        .unwrap();
        let found: Vec<Described> = rows.into_iter().map(|row| (row.column_name, row.may_be_null)).collect();
        assert_eq!(columns, found, "{table}");
    }
}

#[test]
fn migrations_go_up_down_and_up_again() {
    let (mut connection, _database) = migrated();
    let first = everything(&mut connection);
    assert!(first.iter().any(|line| line.starts_with("tickets.subject")), "{first:?}");
    connection.revert_all_migrations(super::POSTGRES).unwrap();
    assert_eq!(everything(&mut connection), Vec::<String>::new());
    connection.run_pending_migrations(super::POSTGRES).unwrap();
    assert_eq!(everything(&mut connection), first);
}

#[test]
fn every_foreign_key_has_an_index_and_a_delete_rule() {
    let (mut connection, _database) = migrated();
    let keys: Vec<ForeignKey> = diesel::sql_query(
        "SELECT c.conrelid::regclass::text AS table_name, a.attname::text AS column_name, \
         c.confdeltype <> 'a' AS has_delete_rule, \
         EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = a.attnum AND (i.indpred IS NULL \
         OR pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname))) AS has_index \
         FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
         WHERE c.contype = 'f'",
    )
    .load(&mut connection)
    .unwrap();
    check_foreign_keys(&keys);
}
