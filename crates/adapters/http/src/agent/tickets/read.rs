//! `GET /agent/tickets/{id}`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use helpdesk_ports::PageRequest;

use crate::entity_tag::Tagged;
use crate::extract::{AgentActor, IfNoneMatch, PathId};
use crate::openapi::{IfNoneMatchParam, NotModified, ReadErrors};
use crate::problem::ApiError;
use crate::representation::{TicketDetailResponse, schema};
use crate::state::AppState;

/// Read a ticket
///
/// With the first page of its comments.
#[utoipa::path(
    operation_id = "get_agent_ticket",
    tag = "agent",
    params(("id" = schema::Id, Path, description = "The ticket."), IfNoneMatchParam),
    responses(
        (
            status = 200,
            description = "The ticket.",
            body = TicketDetailResponse,
            headers(("ETag" = String, description = "The version, and a digest of this answer."))
        ),
        NotModified,
        ReadErrors,
    ),
    security(("bearer" = []))
)]
#[get("/agent/tickets/{id}")]
pub(crate) async fn read(
    state: Data<AppState>,
    caller: AgentActor,
    id: PathId,
    known: IfNoneMatch,
) -> Result<HttpResponse, ApiError> {
    let detail =
        state.help_desk.staff_tickets.find(caller.actor(), id.parse()?, PageRequest::default()).await?;
    let response = TicketDetailResponse::new(detail, caller.actor(), &state.cursors);
    Ok(Tagged::new(&response)?.ok_unless_known(&known))
}
