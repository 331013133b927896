//! `GET /customer/tickets/{id}`

use actix_web::get;
use actix_web::web::{Data, Json};
use helpdesk_ports::PageRequest;

use crate::extract::{CustomerActor, PathId};
use crate::openapi::ReadErrors;
use crate::problem::ApiError;
use crate::representation::{CustomerTicketDetailResponse, schema};
use crate::state::AppState;

/// Read a ticket
///
/// With the first page of its comments.
#[utoipa::path(
    operation_id = "get_customer_ticket",
    tag = "customer",
    params(("id" = schema::Id, Path, description = "The ticket.")),
    responses((status = 200, description = "The ticket.", body = CustomerTicketDetailResponse), ReadErrors),
    security(("bearer" = []))
)]
#[get("/customer/tickets/{id}")]
pub(crate) async fn read(
    state: Data<AppState>,
    caller: CustomerActor,
    id: PathId,
) -> Result<Json<CustomerTicketDetailResponse>, ApiError> {
    let detail =
        state.help_desk.customer_tickets.find(caller.actor(), id.parse()?, PageRequest::default()).await?;
    Ok(Json(CustomerTicketDetailResponse::new(detail, caller.actor(), &state.cursors)))
}
