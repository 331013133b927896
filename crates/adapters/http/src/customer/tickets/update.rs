//! `PUT /customer/tickets/{id}`

use actix_web::put;
use actix_web::web::{Data, Json};
use helpdesk_domain::TicketPatch;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{CustomerActor, JsonBody, PathId, present};
use crate::openapi::UpdateTicketErrors;
use crate::problem::ApiError;
use crate::representation::{CustomerTicketDetailResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed_if_given};

/// A change of a ticket by its requester.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateCustomerTicketRequest {
    /// `closed`; every other status is refused.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::status"))]
    #[schema(value_type = schema::Status, required = true, example = "closed")]
    status: Option<String>,
}

impl UpdateCustomerTicketRequest {
    fn into_command(self) -> Result<TicketPatch, ApiError> {
        // Which status a customer may set is the domain's rule.
        let status = parsed_if_given("status", self.status, |word| word.parse())?;
        Ok(TicketPatch { status, ..TicketPatch::default() })
    }
}

/// Close a ticket
#[utoipa::path(
    operation_id = "update_customer_ticket",
    tag = "customer",
    params(("id" = schema::Id, Path, description = "The ticket.")),
    request_body = UpdateCustomerTicketRequest,
    responses(
        (status = 200, description = "The ticket.", body = CustomerTicketDetailResponse),
        UpdateTicketErrors,
    ),
    security(("bearer" = []))
)]
#[put("/customer/tickets/{id}")]
pub(crate) async fn update(
    state: Data<AppState>,
    caller: CustomerActor,
    id: PathId,
    body: JsonBody,
) -> Result<Json<CustomerTicketDetailResponse>, ApiError> {
    let id = id.parse()?;
    let request: UpdateCustomerTicketRequest = body.read().await?;
    let detail = state.help_desk.customer_tickets.update(caller.actor(), id, request.into_command()?).await?;
    Ok(Json(CustomerTicketDetailResponse::new(detail, caller.actor(), &state.cursors)))
}
