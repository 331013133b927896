//! `GET /admin/tickets`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::extract::{AdminActor, QueryString};
use crate::openapi::ListErrors;
use crate::paging::{AssignmentParams, PageResponse, TagParam, TicketList, TicketListParams};
use crate::problem::ApiError;
use crate::representation::TicketResponse;
use crate::state::AppState;

/// List all tickets
///
/// Every ticket there is.
#[utoipa::path(
    operation_id = "list_admin_tickets",
    tag = "admin",
    params(TicketListParams, TagParam, AssignmentParams),
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
#[get("/admin/tickets")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AdminActor,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let TicketList { query, answer } = TicketList::of_admin(&query, caller.actor(), &state.cursors)?;
    let page = state.help_desk.staff_tickets.list(caller.actor(), query).await?;
    Ok(answer.respond::<_, TicketResponse, _>("/admin/tickets", page))
}
