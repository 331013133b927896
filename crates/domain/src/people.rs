//! People and teams as a ticket names them.

use crate::{Email, PersonName, TeamId, UserId};

/// Whom a ticket is for: what staff, and the requester, may know of the requester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    id: UserId,
    name: String,
    email: String,
}

impl Person {
    /// A person of the store.
    pub fn new(id: UserId, name: impl Into<String>, email: impl Into<String>) -> Self {
        Self { id, name: name.into(), email: email.into() }
    }

    /// The account.
    pub fn id(&self) -> UserId {
        self.id
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The e-mail address.
    pub fn email(&self) -> &str {
        &self.email
    }
}

impl From<(UserId, PersonName, Email)> for Person {
    fn from((id, name, email): (UserId, PersonName, Email)) -> Self {
        Self::new(id, name.into_string(), email.into_string())
    }
}

macro_rules! reference {
    ($(#[$doc:meta])* $name:ident, $id:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            id: $id,
            name: String,
        }

        impl $name {
            /// One that the store holds.
            pub fn new(id: $id, name: impl Into<String>) -> Self {
                Self { id, name: name.into() }
            }

            /// Its id.
            pub fn id(&self) -> $id {
                self.id
            }

            /// Its name.
            pub fn name(&self) -> &str {
                &self.name
            }
        }
    };
}

reference!(
    /// An agent as an assignee: id and name, never the e-mail.
    AgentRef, UserId
);
reference!(
    /// A team.
    TeamRef, TeamId
);
