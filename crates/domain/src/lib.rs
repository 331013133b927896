//! The rules of a help desk, as plain Rust: no database, no web server, no clock, no async.
//!
//! * [`Ticket::decide`] says what an [`Actor`] may change, and returns a [`Change`]: the ticket as it will be, and the
//!   [`Event`]s that say what happened.
//! * [`Actor::scope`] is the only source of a [`Scope`], and [`Scope::admits`] is the rule about who may see which
//!   ticket; [`CommentScope::admits`] is the one about comments and events.
//! * [`CustomerTicketView`] and [`CustomerCommentView`] are all that a customer ever sees. They have no field that could
//!   hold anything internal.
//!
//! # Where to begin
//!
//! | to | look at |
//! | --- | --- |
//! | ask who may do what, with tickets kept anywhere | the example `policy`, [`Actor`], [`Ticket::decide`] |
//! | follow a ticket from its opening to its end | the example `ticket_life` |
//! | change who may move a ticket where | [`workflow::TRANSITIONS`], which is enforced and published |
//! | change who may see what | [`Scope::admits`], [`CommentScope::admits`], [`FieldChange::visibility`] |
//! | keep accounts, teams and their trail | [`User`], [`Team`], [`AuditEntry`]: what changes one makes the entry with it |
//! | limit how often passwords are guessed | [`SignInLimits`], [`Bucket`] |
//! | keep and fetch all that | the crate `helpdesk-ports`, which says what a store must do and proves it |
//!
//! Everything is a value: a [`Ticket`] comes from [`Ticket::open`] or, as a store holds it, from [`Ticket::from_stored`], and what
//! changes it returns what it would become. Time is an argument, texts are parsed into types that cannot hold anything else
//! ([`Subject::parse`], [`Email::parse`]), and what is refused is a [`Refusal`] that names why.
//!
//! The invariant everything else serves: **nothing that is written internally changes one byte of what a customer can
//! observe**. A ticket therefore has a version and a change time for the public, and another pair for staff.
//!
//! # A ticket in twenty lines
//!
//! ```
//! use helpdesk_domain::*;
//!
//! let now = Ts::from_micros(1_700_000_000_000_000).unwrap();
//! let ada = Person::new(UserId::new(1).unwrap(), "Ada", "ada@example.com");
//! let customer = CustomerActor::new(ada.id());
//! let draft = NewTicket {
//!     subject: Subject::parse("Printer on fire").unwrap(),
//!     description: Description::parse("It really is.").unwrap(),
//!     priority: Priority::High,
//!     follow_up_of: None,
//! };
//! let opening = Ticket::open(&customer, draft, now);
//! let ticket = opening.into_ticket(TicketId::new(1).unwrap(), ada, TeamRef::new(TeamId::new(1).unwrap(), "Support"));
//!
//! // Somebody else's ticket does not exist for this customer.
//! let other = Actor::from(CustomerActor::new(UserId::new(2).unwrap()));
//! assert!(!other.scope().admits(&ticket.facts()));
//!
//! // The requester may close it, and nothing else.
//! let close = TicketCommand::Update(TicketPatch { status: Some(Status::Closed), ..TicketPatch::default() });
//! let Outcome::Changed(change) = ticket.decide(&customer.into(), close, now).unwrap() else { panic!() };
//! assert_eq!(change.ticket().status(), Status::Closed);
//! ```
#![deny(missing_docs)]

mod account;
mod actor;
mod audit;
mod client_address;
mod comment;
mod credential;
mod event;
mod guessing;
mod ids;
mod import;
mod password;
mod people;
mod refusal;
mod scope;
#[cfg(feature = "serde")]
mod serde_impls;
mod session;
mod tags;
mod team;
mod text;
mod ticket;
mod ts;
mod views;
mod vocabulary;
pub mod workflow;

pub use account::{
    AccountChange, AccountCreation, AccountOutcome, CredentialChange, EndedSessions, FirstCredential,
    INVITATION_LIFETIME, Invitation, JoinedTeams, NewUser, User, UserPatch, UserRecord,
};
pub use actor::{AccountsActor, Actor, ActorKind, AdminActor, AgentActor, CustomerActor, SystemActor};
pub use audit::{AuditChange, AuditEntry, AuditRecord, AuditSubject, AuditValue};
pub use client_address::{ClientAddress, ClientNetwork};
pub use comment::{Comment, CommentAuthor, CommentDraft, NewComment};
pub use credential::{PasswordHash, TokenDigest};
pub use event::{Event, EventActor, EventRecord, FieldChange};
pub use guessing::{Allowance, AllowanceError, Bucket, SignInLimits};
pub use ids::{AuditId, CommentId, EventId, IdError, MAX_ID, SessionId, SourceId, TeamId, TicketId, UserId};
pub use import::{
    Arrival, CommentToImport, IMPORT_LEEWAY, ImportFault, ImportedAccount, ImportedComment, ImportedTicket,
    Place, TicketToImport, Told,
};
pub use password::{NewPassword, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, PasswordError};
pub use people::{AgentRef, Person, TeamRef};
pub use refusal::Refusal;
pub use scope::{CommentScope, Scope, ScopeKind, TicketFacts};
pub use session::{
    Client, PresentedToken, Refresh, Replay, Rotation, SESSION_IDLE_LIFETIME, SESSION_LIFETIME, Session,
    UserAgent,
};
pub use tags::{MAX_TAGS, TAG_MAX_CHARS, Tag, TagError, Tags};
pub use team::{MembershipChange, Team, TeamCreation, TeamDeletion, TeamRenaming};
pub use text::{
    CommentBody, Description, Email, EmailError, PersonName, SourceName, Subject, TeamName, TextError,
};
pub use ticket::{
    Change, NewTicket, Opening, Outcome, Precondition, QueueScope, Ticket, TicketCommand, TicketPatch,
    TicketRecord,
};
pub use ts::{Ts, TsError};
pub use views::{
    CustomerCommentView, CustomerEventView, CustomerFieldChange, CustomerTicketView, StaffCommentView,
    StaffEventView, StaffTicketView,
};
pub use vocabulary::{AuditKind, EventKind, Priority, Role, Status, UnknownWord, Visibility};
