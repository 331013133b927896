//! `If-None-Match`

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_NONE_MATCH;
use actix_web::{FromRequest, HttpRequest};

use super::entity_tags::{self, EntityTags};
use crate::entity_tag::without_coding;

/// Which answers the caller has already. A header that cannot be read names none: to answer in full is never wrong.
pub(crate) struct IfNoneMatch(Option<EntityTags>);

impl IfNoneMatch {
    /// The tag by which the caller has the answer with this tag, if they have it, by weak comparison (RFC 9110, section 8.8.3.2). It
    /// is the same answer however it was sent: who has it as gzip is told by the tag which of theirs is meant.
    pub(crate) fn held(&self, tag: &str) -> Option<String> {
        match &self.0 {
            None => None,
            Some(EntityTags::Any) => Some(tag.to_owned()),
            Some(EntityTags::These(known)) => {
                let mut known = known.iter().map(|known| &known.opaque);
                known.find(|known| without_coding(known) == tag).cloned()
            }
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
