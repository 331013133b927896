//! Why a store does not open.

/// Why a store could not be opened or migrated. Each shows as one line for the operator, without any secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Nothing answers there, or it refuses.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Its schema was made by a later version of this program.
    #[error(
        "the database is newer than this binary, which does not know its migration(s) {0}; start the version that migrated it"
    )]
    NewerSchema(String),
    /// The address or path is none, or the database does not take a setting that this program relies on.
    #[error("the database setting is wrong: {0}")]
    BadSetting(String),
    /// A migration did not run; nothing of it was kept.
    #[error("the database could not be migrated: {0}")]
    MigrationFailed(String),
}

impl OpenError {
    /// An error's text, on one line.
    pub(crate) fn line(error: &impl ToString) -> String {
        error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
