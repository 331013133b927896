//! The store on Postgres, for when more than one machine serves.

use diesel::prelude::*;
use diesel::r2d2::Pool;
use diesel::sql_types::BigInt;
use helpdesk_ports::Stores;

mod address;
mod asked;
mod beginnings;
mod bulk;
mod connection;
mod dialect;
mod hot;
mod locks;
mod look_ups;
mod open;
#[path = "../shared/mod.rs"]
#[cfg_attr(
    feature = "sqlite",
    expect(clippy::duplicate_mod, reason = "compiled once for each engine, against that engine's dialect")
)]
mod shared;
mod sql_types;
mod text_search;

use connection::{Manager, Purpose};

use crate::OpenError;
use crate::executor::{Lane, LaneSetup, Lanes, QUEUE_CAPACITY, fill, run_each};

/// How many threads look tickets up: while the one waits for the server, those come together that it will ask for next, and two
/// would each ask for half as many.
const FINDERS: usize = 1;
/// How many threads read everything else. More backends at work starve one another on a small machine, and coalescing reads gains more.
const READERS: usize = 2;
/// How many threads write. They are not the readers, since a write may wait for a row's lock, and a few such would stop
/// every read.
const WRITERS: usize = 2;
/// The most reads that a thread takes at once.
const READ_BATCH: usize = 8;
/// A write that waits for a lock is not to hold up others.
const WRITE_BATCH: usize = 1;

/// The key of the lock that keeps migrations apart: `helpdesk` in ASCII.
const MIGRATION_LOCK: i64 = 0x6865_6c70_6465_736b;

/// The store in a Postgres database.
pub struct PostgresStore;

impl PostgresStore {
    /// Connects to the database at a `postgres://` address, and brings its schema up to date. Blocks.
    ///
    /// # Errors
    /// [`OpenError`] says why there is no store.
    pub fn connect(url: &str) -> Result<Stores, OpenError> {
        let address = address::with_defaults(url)?;
        migrate(&address)?;
        let threads = |error: std::io::Error| OpenError::BadSetting(OpenError::line(&error));
        let pool = Pool::builder()
            .max_size(u32::try_from(FINDERS + READERS + WRITERS).unwrap_or(u32::MAX))
            .test_on_check_out(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connection_timeout(connection::RETRY_WITHIN)
            .build_unchecked(Manager::new(&address));
        fill(&pool)?;
        let finds = LaneSetup {
            name: "pg-find",
            threads: FINDERS,
            capacity: QUEUE_CAPACITY,
            batch: READ_BATCH,
            run: run_each,
        };
        let reads = LaneSetup {
            name: "pg-read",
            threads: READERS,
            capacity: QUEUE_CAPACITY,
            batch: READ_BATCH,
            run: run_each,
        };
        let writes = LaneSetup {
            name: "pg-write",
            threads: WRITERS,
            capacity: QUEUE_CAPACITY,
            batch: WRITE_BATCH,
            run: run_each,
        };
        Ok(shared::stores(&Lanes {
            finds: Lane::start(&pool, &finds).map_err(threads)?,
            reads: Lane::start(&pool, &reads).map_err(threads)?,
            writes: Lane::start(&pool, &writes).map_err(threads)?,
        }))
    }

    /// Brings the schema of the database up to date, and says how many migrations that took. Blocks.
    ///
    /// # Errors
    /// [`OpenError`] says why it cannot.
    pub fn migrate(url: &str) -> Result<usize, OpenError> {
        migrate(&address::with_defaults(url)?)
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn pg_advisory_lock(key: BigInt) -> diesel::sql_types::VarChar;
}

/// Holds a lock around the whole of checking and migrating, so that many instances can start at once. It goes with the
/// connection.
fn migrate(address: &str) -> Result<usize, OpenError> {
    let mut conn = connection::connect(address, Purpose::Migration)?;
    diesel::select(pg_advisory_lock(MIGRATION_LOCK))
        .execute(&mut conn)
        .map_err(|error| OpenError::MigrationFailed(OpenError::line(&error)))?;
    shared::migrations::bring_up_to_date(&mut conn)
}
