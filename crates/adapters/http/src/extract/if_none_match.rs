//! `If-None-Match`

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_NONE_MATCH;
use actix_web::{FromRequest, HttpRequest};

use super::entity_tags::{self, EntityTags};

/// Which answers the caller has already. A header that cannot be read names none: to answer in full is never wrong.
pub(crate) struct IfNoneMatch(Option<EntityTags>);

impl IfNoneMatch {
    /// Whether the caller has the answer with this tag, by weak comparison (RFC 9110, section 8.8.3.2).
    pub(crate) fn holds(&self, tag: &str) -> bool {
        match &self.0 {
            None => false,
            Some(EntityTags::Any) => true,
            Some(EntityTags::These(known)) => known.iter().any(|known| known.opaque == tag),
        }
    }
}

impl FromRequest for IfNoneMatch {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(entity_tags::read(request.headers(), &IF_NONE_MATCH).and_then(Result::ok))))
    }
}
