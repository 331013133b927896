//! What pages of other origins are told (the CORS protocol of the Fetch standard): those that are listed may call the API and read
//! its answers, and all others are told nothing, so that their browser keeps the answer from them. Never with credentials that a
//! browser adds by itself: a page has to have a token.

use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderMap,
    HeaderValue,
};

use super::render::vary;
use crate::allowed_origins::AllowedOrigins;

/// What a page may send beyond what every page may.
const REQUEST_HEADERS: &str =
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id";
/// What a page may read beyond what every page may.
const ANSWER_HEADERS: &str = "ETag, Location, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, \
     X-Request-Id, Idempotency-Replayed";
/// For how many seconds a browser need not ask again: about as long as a person looks at a page, and short enough for an operator
/// who takes an origin off the list.
const MAX_AGE: &str = "600";

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// Whether the answer depends on it at all.
    matters: bool,
    /// The page's, if it is listed.
    listed: Option<HeaderValue>,
    is_preflight: bool,
}

impl Origin {
    pub(super) fn of(allowed: &AllowedOrigins, method: &Method, headers: &HeaderMap) -> Self {
        if allowed.is_empty() {
            return Self::default();
        }
        let is_preflight = *method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        Self { matters: true, listed: allowed.of(headers), is_preflight }
    }

    /// What is added to an answer. To a listed page that asks what it may, the methods of the path are told.
    pub(super) fn add_headers(&self, headers: &mut HeaderMap) {
        if !self.matters {
            return;
        }
        vary(headers, "Origin");
        let Some(origin) = &self.listed else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        match headers.get(ALLOW).filter(|_| self.is_preflight).cloned() {
            Some(methods) => {
                headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
                headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(REQUEST_HEADERS));
                headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
            }
            None => {
                headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(ANSWER_HEADERS));
            }
        }
    }
}
