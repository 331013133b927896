//! The embedded store: one SQLite file.
//!
//! One thread looks tickets up and two read everything else; one writes, and takes what waits into one transaction (group commit), so that many writes share the
//! one `fsync` that makes them durable.

use std::path::Path;

use diesel::r2d2::Pool;
use helpdesk_ports::Stores;

mod bulk;
mod connection;
mod dialect;
mod hot;
mod locks;
mod merging;
mod migrate;
mod open;
mod reader;
#[cfg(test)]
mod search_tests;
#[path = "../shared/mod.rs"]
#[cfg_attr(
    feature = "postgres",
    expect(clippy::duplicate_mod, reason = "compiled once for each engine, against that engine's dialect")
)]
mod shared;
mod text_search;
mod writer;

use connection::{Access, Manager};
use migrate::migrate;

use crate::OpenError;
use crate::executor::{Lane, LaneSetup, Lanes, QUEUE_CAPACITY, fill, run_each};

/// How many threads look tickets up: while the one does, those come together that it will look up next. Two would each have half as
/// many, and wake up twice as often.
const FINDERS: usize = 1;
/// How many threads read everything else.
const READERS: usize = 2;
/// The most reads that a thread takes at once.
const READ_BATCH: usize = 8;
/// The most writes of one commit. It bounds how long the first of them waits for the last.
const WRITE_BATCH: usize = 128;

/// The store in a SQLite file.
pub struct SqliteStore;

impl SqliteStore {
    /// Opens the store in this file, which is made (for its owner alone) if it is missing, and brings its schema up to
    /// date. Blocks.
    ///
    /// # Errors
    /// [`OpenError`] says why it cannot be opened.
    pub fn open(path: &Path) -> Result<Stores, OpenError> {
        let url = connection::prepare_file(path)?;
        migrate(&url)?;
        let threads = |error: std::io::Error| OpenError::BadSetting(OpenError::line(&error));
        let finds = LaneSetup {
            name: "sqlite-find",
            threads: FINDERS,
            capacity: QUEUE_CAPACITY,
            // What is gathered is a batch already, with a snapshot that is taken when all that it is for has been asked.
            batch: 1,
            run: run_each,
        };
        let reads = LaneSetup {
            name: "sqlite-read",
            threads: READERS,
            capacity: QUEUE_CAPACITY,
            batch: READ_BATCH,
            run: reader::run_in_snapshots,
        };
        let (find_pool, read_pool) =
            (pool(&url, Access::LookUp, FINDERS)?, pool(&url, Access::Read, READERS)?);
        let write_pool = pool(&url, Access::Write, 1)?;
        let writes = LaneSetup {
            name: "sqlite-write",
            threads: 1,
            capacity: QUEUE_CAPACITY,
            batch: WRITE_BATCH,
            run: writer::run_together,
        };
        let finds = Lane::start(&find_pool, &finds).map_err(threads)?;
        let reads = Lane::start(&read_pool, &reads).map_err(threads)?;
        let writes = Lane::start(&write_pool, &writes).map_err(threads)?;
        Ok(shared::stores(&Lanes { finds, reads, writes }))
    }

    /// Brings the schema of the store in this file up to date, and says how many migrations that took. Blocks.
    ///
    /// # Errors
    /// [`OpenError`] says why it cannot.
    pub fn migrate(path: &Path) -> Result<usize, OpenError> {
        migrate(&connection::prepare_file(path)?)
    }
}

fn pool(url: &str, access: Access, connections: usize) -> Result<Pool<Manager>, OpenError> {
    let pool = Pool::builder()
        .max_size(u32::try_from(connections).unwrap_or(u32::MAX))
        .test_on_check_out(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connection_timeout(connection::RETRY_WITHIN)
        .build_unchecked(Manager::new(url, access));
    fill(&pool)?;
    Ok(pool)
}
