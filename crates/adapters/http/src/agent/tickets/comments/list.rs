//! `GET /agent/tickets/{id}/comments`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use helpdesk_domain::TicketId;

use crate::extract::{AgentActor, PathId, QueryString};
use crate::openapi::NestedListErrors;
use crate::paging::{PageParams, PageResponse, comment_list};
use crate::problem::ApiError;
use crate::representation::{CommentResponse, schema};
use crate::state::AppState;

/// List a ticket's comments
///
/// Oldest first; internal ones included.
#[utoipa::path(
    operation_id = "list_agent_ticket_comments",
    tag = "agent",
    params(("id" = schema::Id, Path, description = "The ticket."), PageParams),
    responses(
        (
            status = 200,
            description = "A page of the comments.",
            body = PageResponse<CommentResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        NestedListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/agent/tickets/{id}/comments")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AgentActor,
    id: PathId,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let ticket: TicketId = id.parse()?;
    let (page, answer) = comment_list(&query, caller.actor(), ticket, &state.cursors)?;
    let page = state.help_desk.staff_tickets.comments(caller.actor(), ticket, page).await?;
    Ok(answer.respond::<_, CommentResponse, _>(&format!("/agent/tickets/{ticket}/comments"), page))
}
