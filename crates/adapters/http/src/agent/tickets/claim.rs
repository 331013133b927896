//! `POST /agent/tickets/{id}/claim`

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use crate::entity_tag::Tagged;
use crate::extract::{AgentActor, PathId};
use crate::openapi::ClaimErrors;
use crate::problem::ApiError;
use crate::representation::{TicketDetailResponse, schema};
use crate::state::AppState;

/// Take a ticket
///
/// One of a team of yours that nobody works. Of many who try at once one gets it, and the others are told that it is taken, as is
/// everybody who tries later. To claim what is yours already changes nothing. There is no body; what is sent is not looked at.
#[utoipa::path(
    operation_id = "claim_agent_ticket",
    tag = "agent",
    params(("id" = schema::Id, Path, description = "The ticket.")),
    responses(
        (
            status = 200,
            description = "The ticket, which is yours.",
            body = TicketDetailResponse,
            headers(("ETag" = String, description = "The version, and a digest of this answer."))
        ),
        ClaimErrors,
    ),
    security(("bearer" = []))
)]
#[post("/agent/tickets/{id}/claim")]
pub(crate) async fn claim(
    state: Data<AppState>,
    caller: AgentActor,
    id: PathId,
) -> Result<HttpResponse, ApiError> {
    let detail = state.help_desk.queue.claim(caller.actor(), id.parse()?).await?;
    let response = TicketDetailResponse::new(detail, caller.actor(), &state.cursors);
    Ok(Tagged::new(&response)?.ok())
}
