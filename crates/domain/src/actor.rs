//! Who acts.

use std::fmt;

use crate::{Role, Scope, UserId};

macro_rules! actor_type {
    ($(#[$doc:meta])* $name:ident, $variant:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(UserId);

        impl $name {
            /// The signed-in account with this id, whose role was checked by whoever calls this.
            pub const fn new(id: UserId) -> Self {
                Self(id)
            }

            /// The account.
            pub const fn id(self) -> UserId {
                self.0
            }

            /// What it may see.
            pub fn scope(self) -> Scope {
                Actor::from(self).scope()
            }
        }

        impl From<$name> for Actor {
            fn from(actor: $name) -> Self {
                Self::$variant(actor)
            }
        }
    };
}

actor_type!(
    /// A signed-in admin.
    AdminActor, Admin
);
actor_type!(
    /// A signed-in agent.
    AgentActor, Agent
);
actor_type!(
    /// A signed-in customer.
    CustomerActor, Customer
);

/// The help desk itself: a background task or its operator's command line. No account has it and no request can make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemActor(());

impl SystemActor {
    /// For background tasks and the command line alone.
    pub const fn outside_any_request() -> Self {
        Self(())
    }
}

impl From<SystemActor> for Actor {
    fn from(actor: SystemActor) -> Self {
        Self::System(actor)
    }
}

/// Who acts: what everything that reads or changes a ticket asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An admin.
    Admin(AdminActor),
    /// An agent.
    Agent(AgentActor),
    /// A customer.
    Customer(CustomerActor),
    /// A background task.
    System(SystemActor),
}

impl Actor {
    /// The actor for a signed-in account.
    pub const fn of_account(id: UserId, role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin(AdminActor::new(id)),
            Role::Agent => Self::Agent(AgentActor::new(id)),
            Role::Customer => Self::Customer(CustomerActor::new(id)),
        }
    }

    /// The account, unless it is the help desk itself.
    pub const fn id(&self) -> Option<UserId> {
        match self {
            Self::Admin(actor) => Some(actor.id()),
            Self::Agent(actor) => Some(actor.id()),
            Self::Customer(actor) => Some(actor.id()),
            Self::System(_) => None,
        }
    }

    /// The role, unless it is the help desk itself.
    pub const fn role(&self) -> Option<Role> {
        match self {
            Self::Admin(_) => Some(Role::Admin),
            Self::Agent(_) => Some(Role::Agent),
            Self::Customer(_) => Some(Role::Customer),
            Self::System(_) => None,
        }
    }

    /// What kind of actor this is.
    pub const fn kind(&self) -> ActorKind {
        match self {
            Self::Admin(_) => ActorKind::Admin,
            Self::Agent(_) => ActorKind::Agent,
            Self::Customer(_) => ActorKind::Customer,
            Self::System(_) => ActorKind::System,
        }
    }

    /// What it may see.
    pub fn scope(&self) -> Scope {
        Scope::of(self)
    }
}

/// **The rule: who may run accounts and teams.** Admins, and the help desk itself (its command line makes the first admin).
/// Nothing else becomes one of these, so that what takes one needs no check.
///
/// ```compile_fail
/// use helpdesk_domain::{AccountsActor, AgentActor, UserId};
///
/// let agent = AgentActor::new(UserId::new(1).unwrap());
/// let _ = AccountsActor::from(agent);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountsActor(Actor);

impl From<AdminActor> for AccountsActor {
    fn from(admin: AdminActor) -> Self {
        Self(admin.into())
    }
}

impl From<SystemActor> for AccountsActor {
    fn from(system: SystemActor) -> Self {
        Self(system.into())
    }
}

impl From<AccountsActor> for Actor {
    fn from(actor: AccountsActor) -> Self {
        actor.0
    }
}

/// The kinds of actor, for tables such as [`crate::workflow::TRANSITIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// An admin.
    Admin,
    /// An agent.
    Agent,
    /// A customer.
    Customer,
    /// A background task.
    System,
}

impl ActorKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Agent => "agent",
            Self::Customer => "customer",
            Self::System => "system",
        }
    }

    /// Whether it works for the help desk.
    pub const fn is_staff(self) -> bool {
        match self {
            Self::Admin | Self::Agent | Self::System => true,
            Self::Customer => false,
        }
    }
}

impl fmt::Display for ActorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Role> for ActorKind {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Agent => Self::Agent,
            Role::Customer => Self::Customer,
        }
    }
}
