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

mod audit;
mod crypto;
mod environment;
mod error;
mod export;
mod guess;
mod idempotency;
mod import;
mod page;
mod session;
mod store;
mod team;
mod ticket;
mod ticket_filter;
mod ticket_search;
mod user;
mod user_search;
mod words;

#[cfg(feature = "contract")]
pub mod contract;

pub use audit::{AuditFilter, AuditQuery, AuditRepository};
pub use crypto::{
    AccessClaims, AccessTokens, HashError, InvalidToken, OpaqueTokens, PasswordHasher, PasswordScreen,
    TokenFault,
};
pub use environment::{Clock, Random};
pub use error::{Cause, StoreError};
pub use export::{ExportRepository, ExportedComment, ExportedTicket};
pub use guess::{Admission, Guess, GuessLimits};
pub use idempotency::{
    Answer, Fingerprint, IDEMPOTENCY_KEY_MAX, IdempotencyKey, IdempotencyKeyError, IdempotencyRepository,
    KeptAnswer, Once, Render, WrittenOnce,
};
pub use import::{ImportBatch, ImportItem, ImportRepository, Imported};
pub use page::{Limit, LimitError, Page, PageRequest};
pub use session::{Forgotten, Refreshed, SessionPosition, SessionRepository, ShownToken, Standing};
pub use store::{STORE_SECRET_BYTES, StoreAdmin, StoreSecret, Stores};
pub use team::{MembershipCommit, TeamDeleted, TeamMade, TeamRenamed, TeamRepository};
pub use ticket::{
    CommentPosition, Commit, Committed, Decide, DecideEach, Decided, Direction, EventPosition, LockedCommit,
    SortKey, TicketPosition, TicketQuery, TicketRepository, TicketSort, TicketWithComments,
};
pub use ticket_filter::TicketFilter;
pub use ticket_search::{SoughtWord, TicketSearch, TicketSearchError};
pub use user::{AccountCommit, Credentials, Invited, UserCreation, UserFilter, UserQuery, UserRepository};
pub use user_search::UserSearch;
pub use words::{WORD_MAX_CHARS, WORDS_VERSION, words};
// What the rules pass on and stores keep.
pub use helpdesk_domain::{PasswordHash, TokenDigest};

#[cfg(feature = "mocks")]
pub use {
    audit::MockAuditRepository,
    crypto::{MockAccessTokens, MockOpaqueTokens, MockPasswordHasher, MockPasswordScreen},
    environment::{MockClock, MockRandom},
    export::MockExportRepository,
    guess::MockGuessLimits,
    idempotency::MockIdempotencyRepository,
    import::MockImportRepository,
    session::MockSessionRepository,
    store::MockStoreAdmin,
    team::MockTeamRepository,
    ticket::MockTicketRepository,
    user::MockUserRepository,
};
