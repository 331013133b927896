//! The answer to what created something: written out, so that it can be kept and given again.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentType, ETAG, LOCATION};
use helpdesk_ports::{Answer, Cause};
use helpdesk_use_cases::Done;
use serde::Serialize;

use super::IDEMPOTENCY_REPLAYED;
use crate::entity_tag::{Tagged, Versioned};
use crate::problem::{ApiError, ErrorCode};

/// The form in which answers are kept: a line each for this, `Location` and `ETag`, and then the body.
const FORM: &[u8] = b"1";

/// 201, with where the new resource is and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Created {
    location: String,
    /// Empty where the resource has none.
    tag: String,
    body: Vec<u8>,
}

impl Created {
    pub(crate) fn new(location: String, resource: &impl Serialize) -> Result<Self, ApiError> {
        let body = serde_json::to_vec(resource)
            .map_err(|error| ApiError::new(ErrorCode::InternalError).with_cause(error.to_string()))?;
        Ok(Self { location, tag: String::new(), body })
    }

    /// One with an `ETag`.
    pub(crate) fn tagged(location: String, resource: &impl Versioned) -> Result<Self, ApiError> {
        let (body, tag) = Tagged::new(resource)?.into_parts();
        Ok(Self { location, tag, body })
    }

    /// The answer to what was done now, by `answer`, or to what was done before.
    pub(crate) fn answer<T>(
        done: Done<T>,
        answer: impl FnOnce(T) -> Result<Self, ApiError>,
    ) -> Result<HttpResponse, ApiError> {
        match done {
            Done::Now(value) => Ok(answer(value)?.respond(false)),
            Done::Before(kept) => {
                let damaged =
                    || ApiError::new(ErrorCode::InternalError).with_cause("a kept answer cannot be read");
                Ok(Self::from_kept(kept).ok_or_else(damaged)?.respond(true))
            }
        }
    }

    fn respond(self, is_replayed: bool) -> HttpResponse {
        let mut response = HttpResponse::Created();
        response.insert_header((LOCATION, self.location)).content_type(ContentType::json());
        if !self.tag.is_empty() {
            response.insert_header((ETAG, self.tag));
        }
        if is_replayed {
            response.insert_header((IDEMPOTENCY_REPLAYED, "true"));
        }
        response.body(self.body)
    }

    /// In the form in which it is kept.
    pub(crate) fn into_kept(self) -> Result<Answer, Cause> {
        if self.location.contains('\n') || self.tag.contains('\n') {
            return Err(Cause::new("a header of more than one line"));
        }
        Ok(Answer([FORM, self.location.as_bytes(), self.tag.as_bytes(), &self.body].join(&b'\n')))
    }

    fn from_kept(Answer(kept): Answer) -> Option<Self> {
        let mut parts = kept.splitn(4, |&byte| byte == b'\n');
        let mut next = || parts.next().map(<[u8]>::to_vec);
        let (form, location, tag, body) = (next()?, next()?, next()?, next()?);
        let text = |bytes| String::from_utf8(bytes).ok();
        (form == FORM).then_some(Self { location: text(location)?, tag: text(tag)?, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_was_answered() {
        for tag in ["", "\"1-abc\""] {
            for body in [&b""[..], b"{}", b"{\"a\":\"\\n\"}\n\nmore\n", "\u{e4}".as_bytes()] {
                let created = Created {
                    location: "/admin/teams/7".to_owned(),
                    tag: tag.to_owned(),
                    body: body.to_vec(),
                };
                let kept = created.clone().into_kept().unwrap();
                assert_eq!(Created::from_kept(kept), Some(created));
            }
        }
    }

    #[test]
    fn what_could_not_have_been_kept_is_no_answer() {
        for damaged in [&b""[..], b"1", b"1\n/a", b"1\n/a\n", b"2\n/a\n\n{}", b"1\n\xff\n\n{}"] {
            assert_eq!(Created::from_kept(Answer(damaged.to_vec())), None, "{damaged:?}");
        }
        let split = Created { location: "/a\n/b".to_owned(), tag: String::new(), body: Vec::new() };
        assert!(split.into_kept().is_err());
    }
}
