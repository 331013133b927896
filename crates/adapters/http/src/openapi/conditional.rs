//! Conditional requests (RFC 9110, section 13), as operations document them.

use std::collections::BTreeMap;

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses};

use crate::representation::schema;

/// What a change of a ticket takes; this type only documents it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "documents the header, which is read from the request by hand")]
pub(crate) struct IfMatchParam {
    /// Acts only if the ticket still is at the version of this `ETag` (or of one of several); of the tag nothing else is looked at.
    /// Otherwise 412, with `current_version`. Without it, what is asked for applies to the ticket as it is by now.
    #[param(rename = "If-Match", value_type = schema::EntityTags, required = false, nullable = false)]
    if_match: Option<String>,
}

/// What reading a ticket takes; this type only documents it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "documents the header, which is read from the request by hand")]
pub(crate) struct IfNoneMatchParam {
    /// The `ETag` of an answer that you have, or several: 304 if this one would be the same.
    #[param(rename = "If-None-Match", value_type = String, required = false, nullable = false)]
    if_none_match: Option<String>,
}

/// The answer to whom has it already.
pub(crate) struct NotModified;

impl IntoResponses for NotModified {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let tag = HeaderBuilder::new().description(Some("The one that you have.")).build();
        let response =
            ResponseBuilder::new().description("You have this answer already.").header("ETag", tag).build();
        BTreeMap::from([("304".to_owned(), RefOr::T(response))])
    }
}
