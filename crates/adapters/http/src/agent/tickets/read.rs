//! `GET /agent/tickets/{id}`

use actix_web::get;
use actix_web::web::{Data, Json};
use helpdesk_ports::PageRequest;

use crate::extract::{AgentActor, PathId};
use crate::openapi::ReadErrors;
use crate::problem::ApiError;
use crate::representation::{TicketDetailResponse, schema};
use crate::state::AppState;

/// Read a ticket
///
/// With the first page of its comments.
#[utoipa::path(
    operation_id = "get_agent_ticket",
    tag = "agent",
    params(("id" = schema::Id, Path, description = "The ticket.")),
    responses((status = 200, description = "The ticket.", body = TicketDetailResponse), ReadErrors),
    security(("bearer" = []))
)]
#[get("/agent/tickets/{id}")]
pub(crate) async fn read(
    state: Data<AppState>,
    caller: AgentActor,
    id: PathId,
) -> Result<Json<TicketDetailResponse>, ApiError> {
    let detail =
        state.help_desk.staff_tickets.find(caller.actor(), id.parse()?, PageRequest::default()).await?;
    Ok(Json(TicketDetailResponse::new(detail, caller.actor(), &state.cursors)))
}
