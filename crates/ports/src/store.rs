//! The store as a whole.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    AuditRepository, ExportRepository, IdempotencyRepository, ImportRepository, SessionRepository,
    StoreError, TeamRepository, TicketRepository, UserRepository,
};

/// How many bytes a [`StoreSecret`] has.
pub const STORE_SECRET_BYTES: usize = 32;

/// A secret that the first migration makes and the store keeps: it keys cursors and fingerprints, so that rotating the
/// signing keys breaks no crawl, and all instances on one store agree.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreSecret(pub [u8; STORE_SECRET_BYTES]);

impl fmt::Debug for StoreSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreSecret(…)")
    }
}

/// What operations asks of a store.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait StoreAdmin: Send + Sync {
    /// Whether it can be reached and its schema is the one this binary knows. MUST answer within seconds.
    async fn ready(&self) -> Result<(), StoreError>;

    /// The store's own secret.
    async fn secret(&self) -> Result<StoreSecret, StoreError>;

    /// Finishes what was begun and lets go of everything it holds, before the process ends. Every later call may be
    /// [`StoreError::Unavailable`]. Blocks. A store that holds nothing has nothing to do.
    fn close(&self) {}
}

/// A store: every repository of it.
#[derive(Clone)]
pub struct Stores {
    /// Tickets, comments and events.
    pub tickets: Arc<dyn TicketRepository>,
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Sign-in sessions.
    pub sessions: Arc<dyn SessionRepository>,
    /// Teams and their members.
    pub teams: Arc<dyn TeamRepository>,
    /// The audit trail.
    pub audit: Arc<dyn AuditRepository>,
    /// The answers that are kept.
    pub idempotency: Arc<dyn IdempotencyRepository>,
    /// Exporting tickets.
    pub exports: Arc<dyn ExportRepository>,
    /// Importing tickets.
    pub imports: Arc<dyn ImportRepository>,
    /// The store as a whole.
    pub admin: Arc<dyn StoreAdmin>,
}
