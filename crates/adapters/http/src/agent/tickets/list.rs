//! `GET /agent/tickets`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::extract::{AgentActor, QueryString};
use crate::openapi::ListErrors;
use crate::paging::{PageResponse, TagParam, TicketList, TicketListParams};
use crate::problem::ApiError;
use crate::representation::TicketResponse;
use crate::state::AppState;

/// List assigned tickets
///
/// The tickets that are assigned to you.
#[utoipa::path(
    operation_id = "list_agent_tickets",
    tag = "agent",
    params(TicketListParams, TagParam),
    responses(
        (
            status = 200,
            description = "A page of the tickets.",
            body = PageResponse<TicketResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        ListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/agent/tickets")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AgentActor,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let TicketList { query, answer } = TicketList::of_agent(&query, caller.actor(), &state.cursors)?;
    let page = state.help_desk.staff_tickets.list(caller.actor(), query).await?;
    Ok(answer.respond::<_, TicketResponse, _>("/agent/tickets", page))
}
