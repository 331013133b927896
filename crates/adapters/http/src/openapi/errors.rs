//! The errors that operations document, in sets: each set names codes, and their statuses follow from the table of codes.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type};

use crate::problem::ErrorCode;
use ErrorCode::{
    AlreadyClaimed, BadRequest, Busy, DefaultTeam, Draining, EmailTaken, Forbidden, IdempotencyKeyReused,
    InternalError, InvalidBody, InvalidCredentials, InvalidCursor, InvalidQuery, InvalidToken,
    InvalidTransition, LastAdmin, MalformedJson, NotAcceptable, NotFound, NotPermitted, PayloadTooLarge,
    RateLimited, RequestTimeout, StoreUnavailable, TeamNameTaken, TeamNotEmpty, TicketClosed,
    TooManyAttempts, Unauthenticated, UnsupportedMediaType, ValidationFailed, VersionMismatch,
};

/// What any operation may answer.
const ANY: &[ErrorCode] = &[NotAcceptable, InternalError];
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
    ReadinessErrors: &[StoreUnavailable, Draining];
    /// Signing in.
    LoginErrors: BODY, &[InvalidCredentials, TooManyAttempts, Busy, StoreUnavailable];
    /// Staying signed in.
    RefreshErrors: BODY, &[InvalidToken, TooManyAttempts, StoreUnavailable];
    /// Accepting an invitation.
    AcceptInvitationErrors: BODY, &[Busy, StoreUnavailable];
    /// Making an account of one's own.
    RegisterErrors: BODY, &[NotFound, EmailTaken, TooManyAttempts, Busy, StoreUnavailable];
    /// What an account does with itself.
    OwnErrors: ACCOUNT;
    /// A list of what is one's own.
    OwnListErrors: ACCOUNT, QUERY;
    /// One thing of one's own.
    OwnReadErrors: ACCOUNT, &[NotFound];
    /// Changing one's own account.
    UpdateOwnErrors: ACCOUNT, BODY;
    /// Changing one's own password.
    ChangePasswordErrors: ACCOUNT, BODY, &[TooManyAttempts, Busy];
    /// A list.
    ListErrors: GUARD, QUERY;
    /// An export.
    ExportErrors: GUARD, &[InvalidQuery];
    /// A list below a resource.
    NestedListErrors: GUARD, QUERY, &[NotFound];
    /// Reading one resource.
    ReadErrors: GUARD, &[NotFound];
    /// Creating something that nothing forbids.
    CreateErrors: GUARD, BODY, ONCE;
    /// Writing a comment.
    CommentErrors: GUARD, BODY, ONCE, &[NotFound, TicketClosed, VersionMismatch];
    /// Changing a ticket.
    UpdateTicketErrors: GUARD, BODY, &[NotFound, NotPermitted, TicketClosed, InvalidTransition, VersionMismatch];
    /// Changing several tickets: what forbids changing one of them stands in its result.
    BulkErrors: GUARD, BODY;
    /// Taking a ticket.
    ClaimErrors: GUARD, &[NotFound, AlreadyClaimed, TicketClosed];
    /// Putting a ticket back.
    ReleaseErrors: GUARD, &[NotFound, TicketClosed];
    /// Creating an account.
    CreateUserErrors: GUARD, BODY, ONCE, &[EmailTaken, Busy];
    /// Changing an account.
    UpdateUserErrors: GUARD, BODY, &[NotFound, LastAdmin];
    /// Taking a password away.
    PasswordResetErrors: GUARD, &[NotFound, LastAdmin];
    /// Creating a team.
    CreateTeamErrors: GUARD, BODY, ONCE, &[TeamNameTaken];
    /// Changing a team.
    UpdateTeamErrors: GUARD, BODY, &[NotFound, TeamNameTaken];
    /// Deleting a team.
    DeleteTeamErrors: GUARD, &[NotFound, DefaultTeam, TeamNotEmpty];
    /// Adding somebody to a team.
    AddMemberErrors: GUARD, &[NotFound, ValidationFailed];
}

fn responses(sets: &[&[ErrorCode]]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<u16, Vec<ErrorCode>>::new();
    for code in sets.iter().flat_map(|set| set.iter()) {
        by_status.entry(code.status().as_u16()).or_default().push(*code);
    }
    by_status.into_iter().map(|(status, codes)| (status.to_string(), RefOr::T(response(&codes)))).collect()
}

fn response(codes: &[ErrorCode]) -> Response {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let lines: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.default_detail())).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let mut response =
        ResponseBuilder::new().description(lines.join("\n\n")).content("application/problem+json", content);
    if codes.iter().any(|code| code.challenge().is_some()) {
        let header =
            HeaderBuilder::new().schema(Some(text())).description(Some("The challenge of RFC 6750.")).build();
        response = response.header("WWW-Authenticate", header);
    }
    if codes.iter().any(|code| code.retry_after().is_some()) {
        let header = HeaderBuilder::new()
            .schema(Some(text().pattern(Some("^[0-9]+$"))))
            .description(Some("After how many seconds to try again."))
            .build();
        response = response.header("Retry-After", header);
    }
    if codes.contains(&RateLimited) {
        for (name, description) in [
            ("RateLimit-Limit", "How many requests the account may make at once."),
            ("RateLimit-Remaining", "How many it may make at once now."),
            ("RateLimit-Reset", "After how many seconds it may make all of them again, if it makes none."),
        ] {
            let header = HeaderBuilder::new()
                .schema(Some(text().pattern(Some("^[0-9]+$"))))
                .description(Some(description))
                .build();
            response = response.header(name, header);
        }
    }
    response.build()
}
