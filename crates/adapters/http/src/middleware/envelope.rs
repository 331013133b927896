//! The middleware itself.

use std::cell::RefCell;
use std::future::{Ready, ready};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{ALLOW, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpMessage as _, HttpResponse};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use log::Level;

use super::accept;
use super::access_log::{Line, method_name};
use super::compress::Coding;
use super::context::RequestContext;
use super::cors::Origin;
use super::render::{self, LastResort};
use super::request_id::RequestIds;
use super::unread::HeldBody;
use crate::allowed_origins::AllowedOrigins;
use crate::problem::{ApiError, ErrorCode};
use crate::route_table::{Match, Media, RouteTable};
use crate::state::AppState;

const LOG_TARGET: &str = "helpdesk::http";

/// What an application grants to whom asks for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grants {
    /// To pages of these origins, that they may call it.
    pub(crate) origins: AllowedOrigins,
    /// To whom takes gzip, that large answers are sent so.
    pub(crate) compression: bool,
}

/// Gives every request its id, refuses what no route serves, catches panics, writes errors out as problems, sets the headers
/// that every answer has, and leaves a line in the log.
#[derive(Clone)]
pub(crate) struct Envelope {
    state: Arc<AppState>,
    routes: Arc<RouteTable>,
    grants: Grants,
}

impl Envelope {
    pub(crate) fn new(state: Arc<AppState>, routes: Arc<RouteTable>, grants: Grants) -> Self {
        Self { state, routes, grants }
    }

    /// What can be answered without asking any handler.
    fn answer(
        found: Match<'_>,
        method: &Method,
        headers: &HeaderMap,
    ) -> Option<Result<HttpResponse, ApiError>> {
        match found {
            // The server as a whole (RFC 9110, section 9.3.7): it is there.
            Match::Server => Some(Ok(HttpResponse::NoContent().finish())),
            Match::Nothing => Some(Err(ApiError::new(ErrorCode::NotFound))),
            Match::OtherMethod { allow, .. } if *method == Method::OPTIONS => {
                Some(Ok(HttpResponse::NoContent().insert_header((ALLOW, allow)).finish()))
            }
            Match::OtherMethod { allow, .. } => Some(Err(ApiError::method_not_allowed(allow))),
            Match::Operation { media: Media::Any, .. } => None,
            Match::Operation { media: Media::OneOf(types), .. } => {
                let is_wanted = types.iter().any(|media_type| accept::weight(headers, media_type) > 0.0);
                (!is_wanted).then(|| Err(ApiError::new(ErrorCode::NotAcceptable)))
            }
        }
    }

    /// Counts the request and logs it.
    fn record(&self, seen: &Seen, route: &str, status: StatusCode, cause: Option<&str>) {
        let took = self.state.clock.monotonic().saturating_sub(seen.started);
        let method = method_name(&seen.method);
        self.state.metrics.observe(method, route, status, took);
        let request_id = seen.context.request_id();
        if let Some(cause) = cause {
            // Quoted by Debug: a cause may hold anything, and a record is one line.
            let level = if status == StatusCode::INTERNAL_SERVER_ERROR { Level::Error } else { Level::Warn };
            let status = status.as_u16();
            log::log!(target: LOG_TARGET, level, "request_id={request_id} status={status} cause={cause:?}");
        }
        let line = Line { method, route, status, took, request_id, user: seen.context.user() };
        log::info!(target: LOG_TARGET, "{line}");
    }
}

/// What is kept of a request while it is served.
struct Seen {
    method: Method,
    started: Duration,
    context: Rc<RequestContext>,
    held: Option<HeldBody>,
    origin: Origin,
    coding: Coding,
}

impl<S, B> Transform<S, ServiceRequest> for Envelope
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = EnvelopeService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let request_ids = RefCell::new(RequestIds::new(self.state.random.clone()));
        ready(Ok(EnvelopeService { service: Rc::new(service), envelope: Rc::new(self.clone()), request_ids }))
    }
}

pub(crate) struct EnvelopeService<S> {
    service: Rc<S>,
    envelope: Rc<Envelope>,
    request_ids: RefCell<RequestIds>,
}

impl<S, B> Service<ServiceRequest> for EnvelopeService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(service);

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let started = self.envelope.state.clock.monotonic();
        let request_id = self.request_ids.borrow_mut().of(request.headers());
        let is_head = request.method() == Method::HEAD;
        let context = Rc::new(RequestContext::new(request_id, is_head));
        request.extensions_mut().insert(context.clone());
        let held = HeldBody::of(&mut request);
        let (method, grants) = (request.method().clone(), &self.envelope.grants);
        let origin = Origin::of(&grants.origins, &method, request.headers());
        let coding = Coding::of(grants.compression, &method, request.headers());
        let seen = Seen { method, started, context, held, origin, coding };
        if is_head {
            // Served by the handler for GET; the encoder, which has seen the real method, leaves the body out.
            request.head_mut().method = Method::GET;
        }

        let (service, envelope) = (self.service.clone(), self.envelope.clone());
        Box::pin(async move {
            let found = envelope.routes.find(request.match_info().as_str(), &seen.method);
            let route = found.pattern();
            match Envelope::answer(found, &seen.method, request.headers()) {
                Some(Ok(answer)) => return Ok(envelope.finish(&seen, route, request.into_response(answer))),
                Some(Err(error)) => return Ok(envelope.finish(&seen, route, request.error_response(error))),
                None => {}
            }
            match AssertUnwindSafe(async { service.call(request).await }).catch_unwind().await {
                Ok(Ok(response)) => Ok(envelope.finish(&seen, route, response)),
                Ok(Err(error)) => Err(envelope.give_up(&seen, route, render::error_of(&error).into_owned())),
                Err(panic) => {
                    let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                    let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
                    let cause = format!("panic: {}", said.unwrap_or_default());
                    let error = ApiError::new(ErrorCode::InternalError).with_cause(cause);
                    Err(envelope.give_up(&seen, route, error))
                }
            }
        })
    }
}

impl Envelope {
    fn finish<B: MessageBody + 'static>(
        &self,
        seen: &Seen,
        route: &str,
        response: ServiceResponse<B>,
    ) -> ServiceResponse<BoxBody> {
        let (request, response) = response.into_parts();
        let request_id = seen.context.request_id();
        let error = render::error_in(&response);
        let cause = error.as_ref().and_then(|error| error.cause()).map(str::to_owned);
        let problem = error.map(|error| render::problem(&error, request_id));
        let response = problem.unwrap_or_else(|| response.map_into_boxed_body());
        let mut response = seen.coding.apply(response);
        render::add_headers(&mut response, &seen.context);
        seen.origin.add_headers(response.headers_mut());
        self.record(seen, route, response.status(), cause.as_deref());
        if let Some(held) = seen.held.clone() {
            response = response.map_body(|_, body| held.until_sent(body));
        }
        ServiceResponse::new(request, response)
    }

    /// The request is gone, so that only an error can be given back; it renders itself.
    fn give_up(&self, seen: &Seen, route: &str, error: ApiError) -> Error {
        self.record(seen, route, error.code().status(), error.cause());
        LastResort { error, context: seen.context.clone(), origin: seen.origin.clone() }.into()
    }
}
