//! The types of Postgres that diesel does not know, by the numbers that they have on every server.

use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;

/// The words of a text.
#[derive(Clone, Copy, Debug, QueryId, SqlType)]
#[diesel(postgres_type(oid = 3614, array_oid = 3643))]
pub struct Tsvector;

/// What is looked for among them.
#[derive(Clone, Copy, Debug, QueryId, SqlType)]
#[diesel(postgres_type(oid = 3615, array_oid = 3645))]
pub struct Tsquery;
