//! Who may see what: each rule once, executable, and nowhere else.
//!
//! A store translates a [`Scope`] into its own language; the contract suite of the ports proves on random data that
//! what it then returns is exactly what [`Scope::admits`] and [`CommentScope::admits`] admit.

use crate::{Actor, UserId, Visibility};

/// What an actor may see. Only [`Actor::scope`] makes one, so no caller can widen its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope(ScopeKind);

/// The form of a [`Scope`] that a store translates, in one `match` without a catch-all arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// Every ticket.
    All,
    /// The tickets assigned to this agent.
    AssignedTo(UserId),
    /// The tickets that this customer requested.
    RequestedBy(UserId),
}

/// All of a ticket that decides who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    /// Whose ticket it is.
    pub requester: UserId,
    /// Who works it.
    pub assignee: Option<UserId>,
}

impl Scope {
    pub(crate) fn of(actor: &Actor) -> Self {
        Self(match actor {
            Actor::Admin(_) | Actor::System(_) => ScopeKind::All,
            Actor::Agent(agent) => ScopeKind::AssignedTo(agent.id()),
            Actor::Customer(customer) => ScopeKind::RequestedBy(customer.id()),
        })
    }

    /// What a store translates.
    pub const fn kind(&self) -> ScopeKind {
        self.0
    }

    /// **The rule: who may see which ticket.** Admins (and background tasks) see all, an agent those assigned to it, a
    /// customer those it requested. To everyone else the ticket does not exist.
    ///
    /// ```
    /// use helpdesk_domain::{AgentActor, CustomerActor, TicketFacts, UserId};
    ///
    /// let [ada, grace, eve] = [1, 2, 3].map(|id| UserId::new(id).unwrap());
    /// let ticket = TicketFacts { requester: ada, assignee: Some(grace) };
    /// assert!(CustomerActor::new(ada).scope().admits(&ticket));
    /// assert!(AgentActor::new(grace).scope().admits(&ticket));
    /// // Another agent does not see it, nor does Ada when she acts as an agent.
    /// assert!(!AgentActor::new(eve).scope().admits(&ticket));
    /// assert!(!AgentActor::new(ada).scope().admits(&ticket));
    /// ```
    pub fn admits(&self, ticket: &TicketFacts) -> bool {
        match self.0 {
            ScopeKind::All => true,
            ScopeKind::AssignedTo(agent) => ticket.assignee == Some(agent),
            ScopeKind::RequestedBy(customer) => ticket.requester == customer,
        }
    }

    /// Which comments and events of an admitted ticket may be seen.
    pub const fn comments(&self) -> CommentScope {
        match self.0 {
            ScopeKind::All | ScopeKind::AssignedTo(_) => CommentScope::Everything,
            ScopeKind::RequestedBy(_) => CommentScope::PublicOnly,
        }
    }
}

/// Which comments and events of a ticket may be seen. Only [`Scope::comments`] says which applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommentScope {
    /// Public and internal ones.
    Everything,
    /// Public ones alone, and with them the public version and change time of the ticket.
    PublicOnly,
}

impl CommentScope {
    /// **The rule: who may see which comment or event.** Staff see all of a ticket that they may see, its requester the
    /// public ones.
    ///
    /// ```
    /// use helpdesk_domain::{AgentActor, CustomerActor, UserId, Visibility};
    ///
    /// let id = UserId::new(1).unwrap();
    /// assert!(AgentActor::new(id).scope().comments().admits(Visibility::Internal));
    /// assert!(!CustomerActor::new(id).scope().comments().admits(Visibility::Internal));
    /// ```
    pub const fn admits(self, visibility: Visibility) -> bool {
        match (self, visibility) {
            (Self::Everything, Visibility::Public | Visibility::Internal)
            | (Self::PublicOnly, Visibility::Public) => true,
            (Self::PublicOnly, Visibility::Internal) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;
    use proptest::prelude::*;

    fn id(n: i64) -> UserId {
        UserId::new(n).unwrap()
    }

    proptest! {
        /// Said again in the words of the contract, for any actor and any ticket.
        #[test]
        fn a_scope_admits_what_the_contract_says(me in 1..5i64, role in 0..3usize, requester in 1..5i64, assignee in proptest::option::of(1..5i64)) {
            let role = Role::ALL[role];
            let scope = Actor::of_account(id(me), role).scope();
            let facts = TicketFacts { requester: id(requester), assignee: assignee.map(id) };
            let expected = match role {
                Role::Admin => true,
                Role::Agent => assignee == Some(me),
                Role::Customer => requester == me,
            };
            prop_assert_eq!(scope.admits(&facts), expected);
            prop_assert_eq!(scope.comments().admits(Visibility::Internal), role != Role::Customer);
            prop_assert!(scope.comments().admits(Visibility::Public));
        }
    }

    #[test]
    fn being_the_requester_gives_an_agent_nothing() {
        let both = TicketFacts { requester: id(7), assignee: None };
        assert!(!Actor::of_account(id(7), Role::Agent).scope().admits(&both));
    }
}
