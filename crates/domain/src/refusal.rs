//! Why something was not done.

use std::fmt;

use crate::{PasswordError, Status};

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
    /// The ticket is no longer at the version that the caller has seen.
    VersionMismatch {
        /// The version that it is at, as far as the caller may know.
        current: i64,
    },
    /// Another agent works the ticket.
    AlreadyClaimed,
    /// There is no closed ticket of the caller's to follow up.
    NoFollowUp,
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
    /// Teams were given for a new account that is no agent.
    TeamsOfNoAgent,
    /// The account that is to join a team is no agent.
    NotAnAgent,
    /// The team that a ticket is to belong to is not there.
    UnknownTeam,
    /// A team that a new account is to join is not there.
    UnknownTeams,
    /// The default team stays.
    DefaultTeam,
    /// A team with tickets or members stays.
    TeamNotEmpty,
    /// Another team has this name.
    TeamNameTaken,
    /// The current password is not the one that was given.
    WrongPassword,
    /// The new password is not allowed.
    NewPassword(PasswordError),
    /// The invitation is unknown, used, or too old: which of these, nobody learns.
    InvalidInvitation,
    /// The caller has given another request the same idempotency key.
    KeyReused,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotVisible => f.write_str("there is no such resource"),
            Self::NotPermitted(what) => f.write_str(what),
            Self::TicketClosed => f.write_str("the ticket is closed, which is final"),
            Self::InvalidTransition { from, to } => write!(f, "a ticket cannot go from {from} to {to}"),
            Self::VersionMismatch { current } => write!(f, "the ticket is at version {current}"),
            Self::AlreadyClaimed => f.write_str("another agent works the ticket"),
            Self::NoFollowUp => f.write_str("must be the id of a closed ticket of yours"),
            Self::NothingToChange => f.write_str("at least one field must be given"),
            Self::InternalByCustomer => f.write_str("a customer's comments are always public"),
            Self::NotAssignable => f.write_str("must be the id of an active agent"),
            Self::LastAdmin => f.write_str("at least one active admin must remain"),
            Self::EmailTaken => f.write_str("another account has this e-mail address"),
            Self::TeamsOfNoAgent => f.write_str("only an agent can be in a team"),
            Self::NotAnAgent => f.write_str("must be the id of an agent"),
            Self::UnknownTeam => f.write_str("must be the id of a team"),
            Self::UnknownTeams => f.write_str("must be ids of teams"),
            Self::DefaultTeam => f.write_str("the default team cannot be deleted"),
            Self::TeamNotEmpty => f.write_str("the team has tickets or members"),
            Self::TeamNameTaken => f.write_str("another team has this name"),
            Self::WrongPassword => f.write_str("is not the current password"),
            Self::NewPassword(error) => error.fmt(f),
            Self::InvalidInvitation => f.write_str("is unknown, was used, or is too old"),
            Self::KeyReused => f.write_str("another request of yours has this idempotency key"),
        }
    }
}

impl std::error::Error for Refusal {}
