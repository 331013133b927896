//! Errors as callers see them: `application/problem+json` (RFC 9457), every one.
//!
//! A handler fails with an [`ApiError`]. The outer middleware, which alone knows the request's id, writes it out, and
//! does the same for errors that the framework makes.

mod code;
mod document;
mod mapping;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

pub use code::ErrorCode;
pub(crate) use document::{FieldError, ItemProblem, Problem};

/// Why a request was not done: what the caller may know, and apart from it the cause, which only the log may know.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    code: ErrorCode,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    // Boxed, since errors are passed by value through every layer.
    cause: Option<Box<str>>,
    allow: Option<Box<str>>,
    retry_after: Option<u64>,
    current_version: Option<i64>,
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode) -> Self {
        Self {
            code,
            detail: Cow::Borrowed(code.default_detail()),
            errors: Vec::new(),
            cause: None,
            allow: None,
            retry_after: None,
            current_version: None,
        }
    }

    /// One that names the faulty fields or parameters.
    pub(crate) fn with_errors(code: ErrorCode, errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(code) }
    }

    /// A value that the rules do not allow, in this field.
    pub(crate) fn invalid_field(field: &'static str, code: &'static str, message: impl fmt::Display) -> Self {
        Self::with_errors(
            ErrorCode::ValidationFailed,
            vec![FieldError::new(field, code, message.to_string())],
        )
    }

    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        Self { allow: Some(allow.into()), ..Self::new(ErrorCode::MethodNotAllowed) }
    }

    /// The caller has not seen what the ticket is by now.
    pub(crate) fn version_mismatch(current: i64) -> Self {
        Self { current_version: Some(current), ..Self::new(ErrorCode::VersionMismatch) }
    }

    /// Too many guesses at a password.
    pub(crate) fn too_many_attempts(retry_after: Duration) -> Self {
        Self::new(ErrorCode::TooManyAttempts).with_retry_after(retry_after)
    }

    /// Too many requests of one account.
    pub(crate) fn rate_limited(retry_after: Duration) -> Self {
        Self::new(ErrorCode::RateLimited).with_retry_after(retry_after)
    }

    fn with_retry_after(self, retry_after: Duration) -> Self {
        Self { retry_after: Some(whole_seconds(retry_after)), ..self }
    }

    /// The same, where the faulty fields are those of an object in this field of the body.
    pub(crate) fn within(mut self, outer: &str) -> Self {
        for error in &mut self.errors {
            error.field = format!("{outer}.{}", error.field);
        }
        self
    }

    pub(crate) fn with_detail(self, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// Keeps what went wrong inside, for the log.
    pub(crate) fn with_cause(self, cause: impl Into<Box<str>>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// After how many seconds trying again makes sense: as the error knows, or as is usual for its code.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        self.retry_after.or(self.code.retry_after())
    }

    /// The methods that the resource has, where the error is that it lacks one.
    pub(crate) fn allow(&self) -> Option<&str> {
        self.allow.as_deref()
    }
}

/// A time to wait in whole seconds, which is all that headers can say: never too few, and never none.
pub(crate) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0)).max(1)
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// The status alone: the outer middleware finds this error in the response and writes the body.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_wait_is_rounded_up_and_is_never_nothing() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
            let time = Duration::from_millis(millis);
            assert_eq!(ApiError::too_many_attempts(time).retry_after(), Some(seconds), "{millis}");
            assert_eq!(ApiError::rate_limited(time).retry_after(), Some(seconds), "{millis}");
        }
        assert_eq!(whole_seconds(Duration::MAX), u64::MAX);
        assert_eq!(ApiError::new(ErrorCode::Busy).retry_after(), Some(2));
        assert_eq!(ApiError::new(ErrorCode::NotFound).retry_after(), None);
    }
}
