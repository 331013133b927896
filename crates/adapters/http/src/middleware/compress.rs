//! Answers that are sent as gzip. Where the operator has turned it on, and never what a caller is given as a secret: those are
//! answers to `POST`.

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody as _};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};

use super::render::vary;
use crate::content_coding::{self, takes_gzip};
use crate::entity_tag;

/// What is smaller fits into one packet either way.
const LEAST_BYTES: u64 = 1_024;

/// Whether an answer may be sent as gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// It is sent as it is, whatever the caller takes.
    Never,
    /// It depends on what the caller takes.
    Offered { wanted: bool },
}

impl Coding {
    pub(super) fn of(is_on: bool, method: &Method, headers: &HeaderMap) -> Self {
        if is_on && (*method == Method::GET || *method == Method::HEAD) {
            Self::Offered { wanted: takes_gzip(headers) }
        } else {
            Self::Never
        }
    }

    /// The answer as it is sent.
    pub(super) fn apply(self, mut response: HttpResponse) -> HttpResponse {
        let Self::Offered { wanted } = self else { return response };
        let status = response.status();
        if !is_json(&response) && status != StatusCode::NOT_MODIFIED {
            return response;
        }
        vary(response.headers_mut(), "Accept-Encoding");
        let is_large = matches!(response.body().size(), BodySize::Sized(size) if size >= LEAST_BYTES);
        if wanted && is_large && status == StatusCode::OK { compressed(response) } else { response }
    }
}

fn is_json(response: &HttpResponse) -> bool {
    let headers = response.headers();
    !headers.contains_key(CONTENT_ENCODING)
        && headers.get(CONTENT_TYPE).is_some_and(|media| media.as_bytes() == b"application/json")
}

/// The answer as gzip, with the tag that goes with these bytes. One that comes in pieces stays as it is.
fn compressed(response: HttpResponse) -> HttpResponse {
    let (mut head, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Err(body) => return head.set_body(body),
        Ok(bytes) => match content_coding::gzip(&bytes) {
            Ok(packed) => packed,
            // There is nothing in memory that could fail; the plain answer is as good.
            Err(_) => return head.set_body(BoxBody::new(bytes)),
        },
    };
    let headers = head.headers_mut();
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    if let Some(tag) = headers.get(ETAG).and_then(entity_tag::of_gzip) {
        headers.insert(ETAG, tag);
    }
    head.set_body(BoxBody::new(body))
}
