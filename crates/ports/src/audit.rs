//! The audit trail.

use async_trait::async_trait;
use helpdesk_domain::{AdminActor, AuditEntry, AuditId, AuditKind, AuditRecord, UserId};

use crate::{Page, PageRequest, StoreError};

/// What narrows the trail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only what this account did.
    pub actor: Option<UserId>,
    /// Only what is of this kind.
    pub kind: Option<AuditKind>,
}

impl AuditFilter {
    /// Whether it lets this entry through: what a store's translation must agree with.
    pub fn admits(&self, entry: &AuditEntry) -> bool {
        self.actor.is_none_or(|actor| entry.actor.id == Some(actor))
            && self.kind.is_none_or(|kind| entry.kind == kind)
    }
}

/// Which entries are asked for: newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// What narrows them.
    pub filter: AuditFilter,
    /// Which page.
    pub page: PageRequest<AuditId>,
}

/// The audit trail. It is only read here: each entry is written with what it tells of.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AuditRepository: Send + Sync {
    /// A page of the entries that the filter admits, newest first, each with the name that its actor has today.
    async fn list(&self, by: AdminActor, query: AuditQuery)
    -> Result<Page<AuditRecord, AuditId>, StoreError>;
}
