//! `POST /agent/tickets/bulk`

use actix_web::post;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::update::UpdateTicketRequest;
use crate::extract::{AgentActor, JsonBody, object};
use crate::openapi::BulkErrors;
use crate::problem::ApiError;
use crate::representation::BulkResponse;
use crate::staff::ticket_ids;
use crate::state::AppState;
use crate::validation;

/// The same change of several tickets.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkUpdateTicketsRequest {
    /// The tickets, each once. A number that is no id is told like the id of a ticket that is not there.
    #[validate(custom(function = "validation::ticket_ids"))]
    #[schema(min_items = 1, max_items = 100, example = json!([5, 7]))]
    ids: Vec<i64>,
    /// What is to become of each of them.
    #[serde(deserialize_with = "object")]
    #[validate(nested)]
    change: UpdateTicketRequest,
}

/// Change several tickets
///
/// The same change of up to a hundred tickets, as if each were changed alone: each has a result of its own, in the order of
/// `ids`, and one that is refused keeps none of the others. The changes are written together.
#[utoipa::path(
    operation_id = "bulk_update_agent_tickets",
    tag = "agent",
    request_body = BulkUpdateTicketsRequest,
    responses(
        (status = 200, description = "A result for each ticket.", body = BulkResponse),
        BulkErrors,
    ),
    security(("bearer" = []))
)]
#[post("/agent/tickets/bulk")]
pub(crate) async fn bulk(
    state: Data<AppState>,
    caller: AgentActor,
    body: JsonBody,
) -> Result<Json<BulkResponse>, ApiError> {
    let BulkUpdateTicketsRequest { ids, change } = body.read().await?;
    let patch = change.into_command()?;
    let items = state.help_desk.staff_tickets.update_many(caller.actor(), &ticket_ids(&ids), patch).await?;
    Ok(Json(BulkResponse::new(&ids, items)))
}
