//! What each actor can do: load in scope, decide, commit, present.
//!
//! Nothing here knows a database or a web server; everything is tested against mocked ports.
//!
//! [`HelpDesk::new`] takes the [`Ports`] and gives every use case, by who may call it. Whoever calls one holds an actor
//! ([`CustomerActor`](helpdesk_domain::CustomerActor), [`AgentActor`](helpdesk_domain::AgentActor), …), which stands for a caller that was
//! let in: [`Authentication`] gives one for an access token. Answers are views, made for that actor, and never the ticket itself.
//!
//! The example `with_mocks` plays a use case without a database; to serve them over something other than HTTP, call them as the
//! handlers of `helpdesk-http` do, which are a few lines each.
#![deny(missing_docs)]

mod accounts;
mod audit_trail;
mod authentication;
mod error;
mod exports;
mod help_desk;
mod housekeeping;
mod imports;
mod new_password;
mod once;
mod password_proof;
mod sessions;
mod sign_in;
mod standing_cache;
mod teams;
#[cfg(test)]
mod test_support;
mod tickets;
mod tokens;

pub use accounts::{AccountMade, Accounts, InvitationToken, Invitations, OwnAccount, Registration};
pub use audit_trail::AuditTrail;
pub use authentication::{Authenticated, Authentication, AuthenticationError};
pub use error::UseCaseError;
pub use exports::{ExportRecord, Exports, TicketExport};
pub use help_desk::{HelpDesk, Ports, Settings};
pub use housekeeping::Housekeeping;
pub use imports::{Counted, ImportSummary, Importer, Rejection};
pub use once::{Done, OnceRequest};
pub use sessions::{RefreshError, Sessions};
pub use sign_in::{SignIn, SignInError};
pub use teams::Teams;
pub use tickets::{
    AdminTicketPatch, AdminTickets, BulkItem, CustomerTicketDetail, CustomerTickets, Queue, StaffActor,
    StaffTicketDetail, StaffTickets, TicketDetail,
};
pub use tokens::{ACCESS_TOKEN_LIFETIME, SignedIn};
