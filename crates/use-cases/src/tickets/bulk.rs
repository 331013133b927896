//! The same change of several tickets.

use helpdesk_domain::{Actor, Refusal, StaffTicketView, TicketCommand, TicketId, TicketPatch};

use super::Desk;
use crate::UseCaseError;

#[cfg(test)]
mod tests;

/// What came of the change of one of several tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkItem {
    /// Which ticket.
    pub id: TicketId,
    /// What it is now, changed or not, or why it stays as it is.
    pub outcome: Result<StaffTicketView, Refusal>,
}

impl Desk {
    /// Changes fields of each of the tickets, and tells of each in the order in which they were named.
    pub(super) async fn update_many(
        &self,
        actor: &Actor,
        ids: &[TicketId],
        patch: TicketPatch,
    ) -> Result<Vec<BulkItem>, UseCaseError> {
        // Whatever the tickets are.
        if patch.is_empty() {
            return Err(Refusal::NothingToChange.into());
        }
        let mut decided = self.change_many(actor, ids, &TicketCommand::Update(patch)).await?;
        let item = |id: &TicketId| {
            let outcome = decided.remove(id).unwrap_or(Err(Refusal::NotVisible));
            BulkItem { id: *id, outcome: outcome.map(StaffTicketView::from) }
        };
        Ok(ids.iter().map(item).collect())
    }
}
