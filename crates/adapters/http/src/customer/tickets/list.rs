//! `GET /customer/tickets`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::extract::{CustomerActor, QueryString};
use crate::openapi::ListErrors;
use crate::paging::{PageResponse, TicketList, TicketListParams};
use crate::problem::ApiError;
use crate::representation::CustomerTicketResponse;
use crate::state::AppState;

/// List your tickets
///
/// The tickets that you requested.
#[utoipa::path(
    operation_id = "list_customer_tickets",
    tag = "customer",
    params(TicketListParams),
    responses(
        (
            status = 200,
            description = "A page of the tickets.",
            body = PageResponse<CustomerTicketResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        ListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/customer/tickets")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: CustomerActor,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let TicketList { query, answer } = TicketList::of_customer(&query, caller.actor(), &state.cursors)?;
    let page = state.help_desk.customer_tickets.list(caller.actor(), query).await?;
    Ok(answer.respond::<_, CustomerTicketResponse, _>("/customer/tickets", page))
}
