//! `GET /admin/tickets/{id}/comments`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use helpdesk_domain::TicketId;

use crate::extract::{AdminActor, PathId, QueryString};
use crate::openapi::NestedListErrors;
use crate::paging::{PageParams, PageResponse, comment_list};
use crate::problem::ApiError;
use crate::representation::{CommentResponse, schema};
use crate::state::AppState;

/// List a ticket's comments
///
/// Oldest first; internal ones included.
#[utoipa::path(
    operation_id = "list_admin_ticket_comments",
    tag = "admin",
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
#[get("/admin/tickets/{id}/comments")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let ticket: TicketId = id.parse()?;
    let (page, answer) = comment_list(&query, caller.actor(), ticket, &state.cursors)?;
    let page = state.help_desk.staff_tickets.comments(caller.actor(), ticket, page).await?;
    Ok(answer.respond::<_, CommentResponse, _>(&format!("/admin/tickets/{ticket}/comments"), page))
}
