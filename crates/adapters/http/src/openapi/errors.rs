//! The errors that operations document, in sets: each set names codes, and their statuses follow from the table of codes.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::IntoResponses;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::{RefOr, Response, ResponseBuilder};

use crate::problem::ErrorCode;
use ErrorCode::{
    AlreadyClaimed, BadRequest, Busy, DefaultTeam, Draining, EmailTaken, Forbidden, IdempotencyKeyReused,
    InternalError, InvalidBody, InvalidCredentials, InvalidCursor, InvalidQuery, InvalidToken,
    InvalidTransition, LastAdmin, MalformedJson, NotAcceptable, NotFound, NotPermitted, PayloadTooLarge,
    RateLimited, RequestTimeout, StoreUnavailable, TeamNameTaken, TeamNotEmpty, TicketClosed,
    TooManyAttempts, Unauthenticated, UnsupportedMediaType, ValidationFailed, VersionMismatch,
};

/// Where a response keeps the codes that it stands for, until the document is finished.
pub(super) const CODES: &str = "x-codes";

/// What any operation may answer.
const ANY: &[ErrorCode] = &[NotAcceptable];
/// What any operation may answer that asks a store or anything else that can fail.
const FAULT: &[ErrorCode] = &[InternalError];
/// What any operation for one role may answer.
const GUARD: &[ErrorCode] = &[Unauthenticated, InvalidToken, Forbidden, RateLimited, StoreUnavailable];
/// What any operation for every signed-in account may answer.
const ACCOUNT: &[ErrorCode] = &[Unauthenticated, InvalidToken, RateLimited, StoreUnavailable];
/// What any operation with a body may answer.
const BODY: &[ErrorCode] = &[
    BadRequest,
    MalformedJson,
    InvalidBody,
    RequestTimeout,
    PayloadTooLarge,
    UnsupportedMediaType,
    ValidationFailed,
];
/// What any operation that is done once under a key may answer.
const ONCE: &[ErrorCode] = &[IdempotencyKeyReused];
/// What any list may answer.
const QUERY: &[ErrorCode] = &[InvalidQuery, InvalidCursor];

macro_rules! error_set {
    ($($(#[$doc:meta])* $name:ident: $($codes:expr),+;)+) => {
        $($(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                responses(&[ANY, $($codes),+])
            }
        })+
    };
}

error_set! {
    /// An operation that needs no token and reads nothing.
    PlainErrors: &[];
    /// Whether the instance is ready.
    ReadinessErrors: FAULT, &[StoreUnavailable, Draining];
    /// Signing in.
    LoginErrors: FAULT, BODY, &[InvalidCredentials, TooManyAttempts, Busy, StoreUnavailable];
    /// Staying signed in.
    RefreshErrors: FAULT, BODY, &[InvalidToken, TooManyAttempts, StoreUnavailable];
    /// Accepting an invitation.
    AcceptInvitationErrors: FAULT, BODY, &[Busy, StoreUnavailable];
    /// Making an account of one's own.
    RegisterErrors: FAULT, BODY, &[NotFound, EmailTaken, TooManyAttempts, Busy, StoreUnavailable];
    /// What an account does with itself.
    OwnErrors: FAULT, ACCOUNT;
    /// A list of what is one's own.
    OwnListErrors: FAULT, ACCOUNT, QUERY;
    /// One thing of one's own.
    OwnReadErrors: FAULT, ACCOUNT, &[NotFound];
    /// Changing one's own account.
    UpdateOwnErrors: FAULT, ACCOUNT, BODY;
    /// Changing one's own password.
    ChangePasswordErrors: FAULT, ACCOUNT, BODY, &[TooManyAttempts, Busy];
    /// A list.
    ListErrors: FAULT, GUARD, QUERY;
    /// An export.
    ExportErrors: FAULT, GUARD, &[InvalidQuery];
    /// A list below a resource.
    NestedListErrors: FAULT, GUARD, QUERY, &[NotFound];
    /// Reading one resource.
    ReadErrors: FAULT, GUARD, &[NotFound];
    /// Creating something that nothing forbids.
    CreateErrors: FAULT, GUARD, BODY, ONCE;
    /// Writing a comment.
    CommentErrors: FAULT, GUARD, BODY, ONCE, &[NotFound, TicketClosed, VersionMismatch];
    /// Changing a ticket as an agent: every status but `closed` can be left for every other.
    UpdateAgentTicketErrors: FAULT, GUARD, BODY, &[NotFound, TicketClosed, VersionMismatch];
    /// Changing a ticket as an admin, who may open a closed one, and nothing else of it.
    UpdateAdminTicketErrors: FAULT, GUARD, BODY, &[NotFound, TicketClosed, InvalidTransition, VersionMismatch];
    /// Changing a ticket as its requester, who may close it, also when it is closed.
    UpdateCustomerTicketErrors: FAULT, GUARD, BODY, &[NotFound, NotPermitted, VersionMismatch];
    /// Changing several tickets: what forbids changing one of them stands in its result.
    BulkErrors: FAULT, GUARD, BODY;
    /// Taking a ticket.
    ClaimErrors: FAULT, GUARD, &[NotFound, AlreadyClaimed, TicketClosed];
    /// Putting a ticket back.
    ReleaseErrors: FAULT, GUARD, &[NotFound, TicketClosed];
    /// Creating an account.
    CreateUserErrors: FAULT, GUARD, BODY, ONCE, &[EmailTaken, Busy];
    /// Changing an account.
    UpdateUserErrors: FAULT, GUARD, BODY, &[NotFound, LastAdmin];
    /// Taking a password away.
    PasswordResetErrors: FAULT, GUARD, &[NotFound, LastAdmin];
    /// Creating a team.
    CreateTeamErrors: FAULT, GUARD, BODY, ONCE, &[TeamNameTaken];
    /// Changing a team.
    UpdateTeamErrors: FAULT, GUARD, BODY, &[NotFound, TeamNameTaken];
    /// Deleting a team.
    DeleteTeamErrors: FAULT, GUARD, &[NotFound, DefaultTeam, TeamNotEmpty];
    /// Adding somebody to a team.
    AddMemberErrors: FAULT, GUARD, &[NotFound, ValidationFailed];
}

fn responses(sets: &[&[ErrorCode]]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<u16, BTreeSet<ErrorCode>>::new();
    for code in sets.iter().flat_map(|set| set.iter()) {
        by_status.entry(code.status().as_u16()).or_default().insert(*code);
    }
    by_status.into_iter().map(|(status, codes)| (status.to_string(), RefOr::T(response(&codes)))).collect()
}

/// The codes alone: how they look in an answer, `finish` says.
fn response(codes: &BTreeSet<ErrorCode>) -> Response {
    let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    ResponseBuilder::new().extensions(Some(Extensions::from_iter([(CODES, codes)]))).build()
}
