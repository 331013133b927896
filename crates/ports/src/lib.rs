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
//! # A store of your own
//!
//! A store is what passes the suite of the feature `contract`, and nothing else. There are two in `helpdesk-diesel`; the shortest
//! one, in memory, is the example `memory_store` of this crate, to be copied:
//!
//! 1. Implement [`TicketRepository`], [`UserRepository`], [`SessionRepository`], [`TeamRepository`] and the others of [`Stores`]. What
//!    an implementation MUST do stands at each method.
//! 2. Translate [`Scope::kind`](helpdesk_domain::Scope::kind) in one function, in a `match` without a catch-all arm, and use it in
//!    every read.
//! 3. Write a [`Change`](helpdesk_domain::Change) as one: where the version still is [`base_version`](helpdesk_domain::Change::base_version) and
//!    every [`Precondition`](helpdesk_domain::Precondition) holds.
//! 4. Expand the suite with `helpdesk_ports::contract_suite!(my_store, make_my_store)`. Every case becomes a test by its own name, the
//!    races and random histories among them.
//! 5. Hand it to `helpdesk_use_cases::HelpDesk::new`, and all use cases, and the HTTP interface on them, run on it.
//!
//! # Without a store
//!
//! Feature `mocks` gives a mock of every trait (`MockTicketRepository`, …); the example `with_mocks`
//! of `helpdesk-use-cases` plays a use case on them.
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
