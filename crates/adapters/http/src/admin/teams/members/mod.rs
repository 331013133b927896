//! `/admin/teams/{id}/members…`

pub(super) mod add;
pub(super) mod list;
pub(super) mod remove;
