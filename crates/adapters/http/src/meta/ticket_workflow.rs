//! `GET /meta/ticket-workflow`

use actix_web::get;
use actix_web::web::Json;

use crate::openapi::PlainErrors;
use crate::representation::TicketWorkflowResponse;

/// Read the workflow of tickets
///
/// The statuses, the priorities, and who may move a ticket from where to where: the very table that is enforced. It needs no access
/// token, like this document, of which it is a part in another form.
#[utoipa::path(
    operation_id = "get_ticket_workflow",
    tag = "operations",
    responses((status = 200, description = "The workflow.", body = TicketWorkflowResponse), PlainErrors)
)]
#[get("/meta/ticket-workflow")]
pub(crate) async fn ticket_workflow() -> Json<TicketWorkflowResponse> {
    Json(TicketWorkflowResponse::new())
}
