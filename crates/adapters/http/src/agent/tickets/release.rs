//! `POST /agent/tickets/{id}/release`

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use crate::extract::{AgentActor, PathId};
use crate::openapi::ReleaseErrors;
use crate::problem::ApiError;
use crate::representation::schema;
use crate::state::AppState;

/// Put a ticket back
///
/// Into its team's queue, where others see it; you do not see it outside the queue any more. There is no body; what is sent is not
/// looked at.
#[utoipa::path(
    operation_id = "release_agent_ticket",
    tag = "agent",
    params(("id" = schema::Id, Path, description = "The ticket.")),
    responses((status = 204, description = "The ticket is in the queue."), ReleaseErrors),
    security(("bearer" = []))
)]
#[post("/agent/tickets/{id}/release")]
pub(crate) async fn release(
    state: Data<AppState>,
    caller: AgentActor,
    id: PathId,
) -> Result<HttpResponse, ApiError> {
    state.help_desk.queue.release(caller.actor(), id.parse()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
