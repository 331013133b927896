//! What each actor can do: load in scope, decide, commit, present.
//!
//! Nothing here knows a database or a web server; everything is tested against mocked ports.
#![deny(missing_docs)]

mod accounts;
mod authentication;
mod error;
mod help_desk;
mod sign_in;
mod standing_cache;
#[cfg(test)]
mod test_support;
mod tickets;

pub use accounts::Accounts;
pub use authentication::{Authenticated, Authentication, AuthenticationError};
pub use error::UseCaseError;
pub use help_desk::{HelpDesk, Ports};
pub use sign_in::{ACCESS_TOKEN_LIFETIME, SignIn, SignInError, SignedIn};
pub use tickets::{
    AdminTicketPatch, AdminTickets, CustomerTicketDetail, CustomerTickets, StaffActor, StaffTicketDetail,
    StaffTickets, TicketDetail,
};
