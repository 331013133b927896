//! The one table of error codes: what each is called, its status, and what it says when nothing better is known.

use actix_web::http::StatusCode;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident => $word:literal, $status:ident, $detail:literal;)+) => {
        /// Why a request was not done. The words are part of the contract: clients branch on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)+
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in the member `code`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The status it is answered with.
            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$variant => StatusCode::$status,)+
                }
            }

            /// What the member `detail` says where the place of the error has nothing better.
            pub const fn default_detail(self) -> &'static str {
                match self {
                    $(Self::$variant => $detail,)+
                }
            }
        }
    };
}

error_codes! {
    /// The request makes no sense to the server.
    BadRequest => "bad_request", BAD_REQUEST, "The request could not be understood.";
    /// The body is no JSON object.
    MalformedJson => "malformed_json", BAD_REQUEST, "The body must be a JSON object in UTF-8.";
    /// A field of the body is unknown, missing, repeated or of the wrong type.
    InvalidBody => "invalid_body", BAD_REQUEST, "The body does not have the expected fields.";
    /// A query parameter is unknown, repeated or has a bad value.
    InvalidQuery => "invalid_query", BAD_REQUEST, "The query string is not valid.";
    /// The cursor was not made by this list for this caller and filter.
    InvalidCursor => "invalid_cursor", BAD_REQUEST, "The cursor does not belong to this list.";
    /// No access token was given.
    Unauthenticated => "unauthenticated", UNAUTHORIZED, "An access token is required.";
    /// The access token is malformed, forged, expired or revoked, or a refresh token is no longer good.
    InvalidToken => "invalid_token", UNAUTHORIZED, "The token is not valid.";
    /// Signing in failed.
    InvalidCredentials => "invalid_credentials", UNAUTHORIZED, "E-mail or password is wrong.";
    /// The account's role may not call this operation.
    Forbidden => "forbidden", FORBIDDEN, "This operation is not for your role.";
    /// The caller sees the resource and may not do this to it.
    NotPermitted => "not_permitted", FORBIDDEN, "You may not do this.";
    /// There is no such resource, as far as the caller may know.
    NotFound => "not_found", NOT_FOUND, "There is no such resource.";
    /// The resource does not have this method.
    MethodNotAllowed => "method_not_allowed", METHOD_NOT_ALLOWED, "The resource does not support this method.";
    /// The caller accepts no media type that the server has.
    NotAcceptable => "not_acceptable", NOT_ACCEPTABLE, "Answers are application/json.";
    /// The body took too long to arrive.
    RequestTimeout => "request_timeout", REQUEST_TIMEOUT, "The body did not arrive in time.";
    /// The ticket is closed, which is final.
    TicketClosed => "ticket_closed", CONFLICT, "The ticket is closed, which is final.";
    /// The ticket cannot go from its status to the one asked for.
    InvalidTransition => "invalid_transition", CONFLICT, "The ticket cannot go to this status.";
    /// Another agent works the ticket.
    AlreadyClaimed => "already_claimed", CONFLICT, "Another agent works the ticket.";
    /// No active admin would be left.
    LastAdmin => "last_admin", CONFLICT, "At least one active admin must remain.";
    /// The e-mail address is another account's.
    EmailTaken => "email_taken", CONFLICT, "Another account has this e-mail address.";
    /// Another team has this name.
    TeamNameTaken => "team_name_taken", CONFLICT, "Another team has this name.";
    /// The team has tickets or members.
    TeamNotEmpty => "team_not_empty", CONFLICT, "The team has tickets or members.";
    /// The default team cannot be deleted.
    DefaultTeam => "default_team", CONFLICT, "The default team cannot be deleted.";
    /// The ticket is not at the version that `If-Match` names.
    VersionMismatch => "version_mismatch", PRECONDITION_FAILED, "The ticket has changed since you read it.";
    /// The body is too large.
    PayloadTooLarge => "payload_too_large", PAYLOAD_TOO_LARGE, "A body may have at most 256 KiB.";
    /// The body is not plain JSON.
    UnsupportedMediaType => "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body must be application/json, not compressed.";
    /// Fields of the body have values that the rules do not allow.
    ValidationFailed => "validation_failed", UNPROCESSABLE_ENTITY, "Some fields are not valid.";
    /// The caller has given the idempotency key to another request.
    IdempotencyKeyReused => "idempotency_key_reused", UNPROCESSABLE_ENTITY, "Another request of yours has this Idempotency-Key.";
    /// Too many guesses at a password were made.
    TooManyAttempts => "too_many_attempts", TOO_MANY_REQUESTS, "Too many attempts. Try again later.";
    /// The account makes more requests than it may.
    RateLimited => "rate_limited", TOO_MANY_REQUESTS, "Too many requests. Try again later.";
    /// A defect of the server.
    InternalError => "internal_error", INTERNAL_SERVER_ERROR, "The server failed. The request id helps to find out why.";
    /// The store cannot be reached or is overloaded.
    StoreUnavailable => "store_unavailable", SERVICE_UNAVAILABLE, "The store is not available. Try again.";
    /// Too many passwords are being hashed.
    Busy => "busy", SERVICE_UNAVAILABLE, "Too many sign-ins are under way. Try again.";
    /// The server is about to stop.
    Draining => "draining", SERVICE_UNAVAILABLE, "The server is about to stop.";
}

impl ErrorCode {
    /// The code for an error that the framework made, of which only the status is known.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::NOT_ACCEPTABLE => Self::NotAcceptable,
            StatusCode::REQUEST_TIMEOUT => Self::RequestTimeout,
            StatusCode::PAYLOAD_TOO_LARGE => Self::PayloadTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            other if other.is_client_error() => Self::BadRequest,
            _ => Self::InternalError,
        }
    }

    /// The challenge that goes with it (RFC 6750, section 3): every 401 has one (RFC 9110, section 15.5.2).
    pub(crate) const fn challenge(self) -> Option<&'static str> {
        match self {
            Self::Unauthenticated | Self::InvalidCredentials => Some("Bearer"),
            Self::InvalidToken => Some("Bearer error=\"invalid_token\""),
            _ => None,
        }
    }

    /// After how many seconds trying again makes sense, where the place of the error does not know better.
    pub(crate) const fn retry_after(self) -> Option<u64> {
        match self {
            Self::StoreUnavailable | Self::Draining | Self::TooManyAttempts | Self::RateLimited => Some(1),
            Self::Busy => Some(2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_its_own_word_and_an_error_status() {
        let words: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error(), "{code:?}");
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code:?}");
        }
    }

    #[test]
    fn every_401_has_a_challenge_and_every_429_and_503_a_time_to_retry() {
        for code in ErrorCode::ALL {
            assert_eq!(code.challenge().is_some(), code.status() == StatusCode::UNAUTHORIZED, "{code:?}");
            assert_eq!(
                code.retry_after().is_some(),
                matches!(code.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE),
                "{code:?}"
            );
        }
    }

    #[test]
    fn a_status_of_the_framework_keeps_its_kind() {
        for status in [400, 404, 405, 406, 408, 413, 414, 415, 431, 500, 501] {
            let status = StatusCode::from_u16(status).unwrap();
            let mapped = ErrorCode::of_status(status).status();
            assert_eq!(mapped.is_client_error(), status.is_client_error(), "{status}");
        }
        assert_eq!(ErrorCode::of_status(StatusCode::NOT_FOUND), ErrorCode::NotFound);
        assert_eq!(ErrorCode::of_status(StatusCode::NOT_IMPLEMENTED), ErrorCode::InternalError);
    }
}
