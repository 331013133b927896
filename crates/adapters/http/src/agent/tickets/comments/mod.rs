//! `/agent/tickets/{id}/comments`

pub(super) mod create;
pub(super) mod list;
