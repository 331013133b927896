//! `GET /customer/tickets/{id}/comments`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use helpdesk_domain::TicketId;

use crate::extract::{CustomerActor, PathId, QueryString};
use crate::openapi::NestedListErrors;
use crate::paging::{PageParams, PageResponse, comment_list};
use crate::problem::ApiError;
use crate::representation::{CustomerCommentResponse, schema};
use crate::state::AppState;

/// List a ticket's comments
///
/// Oldest first.
#[utoipa::path(
    operation_id = "list_customer_ticket_comments",
    tag = "customer",
    params(("id" = schema::Id, Path, description = "The ticket."), PageParams),
    responses(
        (
            status = 200,
            description = "A page of the comments.",
            body = PageResponse<CustomerCommentResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        NestedListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/customer/tickets/{id}/comments")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: CustomerActor,
    id: PathId,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let ticket: TicketId = id.parse()?;
    let (page, answer) = comment_list(&query, caller.actor(), ticket, &state.cursors)?;
    let page = state.help_desk.customer_tickets.comments(caller.actor(), ticket, page).await?;
    Ok(answer.respond::<_, CustomerCommentResponse, _>(&format!("/customer/tickets/{ticket}/comments"), page))
}
