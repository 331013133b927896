//! All use cases, wired to their ports.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_ports::{
    AccessTokens, Clock, GuessLimits, OpaqueTokens, PasswordHasher, PasswordScreen, Random, Stores,
};

use crate::accounts::AccountWriter;
use crate::new_password::NewPasswords;
use crate::once::KeptAnswers;
use crate::password_proof::PasswordProof;
use crate::standing_cache::StandingCache;
use crate::tickets::Desk;
use crate::tokens::TokenIssuer;
use crate::{
    Accounts, AdminTickets, AuditTrail, Authentication, CustomerTickets, Exports, Housekeeping, Invitations,
    OwnAccount, Queue, Registration, Sessions, SignIn, StaffTickets, Teams,
};

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
    /// The passwords that everybody tries first.
    pub password_screen: Arc<dyn PasswordScreen>,
    /// Limits on guessing.
    pub guesses: Arc<dyn GuessLimits>,
    /// Access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Refresh tokens, and those of invitations.
    pub opaque_tokens: Arc<dyn OpaqueTokens>,
}

/// What the operator chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether customers may register accounts of their own.
    pub registration_is_open: bool,
    /// How long after it was resolved a ticket closes by itself; none does without.
    pub close_resolved_after: Option<Duration>,
}

/// The help desk: every use case, by who may call it.
pub struct HelpDesk {
    /// Signing in.
    pub sign_in: SignIn,
    /// Who a token speaks for.
    pub authentication: Authentication,
    /// What a signed-in account does with its sessions, and how it stays signed in.
    pub sessions: Sessions,
    /// What a signed-in account does with itself.
    pub own_account: OwnAccount,
    /// Choosing a password by an invitation.
    pub invitations: Invitations,
    /// Making an account of one's own.
    pub registration: Registration,
    /// What customers do.
    pub customer_tickets: CustomerTickets,
    /// What agents and admins both do.
    pub staff_tickets: StaffTickets,
    /// What agents do with the queue of their teams.
    pub queue: Queue,
    /// What admins alone do with tickets.
    pub admin_tickets: AdminTickets,
    /// What admins do with accounts.
    pub accounts: Accounts,
    /// What admins do with teams.
    pub teams: Teams,
    /// What was done to accounts and teams.
    pub audit_trail: AuditTrail,
    /// Exporting tickets.
    pub exports: Exports,
    /// What is done now and then without anybody asking.
    pub housekeeping: Housekeeping,
}

impl HelpDesk {
    /// The use cases on these ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        let Ports {
            stores,
            clock,
            random,
            passwords,
            password_screen,
            guesses,
            access_tokens,
            opaque_tokens,
        } = ports;
        let Stores { tickets, users, sessions, teams, audit, idempotency, exports, imports: _, admin: _ } =
            stores;
        let standings = Arc::new(StandingCache::default());
        let answers = KeptAnswers { store: idempotency.clone(), clock: clock.clone() };
        let desk = Desk::new(tickets.clone(), answers.clone(), clock.clone());
        let new_passwords = NewPasswords { hasher: passwords.clone(), screen: password_screen };
        let tokens = TokenIssuer {
            access_tokens: access_tokens.clone(),
            opaque_tokens: opaque_tokens.clone(),
            clock: clock.clone(),
        };
        let proof = PasswordProof {
            passwords,
            guesses: guesses.clone(),
            sessions: sessions.clone(),
            clock: clock.clone(),
        };
        let writer =
            AccountWriter { users: users.clone(), clock: clock.clone(), standings: standings.clone() };
        Self {
            sign_in: SignIn {
                users: users.clone(),
                sessions: sessions.clone(),
                proof: proof.clone(),
                tokens: tokens.clone(),
                clock: clock.clone(),
                random,
            },
            authentication: Authentication {
                sessions: sessions.clone(),
                access_tokens,
                clock: clock.clone(),
                standings: standings.clone(),
            },
            own_account: OwnAccount {
                users: users.clone(),
                passwords: new_passwords.clone(),
                proof,
                writer: writer.clone(),
            },
            invitations: Invitations {
                users: users.clone(),
                passwords: new_passwords.clone(),
                opaque_tokens: opaque_tokens.clone(),
                writer: writer.clone(),
                clock: clock.clone(),
            },
            registration: Registration {
                is_open: settings.registration_is_open,
                users: users.clone(),
                passwords: new_passwords.clone(),
                guesses,
                clock: clock.clone(),
            },
            customer_tickets: CustomerTickets::new(desk.clone()),
            staff_tickets: StaffTickets::new(desk.clone()),
            queue: Queue::new(desk.clone(), users.clone()),
            admin_tickets: AdminTickets::new(desk, users.clone(), teams.clone()),
            accounts: Accounts {
                users: users.clone(),
                passwords: new_passwords,
                opaque_tokens: opaque_tokens.clone(),
                writer,
                answers: answers.clone(),
                clock: clock.clone(),
            },
            teams: Teams { store: teams, users, answers, clock: clock.clone() },
            audit_trail: AuditTrail { audit },
            exports: Exports { store: exports },
            housekeeping: Housekeeping {
                close_resolved_after: settings.close_resolved_after,
                tickets,
                sessions: sessions.clone(),
                idempotency,
                clock: clock.clone(),
            },
            sessions: Sessions { store: sessions, opaque_tokens, tokens, clock, standings },
        }
    }
}
