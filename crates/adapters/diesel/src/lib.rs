//! Both stores of the help desk: diesel on Postgres and on SQLite.
//!
//! The same source is compiled once for each engine. `src/shared/` holds what the engines have in common (schema, rows,
//! queries); `src/postgres/` and `src/sqlite/` include it and define what differs: the connection, the SQL types of times
//! and JSON, ids, row locks, how an engine's errors are told apart, and how jobs are run. Shared files have no `cfg`.
//!
//! A store owns its threads: calls become jobs on a bounded queue, threads with a connection each take them, and the
//! answer comes back on a one-shot channel. Nothing waits for a database on an async worker.
//!
//! The answers' deadline needs tokio's timer: run the stores on a runtime with `enable_time` (or `enable_all`).

mod anywhere;
mod audit_changes;
mod beginnings;
mod executor;
mod field_changes;
mod open_error;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;

pub use open_error::OpenError;
