//! The ids in a path.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use helpdesk_domain::IdError;

use crate::problem::{ApiError, ErrorCode};

macro_rules! path_id {
    ($(#[$doc:meta])* $name:ident, $segment:literal) => {
        $(#[$doc])*
        pub(crate) struct $name(String);

        impl $name {
            /// The id. What is no id has no resource, and is told the same as an id that has none.
            pub(crate) fn parse<Id: FromStr<Err = IdError>>(&self) -> Result<Id, ApiError> {
                self.0.parse().map_err(|IdError| ApiError::new(ErrorCode::NotFound))
            }
        }

        impl FromRequest for $name {
            type Error = Infallible;
            type Future = Ready<Result<Self, Infallible>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                // A route without the segment would be a defect, and gives the empty text, which is no id.
                ready(Ok(Self(request.match_info().get($segment).unwrap_or_default().to_owned())))
            }
        }
    };
}

path_id!(
    /// The `{id}` of the path, as it was sent.
    PathId,
    "id"
);
path_id!(
    /// The `{user_id}` of the path, as it was sent.
    PathUserId,
    "user_id"
);
