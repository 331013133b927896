//! `GET /agent/queue`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::extract::{AgentActor, QueryString};
use crate::openapi::ListErrors;
use crate::paging::{PageResponse, TagParam, TicketList, TicketListParams};
use crate::problem::ApiError;
use crate::representation::TicketResponse;
use crate::state::AppState;

/// List the queue
///
/// The tickets of your teams that nobody works and that are not closed: those that you can claim.
#[utoipa::path(
    operation_id = "list_agent_queue",
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
#[get("/agent/queue")]
pub(crate) async fn queue(
    state: Data<AppState>,
    caller: AgentActor,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let TicketList { query, answer } = TicketList::of_queue(&query, caller.actor(), &state.cursors)?;
    let page = state.help_desk.queue.list(caller.actor(), query).await?;
    Ok(answer.respond::<_, TicketResponse, _>("/agent/queue", page))
}
