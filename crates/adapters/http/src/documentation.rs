//! `GET /openapi.json`

use actix_web::http::header::{CONTENT_ENCODING, ContentType, HeaderValue, VARY};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};

use crate::content_coding::{gzip, takes_gzip};
use crate::openapi::PlainErrors;
use crate::representation::schema;

/// The document as it is served, built once, and compressed once: it is large and holds nothing but what everybody may know.
#[derive(Clone)]
pub(crate) struct OpenApiJson {
    plain: Bytes,
    packed: Bytes,
}

impl OpenApiJson {
    pub(crate) fn new(document: Vec<u8>) -> serde_json::Result<Self> {
        let packed = gzip(&document).map_err(serde_json::Error::io)?.into();
        Ok(Self { plain: document.into(), packed })
    }
}

/// This document
///
/// The contract of the API, in OpenAPI 3.1.
#[utoipa::path(
    operation_id = "get_openapi_document",
    tag = "operations",
    responses((status = 200, description = "The OpenAPI document.", body = schema::Document), PlainErrors)
)]
#[get("/openapi.json")]
pub(crate) async fn openapi_json(document: Data<OpenApiJson>, request: HttpRequest) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(ContentType::json())
        .insert_header((VARY, HeaderValue::from_static("Accept-Encoding")));
    if !takes_gzip(request.headers()) {
        return answer.body(document.plain.clone());
    }
    answer.insert_header((CONTENT_ENCODING, HeaderValue::from_static("gzip"))).body(document.packed.clone())
}
