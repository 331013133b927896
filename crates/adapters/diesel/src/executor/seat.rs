//! A thread's connection.

use std::time::Duration;

use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use helpdesk_ports::{Cause, StoreError};

use crate::OpenError;

/// How long a thread waits for a connection when it has none. Short: meanwhile its jobs wait, and they are better told.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);

/// How long opening a store waits for each of its connections.
const OPEN_WITHIN: Duration = Duration::from_secs(10);

/// Waits until all connections of a new pool are there, so that the first calls find them.
pub(crate) fn fill<M: ManageConnection>(pool: &Pool<M>) -> Result<(), OpenError> {
    (0..pool.max_size())
        .map(|_| pool.get_timeout(OPEN_WITHIN))
        .collect::<Result<Vec<_>, _>>()
        .map(drop)
        .map_err(|error| OpenError::Unreachable(OpenError::line(&error)))
}

/// A connection in a pool, with the mark that it must not be used again. What diesel's own manager goes by, the state of
/// its transactions, does not see a connection that died while none was open.
pub(crate) struct Slot<C> {
    connection: C,
    is_retired: bool,
}

impl<C> Slot<C> {
    pub(crate) fn new(connection: C) -> Self {
        Self { connection, is_retired: false }
    }

    /// The connection.
    pub(crate) fn connection(&mut self) -> &mut C {
        &mut self.connection
    }

    /// For [`ManageConnection::has_broken`].
    pub(crate) fn is_retired(&self) -> bool {
        self.is_retired
    }
}

/// Where a thread keeps its connection: it takes one from the pool when it has none, and keeps it while it is sound.
pub(crate) struct Seat<M: ManageConnection> {
    pool: Pool<M>,
    held: Option<PooledConnection<M>>,
}

impl<C: Send + 'static, M: ManageConnection<Connection = Slot<C>>> Seat<M> {
    pub(crate) fn new(pool: Pool<M>) -> Self {
        Self { pool, held: None }
    }

    /// The thread's connection, or [`StoreError::Unavailable`] if there is none to be had.
    pub(crate) fn connection(&mut self) -> Result<&mut C, StoreError> {
        if self.held.is_none() {
            let taken = self.pool.get_timeout(CONNECT_WITHIN);
            self.held = Some(taken.map_err(|error| StoreError::Unavailable(Cause::new(error)))?);
        }
        match &mut self.held {
            Some(slot) => Ok(slot.connection()),
            None => Err(StoreError::Unavailable(Cause::new("no connection"))),
        }
    }

    /// Closes the connection; the pool makes a new one.
    pub(crate) fn retire(&mut self) {
        if let Some(mut slot) = self.held.take() {
            slot.is_retired = true;
        }
    }
}
