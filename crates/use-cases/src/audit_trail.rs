//! Reading the audit trail.

use std::sync::Arc;

use helpdesk_domain::{AdminActor, AuditId, AuditRecord};
use helpdesk_ports::{AuditQuery, AuditRepository, Page};

use crate::UseCaseError;

/// The audit trail.
pub struct AuditTrail {
    pub(crate) audit: Arc<dyn AuditRepository>,
}

impl AuditTrail {
    /// A page of the entries that the filter admits, newest first.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn list(
        &self,
        by: AdminActor,
        query: AuditQuery,
    ) -> Result<Page<AuditRecord, AuditId>, UseCaseError> {
        Ok(self.audit.list(by, query).await?)
    }
}
