//! Problems written out, and the headers that every answer has.

use std::borrow::Cow;
use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    RETRY_AFTER, VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpResponse, ResponseError};

use super::context::RequestContext;
use super::cors::Origin;
use super::request_id::X_REQUEST_ID;
use crate::docs_page::PagePolicy;
use crate::problem::{ApiError, ErrorCode, Problem};
use crate::request_limit::LimitState;

/// What an answer may do that is no page.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");
// Three headers, as drafts of the working group had them up to draft-ietf-httpapi-ratelimit-headers-06, and as clients know them.
const RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RATELIMIT_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// The error that a response stands for, if it does: one of ours, or what the status of another says.
pub(super) fn error_in<B>(response: &HttpResponse<B>) -> Option<Cow<'_, ApiError>> {
    let status = response.status();
    match response.error() {
        Some(error) => Some(error_of(error)),
        None if status.is_client_error() || status.is_server_error() => {
            Some(Cow::Owned(ApiError::new(ErrorCode::of_status(status))))
        }
        None => None,
    }
}

/// The same for an error that did not become a response yet.
pub(super) fn error_of(error: &actix_web::Error) -> Cow<'_, ApiError> {
    error.as_error::<ApiError>().map_or_else(
        || {
            let status = error.as_response_error().status_code();
            let code = ErrorCode::of_status(status);
            let known = ApiError::new(code);
            // What the framework says of a bad request may repeat it; of a defect it has to be known.
            Cow::Owned(if status.is_server_error() { known.with_cause(error.to_string()) } else { known })
        },
        Cow::Borrowed,
    )
}

/// A problem as a response, complete but for the headers of [`add_headers`].
pub(super) fn problem(error: &ApiError, request_id: &str) -> HttpResponse {
    let code = error.code();
    let mut response = HttpResponse::build(code.status());
    response.insert_header((CONTENT_TYPE, PROBLEM_JSON));
    if let Some(challenge) = code.challenge() {
        response.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static(challenge)));
    }
    if let Some(seconds) = error.retry_after() {
        response.insert_header((RETRY_AFTER, HeaderValue::from(seconds)));
    }
    if let Some(allow) = error.allow() {
        response.insert_header((ALLOW, allow));
    }
    match serde_json::to_vec(&Problem::of(error, request_id)) {
        Ok(body) => response.body(body),
        // Plain texts and numbers cannot fail to serialise; the status says enough if they did.
        Err(_) => response.finish(),
    }
}

/// The headers that every answer has, and those that every answer to an account has whose requests are counted.
pub(super) fn add_headers<B: MessageBody>(response: &mut HttpResponse<B>, context: &RequestContext) {
    let page_policy = response.extensions().get::<PagePolicy>().map(|policy| policy.0);
    let headers = response.headers_mut();
    let fixed = [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, page_policy.unwrap_or(POLICY)),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(context.request_id()) {
        headers.insert(HeaderName::from_static(X_REQUEST_ID), value);
    }
    if let Some(LimitState { limit, remaining, reset_seconds }) = context.limit() {
        headers.insert(RATELIMIT_LIMIT, limit.into());
        headers.insert(RATELIMIT_REMAINING, remaining.into());
        headers.insert(RATELIMIT_RESET, reset_seconds.into());
    }
}

/// Says that the answer depends on this header of the request (RFC 9110, section 12.5.5).
pub(super) fn vary(headers: &mut HeaderMap, name: &str) {
    let present = headers.get(VARY).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut names: Vec<&str> = present.split(", ").filter(|name| !name.is_empty()).collect();
    if !names.iter().any(|present| present.eq_ignore_ascii_case(name)) {
        names.push(name);
    }
    let value = names.join(", ");
    if let Ok(value) = HeaderValue::from_str(&value) {
        headers.insert(VARY, value);
    }
}

/// A problem, written out already, for where no response can be made any more because the request is gone.
#[derive(Debug)]
pub(super) struct LastResort {
    pub(super) error: ApiError,
    pub(super) context: Rc<RequestContext>,
    pub(super) origin: Origin,
}

impl std::fmt::Display for LastResort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for LastResort {
    fn status_code(&self) -> actix_web::http::StatusCode {
        self.error.code().status()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = problem(&self.error, self.context.request_id());
        add_headers(&mut response, &self.context);
        self.origin.add_headers(response.headers_mut());
        response
    }
}
