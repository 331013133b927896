//! Failures of a store.

use std::fmt;

/// What went wrong inside, for the log alone. It has no `Display`, so that it cannot end up in an answer by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Cause(String);

impl Cause {
    /// Keeps the text of an error.
    pub fn new(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }

    /// The text, for the log.
    pub fn for_log(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a store could not do what was asked. What `Display` shows may be told to anyone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, is full, overloaded or too slow; later it may work. Nothing was written, unless the connection
    /// broke, or the caller's time ran out, while a commit was under way: then it is not known whether anything was.
    #[error("the store is unavailable")]
    Unavailable(Cause),
    /// It collided with something else that was going on; nothing was written, and trying again may work.
    #[error("the store is busy with a conflicting change")]
    Conflict(Cause),
    /// A row that the rules do not allow.
    #[error("the store holds a damaged record")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        id: String,
    },
    /// Anything else: a defect.
    #[error("the store failed")]
    Fault(Cause),
}

impl StoreError {
    /// All that is known, for the log.
    pub fn for_log(&self) -> String {
        match self {
            Self::Unavailable(cause) | Self::Conflict(cause) | Self::Fault(cause) => {
                format!("{self}: {}", cause.for_log())
            }
            Self::Corrupt { table, column, id } => format!("{self}: {table}.{column} of row {id}"),
        }
    }
}
