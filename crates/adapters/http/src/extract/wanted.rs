//! What the caller would like to get.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use crate::middleware::{RequestContext, accept_weight};

/// Which media types are wanted, and whether it is the body at all: what an operation asks that has more than one to give, or
/// would work long for it.
pub(crate) struct Wanted {
    headers: HeaderMap,
    context: Option<Rc<RequestContext>>,
}

impl FromRequest for Wanted {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let context = request.extensions().get::<Rc<RequestContext>>().cloned();
        ready(Ok(Self { headers: request.headers().clone(), context }))
    }
}

impl Wanted {
    /// How much this media type is wanted: 0 is not at all.
    pub(crate) fn weight(&self, media: &str) -> f32 {
        accept_weight(&self.headers, media)
    }

    /// Whether the head is all that is wanted.
    pub(crate) fn is_head(&self) -> bool {
        self.context.as_ref().is_some_and(|context| context.is_head())
    }

    /// The request's id, for the log.
    pub(crate) fn request_id(&self) -> &str {
        self.context.as_ref().map_or("-", |context| context.request_id())
    }
}
