//! `GET /metrics`, on the management address.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::openapi::PlainErrors;
use crate::problem::{ApiError, ErrorCode};
use crate::state::AppState;

/// Measurements
///
/// In the text format of Prometheus.
#[utoipa::path(
    operation_id = "get_metrics",
    tag = "operations",
    responses((status = 200, description = "The measurements.", body = String, content_type = "text/plain"), PlainErrors)
)]
#[get("/metrics")]
pub(crate) async fn metrics(state: Data<AppState>) -> Result<HttpResponse, ApiError> {
    let text = state
        .metrics
        .text()
        .map_err(|error| ApiError::new(ErrorCode::InternalError).with_cause(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type(prometheus::TEXT_FORMAT).body(text))
}
