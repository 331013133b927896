//! Connections to the server.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;

use super::address;
use super::dialect::Conn;
use crate::OpenError;
use crate::executor::Slot;

/// The pool tries again after half of this at the latest, when a connection could not be made.
pub(super) const RETRY_WITHIN: Duration = Duration::from_secs(2);

/// For every connection that serves. The time-outs end a statement before its caller gives up; an idle transaction can only
/// be one of a process that hangs, and is not to keep its locks.
///
/// The plans are generic: the statements are few and keyed, and planning each anew costs as much as running it. A generic
/// plan takes a limit for a tenth of all rows, and would rather read a whole table to join it: every join here is by primary
/// key, for a page of rows at the most.
///
/// A plan is to be the one that looks at the fewest rows, so pages count for little. By the server's own measure, going
/// through all tickets in the order of their ids, where they lie side by side, seems cheaper than reading one agent's alone;
/// to an agent with few of them it is a list that takes as long as there are tickets. And none of these plans runs for as long as
/// it takes to compile one.
const SETTINGS: &str = "\
    SET plan_cache_mode = force_generic_plan; \
    SET enable_hashjoin = off; \
    SET enable_mergejoin = off; \
    SET seq_page_cost = 0.1; \
    SET random_page_cost = 0.1; \
    SET jit = off; \
    SET statement_timeout = '3s'; \
    SET lock_timeout = '2s'; \
    SET idle_in_transaction_session_timeout = '5s'; \
    SET default_transaction_isolation = 'read committed'";

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Serving,
    /// May take its time, and waits for whoever else migrates.
    Migration,
}

/// Makes connections for a pool.
pub(super) struct Manager {
    address: String,
}

impl Manager {
    pub(super) fn new(address: &str) -> Self {
        Self { address: address.to_owned() }
    }
}

impl ManageConnection for Manager {
    type Connection = Slot<Conn>;
    type Error = OpenError;

    fn connect(&self) -> Result<Self::Connection, OpenError> {
        connect(&self.address, Purpose::Serving).map(Slot::new)
    }

    fn is_valid(&self, _: &mut Self::Connection) -> Result<(), OpenError> {
        // Never asked: the pool does not test, and whoever uses a connection retires it when it fails.
        Ok(())
    }

    fn has_broken(&self, slot: &mut Self::Connection) -> bool {
        slot.is_retired()
    }
}

pub(super) fn connect(address: &str, purpose: Purpose) -> Result<Conn, OpenError> {
    let mut conn =
        PgConnection::establish(address).map_err(|error| address::failure(address, &error.to_string()))?;
    speak_english(&mut conn);
    if purpose == Purpose::Serving {
        conn.batch_execute(SETTINGS).map_err(|error| OpenError::BadSetting(OpenError::line(&error)))?;
    }
    Ok(conn)
}

/// Some errors can only be told by their text: diesel keeps the code of most to itself. Not every account may choose the
/// language, and not every server has another than English, so a refusal is not an error. What is then not understood counts
/// as a defect instead of a passing failure.
fn speak_english(conn: &mut Conn) {
    if let Err(error) = conn.batch_execute("SET lc_messages = 'C'") {
        log::debug!("the server's messages stay in its language: {}", OpenError::line(&error));
    }
}
