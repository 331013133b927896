//! `PUT /customer/tickets/{id}`

use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use helpdesk_domain::TicketPatch;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::entity_tag::Tagged;
use crate::extract::{CustomerActor, IfMatch, JsonBody, PathId, present};
use crate::openapi::{IfMatchParam, UpdateCustomerTicketErrors};
use crate::problem::ApiError;
use crate::representation::{CustomerTicketDetailResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed_if_given};

/// A change of a ticket by its requester.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "closed"}))]
pub(crate) struct UpdateCustomerTicketRequest {
    /// `closed`; every other status is refused.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::status"))]
    #[schema(value_type = schema::Status, required = true)]
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
///
/// That is all that a customer can change of one, and it is final: what remains is to open another ticket that follows it up.
#[utoipa::path(
    operation_id = "update_customer_ticket",
    tag = "customer",
    params(("id" = schema::Id, Path, description = "The ticket."), IfMatchParam),
    request_body = UpdateCustomerTicketRequest,
    responses(
        (
            status = 200,
            description = "The ticket.",
            body = CustomerTicketDetailResponse,
            headers(("ETag" = String, description = "The version, and a digest of this answer."))
        ),
        UpdateCustomerTicketErrors,
    ),
    security(("bearer" = []))
)]
#[put("/customer/tickets/{id}")]
pub(crate) async fn update(
    state: Data<AppState>,
    caller: CustomerActor,
    id: PathId,
    if_match: IfMatch,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let (id, expected) = (id.parse()?, if_match.read()?);
    let request: UpdateCustomerTicketRequest = body.read().await?;
    let patch = request.into_command()?;
    let update =
        async |seen| state.help_desk.customer_tickets.update(caller.actor(), id, patch.clone(), seen).await;
    let detail = expected.act(update).await?;
    let response = CustomerTicketDetailResponse::new(detail, caller.actor(), &state.cursors);
    Ok(Tagged::new(&response)?.ok())
}
