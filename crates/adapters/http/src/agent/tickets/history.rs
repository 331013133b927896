//! `GET /agent/tickets/{id}/history`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use helpdesk_domain::TicketId;

use crate::extract::{AgentActor, PathId, QueryString};
use crate::openapi::NestedListErrors;
use crate::paging::{PageParams, PageResponse, event_list};
use crate::problem::ApiError;
use crate::representation::{EventResponse, schema};
use crate::state::AppState;

/// Read a ticket's history
///
/// Everything that happened to it, oldest first; what is internal included. Of each change, what it was before and after.
#[utoipa::path(
    operation_id = "list_agent_ticket_history",
    tag = "agent",
    params(("id" = schema::Id, Path, description = "The ticket."), PageParams),
    responses(
        (
            status = 200,
            description = "A page of the history.",
            body = PageResponse<EventResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        NestedListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/agent/tickets/{id}/history")]
pub(crate) async fn history(
    state: Data<AppState>,
    caller: AgentActor,
    id: PathId,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let ticket: TicketId = id.parse()?;
    let (page, answer) = event_list(&query, caller.actor(), ticket, &state.cursors)?;
    let page = state.help_desk.staff_tickets.history(caller.actor(), ticket, page).await?;
    Ok(answer.respond::<_, EventResponse, _>(&format!("/agent/tickets/{ticket}/history"), page))
}
