//! All use cases, wired to their ports.

use std::sync::Arc;

use helpdesk_ports::{AccessTokens, Clock, OpaqueTokens, PasswordHasher, Random, Stores};

use crate::standing_cache::StandingCache;
use crate::tickets::Desk;
use crate::{Accounts, AdminTickets, Authentication, CustomerTickets, SignIn, StaffTickets};

/// Everything that the use cases need of the outside.
#[derive(Clone)]
pub struct Ports {
    /// The store.
    pub stores: Stores,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Password hashing.
    pub passwords: Arc<dyn PasswordHasher>,
    /// Access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Refresh tokens, and those of invitations.
    pub opaque_tokens: Arc<dyn OpaqueTokens>,
}

/// The help desk: every use case, by who may call it.
pub struct HelpDesk {
    /// Signing in.
    pub sign_in: SignIn,
    /// Who a token speaks for.
    pub authentication: Authentication,
    /// What customers do.
    pub customer_tickets: CustomerTickets,
    /// What agents and admins both do.
    pub staff_tickets: StaffTickets,
    /// What admins alone do with tickets.
    pub admin_tickets: AdminTickets,
    /// What admins do with accounts.
    pub accounts: Accounts,
}

impl HelpDesk {
    /// The use cases on these ports.
    pub fn new(ports: Ports) -> Self {
        let Ports { stores, clock, random, passwords, access_tokens, opaque_tokens } = ports;
        let standings = Arc::new(StandingCache::default());
        let desk = Desk::new(stores.tickets, clock.clone());
        Self {
            sign_in: SignIn {
                users: stores.users.clone(),
                sessions: stores.sessions.clone(),
                passwords: passwords.clone(),
                access_tokens: access_tokens.clone(),
                opaque_tokens,
                clock: clock.clone(),
                random,
            },
            authentication: Authentication {
                sessions: stores.sessions,
                access_tokens,
                clock: clock.clone(),
                standings: standings.clone(),
            },
            customer_tickets: CustomerTickets::new(desk.clone()),
            staff_tickets: StaffTickets::new(desk.clone()),
            admin_tickets: AdminTickets::new(desk, stores.users.clone()),
            accounts: Accounts { users: stores.users, passwords, clock, standings },
        }
    }
}
