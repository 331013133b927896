//! The closed sets of words: roles, statuses, priorities, visibility.

use std::fmt;
use std::str::FromStr;

/// A word outside its set. Holds the words that are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownWord(&'static [&'static str]);

impl UnknownWord {
    /// The words that would have been understood.
    pub const fn expected(self) -> &'static [&'static str] {
        self.0
    }
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be one of {}", self.0.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// Any letter case, and `-`, white space or `_` between words: `In Progress`, `in-progress` and `IN_PROGRESS` are one word.
fn normalise(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for part in
        text.split(|c: char| c.is_whitespace() || c == '-' || c == '_').filter(|part| !part.is_empty())
    {
        if !word.is_empty() {
            word.push('_');
        }
        word.push_str(&part.to_ascii_lowercase());
    }
    word
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The words of all values, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The one form in which it is written.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        /// Understands any letter case, and `-`, white space or `_` between words: `In Progress` is `in_progress`.
        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match normalise(text).as_str() {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord(Self::WORDS)),
                }
            }
        }
    };
}

words!(
    /// What an account may do. It has exactly one role.
    Role {
        /// Works the tickets assigned to it.
        Agent => "agent",
        /// Opens tickets and follows its own.
        Customer => "customer",
        /// Runs accounts, teams and assignment; sees everything.
        Admin => "admin",
    }
);

words!(
    /// Where a ticket stands. [`crate::workflow`] says who may move it where.
    Status {
        /// New, or reopened.
        Open => "open",
        /// An agent is working on it.
        InProgress => "in_progress",
        /// Waiting for the customer.
        Pending => "pending",
        /// Answered; a reply of the customer reopens it.
        Resolved => "resolved",
        /// Final.
        Closed => "closed",
    }
);

words!(
    /// How urgent a ticket is, in rising order.
    Priority {
        /// Can wait.
        Low => "low",
        /// The usual.
        Normal => "normal",
        /// Before the usual.
        High => "high",
        /// Now.
        Urgent => "urgent",
    }
);

words!(
    /// Who a comment or an event is for.
    Visibility {
        /// Everyone who may see the ticket, its requester included.
        Public => "public",
        /// Staff alone.
        Internal => "internal",
    }
);

words!(
    /// What an event tells of.
    EventKind {
        /// The ticket was opened.
        Created => "created",
        /// Fields were changed.
        Updated => "updated",
        /// A comment was written, and with it perhaps the status.
        Commented => "commented",
    }
);

words!(
    /// What an entry of the audit trail tells of.
    AuditKind {
        /// An account was made, with a password.
        UserCreated => "user_created",
        /// An account was made, and invited to choose a password.
        UserInvited => "user_invited",
        /// Somebody made an account of their own.
        UserRegistered => "user_registered",
        /// An account was made, without a password, for what somebody elsewhere wrote or is to do.
        UserImported => "user_imported",
        /// Name, role or activity of an account changed.
        UserUpdated => "user_updated",
        /// An account has another password.
        PasswordChanged => "password_changed",
        /// An account's password was taken away, and it was invited to choose another.
        PasswordReset => "password_reset",
        /// An account chose its password by an invitation.
        InvitationAccepted => "invitation_accepted",
        /// A refresh token was used twice, and its session ended.
        RefreshTokenReplayed => "refresh_token_replayed",
        /// A team was made.
        TeamCreated => "team_created",
        /// A team has another name.
        TeamRenamed => "team_renamed",
        /// A team was deleted.
        TeamDeleted => "team_deleted",
        /// An agent joined a team.
        TeamMemberAdded => "team_member_added",
        /// An agent left a team.
        TeamMemberRemoved => "team_member_removed",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_may_vary_where_output_does_not() {
        for text in ["in_progress", "In Progress", "IN-PROGRESS", " in  progress ", "in\tprogress"] {
            assert_eq!(text.parse(), Ok(Status::InProgress), "{text:?}");
        }
        assert_eq!("Closed".parse(), Ok(Status::Closed));
        for text in ["", "inprogress", "i n_progress", "opened", "open\0", "ореn"] {
            assert!(text.parse::<Status>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn every_word_parses_to_its_value() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        for priority in Priority::ALL {
            assert_eq!(priority.as_str().parse(), Ok(*priority));
        }
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
    }
}
