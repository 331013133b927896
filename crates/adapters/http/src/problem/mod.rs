//! Errors as callers see them: `application/problem+json` (RFC 9457), every one.
//!
//! A handler fails with an [`ApiError`]. The outer middleware, which alone knows the request's id, writes it out, and
//! does the same for errors that the framework makes.

mod code;
mod document;
mod mapping;

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

pub use code::ErrorCode;
pub(crate) use document::{FieldError, Problem};

/// Why a request was not done: what the caller may know, and apart from it the cause, which only the log may know.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    code: ErrorCode,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    cause: Option<String>,
    allow: Option<String>,
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode) -> Self {
        Self {
            code,
            detail: Cow::Borrowed(code.default_detail()),
            errors: Vec::new(),
            cause: None,
            allow: None,
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
        Self { allow: Some(allow.to_owned()), ..Self::new(ErrorCode::MethodNotAllowed) }
    }

    pub(crate) fn with_detail(self, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// Keeps what went wrong inside, for the log.
    pub(crate) fn with_cause(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The methods that the resource has, where the error is that it lacks one.
    pub(crate) fn allow(&self) -> Option<&str> {
        self.allow.as_deref()
    }
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
