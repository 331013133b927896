//! Entity tags (RFC 9110, section 8.8.3) of tickets: `"<version>-<digest of the answer>"`. The version alone would not do:
//! names inside an answer change without one.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, ETAG, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::extract::IfNoneMatch;
use crate::json;
use crate::problem::ApiError;

/// How many bytes of the digest a tag carries. Nobody gains by two answers with the same tag; they only must not be likely.
const DIGEST_BYTES: usize = 16;
/// How many characters these are.
const DIGEST_CHARS: usize = 22;
/// What the tag of an answer has behind the digest when it is sent as gzip: other bytes must have another strong tag (RFC 9110,
/// section 8.8.3.3), and it is told apart by a character that no digest has.
const GZIP: &str = ".gzip";

/// About how long a ticket is with some comments.
const EXPECTED_BYTES: usize = 4096;

/// What has a version that its caller may know.
pub(crate) trait Versioned: Serialize {
    fn version(&self) -> i64;
}

/// A resource written out, with the tag that goes with these very bytes.
pub(crate) struct Tagged {
    body: Vec<u8>,
    /// With its quotation marks.
    tag: String,
}

impl Tagged {
    pub(crate) fn new(resource: &impl Versioned) -> Result<Self, ApiError> {
        let body = json::written(resource, EXPECTED_BYTES)?;
        let digest = Sha256::digest(&body);
        let digest = URL_SAFE_NO_PAD.encode(&digest[..DIGEST_BYTES]);
        let tag = format!("\"{}-{digest}\"", resource.version());
        Ok(Self { body, tag })
    }

    /// The resource as it is sent, and its tag.
    pub(crate) fn into_parts(self) -> (Vec<u8>, String) {
        (self.body, self.tag)
    }

    /// 200 with the resource and its tag.
    pub(crate) fn ok(self) -> HttpResponse {
        HttpResponse::Ok().insert_header((ETAG, self.tag)).content_type(ContentType::json()).body(self.body)
    }

    /// 200 with the resource, or 304 with the tag alone to whom has this very answer.
    pub(crate) fn ok_unless_known(self, known: &IfNoneMatch) -> HttpResponse {
        match known.held(&self.tag) {
            Some(tag) => HttpResponse::build(StatusCode::NOT_MODIFIED).insert_header((ETAG, tag)).finish(),
            None => self.ok(),
        }
    }
}

/// The tag of the same answer when it is sent as gzip.
pub(crate) fn of_gzip(tag: &HeaderValue) -> Option<HeaderValue> {
    let inner = tag.to_str().ok()?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("{inner}{GZIP}\"")).ok()
}

/// The tag of the same answer when it is sent as it is.
pub(crate) fn without_coding(tag: &str) -> Cow<'_, str> {
    match tag.strip_suffix('"').and_then(|inner| inner.strip_suffix(GZIP)) {
        Some(inner) => Cow::Owned(format!("{inner}\"")),
        None => Cow::Borrowed(tag),
    }
}

/// The version that a tag (with its quotation marks) names, if it is one that this module could have made.
pub(crate) fn version_of(tag: &str) -> Option<i64> {
    let tag = without_coding(tag);
    let (version, digest) = tag.strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
    let is_digest = digest.len() == DIGEST_CHARS
        && digest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_number = version.bytes().all(|byte| byte.is_ascii_digit()) && !version.starts_with('0');
    version.parse().ok().filter(|_| is_digest && is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Thing(i64, &'static str);

    impl Versioned for Thing {
        fn version(&self) -> i64 {
            self.0
        }
    }

    fn tag(version: i64, text: &'static str) -> String {
        Tagged::new(&Thing(version, text)).unwrap().tag
    }

    #[test]
    fn a_tag_is_of_one_version_and_one_text() {
        let here = tag(9, "a");
        assert_eq!(here, tag(9, "a"));
        assert_ne!(here, tag(9, "b"));
        assert_eq!(here.len(), "\"9-\"".len() + DIGEST_CHARS);
        for version in [1, 9, i64::MAX] {
            let plain = tag(version, "a");
            assert_eq!(version_of(&plain), Some(version));
            let gzip = of_gzip(&HeaderValue::from_str(&plain).unwrap()).unwrap();
            let gzip = gzip.to_str().unwrap();
            assert_ne!(gzip, plain);
            assert_eq!((version_of(gzip), without_coding(gzip)), (Some(version), plain.into()));
        }
    }

    #[test]
    fn what_this_could_not_have_made_names_no_version() {
        let digest = "x".repeat(DIGEST_CHARS);
        assert_eq!(version_of(&format!("\"9-{digest}\"")), Some(9));
        for foreign in [
            "\"\"".to_owned(),
            "\"9\"".to_owned(),
            "\"9-\"".to_owned(),
            format!("9-{digest}"),
            format!("\"{digest}\""),
            format!("\"-{digest}\""),
            format!("\"0-{digest}\""),
            format!("\"09-{digest}\""),
            format!("\"+9-{digest}\""),
            format!("\"-9-{digest}\""),
            format!("\"9-{digest}x\""),
            format!("\"9-{digest}.gzi\""),
            format!("\"9-{digest}.gzip.gzip\""),
            format!("\"9-{digest}.gzip"),
            format!("\"9-{}.\"", &digest[1..]),
            format!("\"9223372036854775808-{digest}\""),
            format!("W/\"9-{digest}\""),
        ] {
            assert_eq!(version_of(&foreign), None, "{foreign}");
        }
    }
}
