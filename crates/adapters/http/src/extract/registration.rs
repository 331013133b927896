//! Whether anyone may register.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::problem::{ApiError, ErrorCode};
use crate::state::AppState;

/// Registration is open. Where it is not, there is no such resource: it is told like a path that nobody serves, before anything
/// of the request is looked at.
pub(crate) struct OpenRegistration(());

impl FromRequest for OpenRegistration {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let is_open =
            request.app_data::<Data<AppState>>().is_some_and(|state| state.help_desk.registration.is_open());
        ready(if is_open { Ok(Self(())) } else { Err(ApiError::new(ErrorCode::NotFound)) })
    }
}
