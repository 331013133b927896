//! How a query fails, until it is told apart.

use helpdesk_ports::StoreError;

use super::dialect;

/// What ends a transaction early: an answer of its own, or an error that the engine's `classify` tells apart.
#[derive(Debug)]
pub(in super::super) enum Failure {
    /// Already told apart.
    Store(StoreError),
    /// Of diesel or the database.
    Query(diesel::result::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Query(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Query(error) => dialect::classify(&error),
        }
    }
}
