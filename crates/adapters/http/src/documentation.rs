//! `GET /openapi.json`

use actix_web::http::header::ContentType;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, get};

use crate::openapi::PlainErrors;
use crate::representation::schema;

/// The document as it is served, built once.
#[derive(Clone)]
pub(crate) struct OpenApiJson(pub(crate) Bytes);

/// This document
///
/// The contract of the API, in OpenAPI 3.1.
#[utoipa::path(
    operation_id = "get_openapi_document",
    tag = "operations",
    responses((status = 200, description = "The OpenAPI document.", body = schema::Document), PlainErrors)
)]
#[get("/openapi.json")]
pub(crate) async fn openapi_json(document: Data<OpenApiJson>) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(document.0.clone())
}
