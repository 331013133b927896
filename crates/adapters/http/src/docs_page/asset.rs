//! Files that are built into the binary.

use std::io::Read as _;
use std::sync::OnceLock;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, VARY};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use flate2::read::GzDecoder;

use crate::content_coding::takes_gzip;
use crate::problem::{ApiError, ErrorCode};

/// The `Content-Security-Policy` of an answer that is a page, where all others have one that allows nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PagePolicy(pub(crate) &'static str);

/// A file, and where it is served.
pub(super) struct Asset {
    pub(super) path: &'static str,
    pub(super) media_type: &'static str,
    content: Content,
    policy: Option<PagePolicy>,
}

enum Content {
    Plain(&'static [u8]),
    /// As gzip, which nearly everybody takes; for whom does not, it is unpacked once.
    Gzip {
        packed: &'static [u8],
        unpacked: OnceLock<Bytes>,
    },
}

impl Asset {
    pub(super) const fn plain(path: &'static str, media_type: &'static str, content: &'static [u8]) -> Self {
        Self { path, media_type, content: Content::Plain(content), policy: None }
    }

    pub(super) const fn gzip(path: &'static str, media_type: &'static str, packed: &'static [u8]) -> Self {
        let content = Content::Gzip { packed, unpacked: OnceLock::new() };
        Self { path, media_type, content, policy: None }
    }

    pub(super) const fn page(path: &'static str, content: &'static [u8], policy: &'static str) -> Self {
        let policy = Some(PagePolicy(policy));
        Self { path, media_type: "text/html", content: Content::Plain(content), policy }
    }

    pub(super) fn respond(&self, request: &HeaderMap) -> Result<HttpResponse, ApiError> {
        let mut answer = HttpResponse::Ok();
        answer.insert_header((CONTENT_TYPE, format!("{}; charset=utf-8", self.media_type)));
        if let Some(policy) = self.policy {
            answer.extensions_mut().insert(policy);
        }
        match &self.content {
            Content::Plain(bytes) => Ok(answer.body(Bytes::from_static(bytes))),
            Content::Gzip { packed, unpacked } => Self::packed(answer, request, packed, unpacked),
        }
    }

    fn packed(
        mut answer: HttpResponseBuilder,
        request: &HeaderMap,
        packed: &'static [u8],
        unpacked: &OnceLock<Bytes>,
    ) -> Result<HttpResponse, ApiError> {
        answer.insert_header((VARY, HeaderValue::from_static("Accept-Encoding")));
        if takes_gzip(request) {
            answer.insert_header((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
            return Ok(answer.body(Bytes::from_static(packed)));
        }
        if let Some(bytes) = unpacked.get() {
            return Ok(answer.body(bytes.clone()));
        }
        let mut bytes = Vec::new();
        GzDecoder::new(packed)
            .read_to_end(&mut bytes)
            .map_err(|error| ApiError::new(ErrorCode::InternalError).with_cause(error.to_string()))?;
        Ok(answer.body(unpacked.get_or_init(|| bytes.into()).clone()))
    }
}
