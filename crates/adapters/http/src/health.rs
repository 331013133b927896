//! `GET /health/live` and `GET /health/ready`

use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::openapi::{PlainErrors, ReadinessErrors};
use crate::problem::{ApiError, ErrorCode};
use crate::state::AppState;

/// How the instance is.
#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub(crate) struct HealthResponse {
    /// `live` or `ready`.
    #[schema(example = "ready")]
    status: &'static str,
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(live).service(ready);
}

/// Whether the process runs
///
/// It says nothing of the store.
#[utoipa::path(
    operation_id = "get_liveness",
    tag = "operations",
    responses((status = 200, description = "It does.", body = HealthResponse), PlainErrors)
)]
#[get("/health/live")]
pub(crate) async fn live() -> Json<HealthResponse> {
    Json(HealthResponse { status: "live" })
}

/// Whether the instance takes requests
///
/// It does when its store can be reached and has the right schema, and while it is not about to stop.
#[utoipa::path(
    operation_id = "get_readiness",
    tag = "operations",
    responses((status = 200, description = "It does.", body = HealthResponse), ReadinessErrors)
)]
#[get("/health/ready")]
pub(crate) async fn ready(state: Data<AppState>) -> Result<Json<HealthResponse>, ApiError> {
    if state.is_draining() {
        return Err(ApiError::new(ErrorCode::Draining));
    }
    // Whatever is wrong with the store, a load balancer is to come back later.
    state
        .store
        .ready()
        .await
        .map_err(|error| ApiError::new(ErrorCode::StoreUnavailable).with_cause(error.for_log()))?;
    Ok(Json(HealthResponse { status: "ready" }))
}
