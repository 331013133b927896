//! Why a use case did not do what was asked.

use std::time::Duration;

use helpdesk_domain::{Precondition, Refusal};
use helpdesk_ports::{HashError, StoreError};

/// Why a use case did not do what was asked. Nothing was written, but see [`StoreError::Unavailable`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UseCaseError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It was tried too often.
    #[error("too many attempts")]
    TooManyAttempts {
        /// When the next may be made.
        retry_after: Duration,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing a password failed.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// What an unmet precondition means to the caller.
pub(crate) fn refusal_of(unmet: Precondition) -> Refusal {
    match unmet {
        Precondition::ActiveAgent(_) => Refusal::NotAssignable,
        Precondition::AnotherAdminRemains(_) => Refusal::LastAdmin,
        Precondition::Agent(_) => Refusal::NotAnAgent,
        Precondition::TeamExists(_) => Refusal::UnknownTeam,
        Precondition::ActiveMember(..) => Refusal::NotVisible,
    }
}
