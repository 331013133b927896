//! What both engines have in common, compiled once for each. What differs comes from the engine's `dialect`, `locks`, `bulk`
//! and `hot`.

use super::{bulk, dialect, hot, locks};

mod admin;
mod audit;
mod failure;
mod idempotency;
mod imports;
pub(super) mod migrations;
pub(super) mod rows;
pub(super) mod schema;
pub(super) mod scope;
pub(super) mod search;
mod sessions;
mod standings;
mod stored_ts;
mod teams;
pub(super) mod tickets;
mod unindexed;
mod update;
mod user_text;
mod users;
mod written_once;

use std::sync::Arc;

use helpdesk_ports::{StoreError, Stores};

pub(super) use failure::Failure;
pub(super) use rows::{NewCommentRow, NewEventRow, NewTicketRow, Origin, TicketChangeset};
pub(super) use search::{TextIndex, TextWords};
pub(super) use standings::{is_able_admin, is_active_agent, is_agent};
pub(super) use stored_ts::StoredTs;
pub(super) use tickets::is_resolved;
pub(super) use written_once::written_once;

use crate::executor::Lanes;

/// A sequence of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdSequence {
    /// Odd.
    PublicComments,
    /// Even.
    InternalComments,
    /// Odd.
    PublicEvents,
    /// Even.
    InternalEvents,
}

impl IdSequence {
    /// Its name in the database.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::PublicComments => "comments_public_ids",
            Self::InternalComments => "comments_internal_ids",
            Self::PublicEvents => "ticket_events_public_ids",
            Self::InternalEvents => "ticket_events_internal_ids",
        }
    }
}

/// Does the work in a transaction of its own, of which nothing is kept when it fails, nor when its caller is told that there
/// is no answer in time.
async fn write<T: Send + 'static>(
    lanes: &Lanes<dialect::Conn>,
    work: impl FnOnce(&mut dialect::Conn) -> Result<T, Failure> + Send + 'static,
) -> Result<T, StoreError> {
    lanes.writes.call_watching(move |conn, caller| dialect::transaction(conn, caller, work)).await
}

/// The repositories on these lanes.
pub(super) fn stores(lanes: &Lanes<dialect::Conn>) -> Stores {
    Stores {
        tickets: Arc::new(tickets::DieselTickets::new(lanes.clone())),
        users: Arc::new(users::DieselUsers::new(lanes.clone())),
        sessions: Arc::new(sessions::DieselSessions::new(lanes.clone())),
        teams: Arc::new(teams::DieselTeams::new(lanes.clone())),
        audit: Arc::new(audit::DieselAudit::new(lanes.clone())),
        idempotency: Arc::new(idempotency::DieselIdempotency::new(lanes.clone())),
        imports: Arc::new(imports::DieselImports::new(lanes.clone())),
        exports: Arc::new(tickets::DieselExports::new(lanes.clone())),
        admin: Arc::new(admin::DieselAdmin::new(lanes.clone())),
    }
}
