//! Why something was not done.

use std::fmt;

use crate::Status;

/// Why the rules refuse a command. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// For this actor there is no such thing. Says nothing about whether it exists.
    NotVisible,
    /// The actor sees it but may not do this to it.
    NotPermitted(&'static str),
    /// The ticket is closed, which is final.
    TicketClosed,
    /// The ticket cannot go from the one status to the other.
    InvalidTransition {
        /// Where it stands.
        from: Status,
        /// Where it was to go.
        to: Status,
    },
    /// A change that names nothing to change.
    NothingToChange,
    /// A customer asked for an internal comment.
    InternalByCustomer,
    /// The assignee is no active agent; whether there is such an account is not said.
    NotAssignable,
    /// It would leave no active admin.
    LastAdmin,
    /// The e-mail address belongs to another account.
    EmailTaken,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotVisible => f.write_str("there is no such resource"),
            Self::NotPermitted(what) => f.write_str(what),
            Self::TicketClosed => f.write_str("the ticket is closed, which is final"),
            Self::InvalidTransition { from, to } => write!(f, "a ticket cannot go from {from} to {to}"),
            Self::NothingToChange => f.write_str("at least one field must be given"),
            Self::InternalByCustomer => f.write_str("a customer's comments are always public"),
            Self::NotAssignable => f.write_str("must be the id of an active agent"),
            Self::LastAdmin => f.write_str("at least one active admin must remain"),
            Self::EmailTaken => f.write_str("another account has this e-mail address"),
        }
    }
}

impl std::error::Error for Refusal {}
