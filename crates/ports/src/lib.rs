//! What the help desk asks of the outside: repositories, a clock, randomness, hashing, tokens.
//!
//! Rules for every implementation:
//!
//! * Absence is `Ok(None)`; an error is a failure.
//! * Every read of tickets, comments or history takes a [`Scope`](helpdesk_domain::Scope) and returns exactly what
//!   [`Scope::admits`](helpdesk_domain::Scope::admits) admits. No unscoped read exists, and filters only narrow.
//! * A write is one transaction: all of a change is stored, or nothing.
//! * What was acknowledged is durable.
//!
//! Feature `mocks` gives a mock of every trait (`MockTicketRepository`, …); feature `contract` the suite that decides what
//! a store is.
#![deny(missing_docs)]

mod crypto;
mod environment;
mod error;
mod guess;
mod page;
mod session;
mod store;
mod ticket;
mod user;

#[cfg(feature = "contract")]
pub mod contract;

pub use crypto::{
    AccessClaims, AccessTokens, HashError, InvalidToken, OpaqueTokens, PasswordHash, PasswordHasher,
    PasswordScreen, TokenDigest, TokenFault,
};
pub use environment::{Clock, Random};
pub use error::{Cause, StoreError};
pub use guess::{Admission, Guess, GuessLimits, GuessOutcome};
pub use page::{Limit, LimitError, Page, PageRequest};
pub use session::{NewSession, SessionRepository, Standing};
pub use store::{STORE_SECRET_BYTES, StoreAdmin, StoreSecret, Stores};
pub use ticket::{
    CommentPosition, Commit, Committed, Decide, Direction, LockedCommit, SortKey, TicketFilter,
    TicketPosition, TicketQuery, TicketRepository, TicketSort, TicketWithComments,
};
pub use user::{AccountCommit, Credentials, UserCreation, UserRepository};

#[cfg(feature = "mocks")]
pub use {
    crypto::{MockAccessTokens, MockOpaqueTokens, MockPasswordHasher, MockPasswordScreen},
    environment::{MockClock, MockRandom},
    guess::MockGuessLimits,
    session::MockSessionRepository,
    store::MockStoreAdmin,
    ticket::MockTicketRepository,
    user::MockUserRepository,
};
