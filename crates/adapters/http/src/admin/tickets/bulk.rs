//! `POST /admin/tickets/bulk`

use actix_web::post;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::update::UpdateAdminTicketRequest;
use crate::extract::{AdminActor, JsonBody, object};
use crate::openapi::BulkErrors;
use crate::problem::ApiError;
use crate::representation::BulkResponse;
use crate::staff::ticket_ids;
use crate::state::AppState;
use crate::validation;

/// The field that the change is in.
const CHANGE: &str = "change";

/// The same change of several tickets.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkUpdateAdminTicketsRequest {
    /// The tickets, each once. A number that is no id is told like the id of a ticket that is not there.
    #[validate(custom(function = "validation::ticket_ids"))]
    #[schema(min_items = 1, max_items = 100, example = json!([5, 7]))]
    ids: Vec<i64>,
    /// What is to become of each of them.
    #[serde(deserialize_with = "object")]
    #[validate(nested)]
    change: UpdateAdminTicketRequest,
}

/// Change several tickets
///
/// The same change of up to a hundred tickets, as if each were changed alone: each has a result of its own, in the order of
/// `ids`, and one that is refused keeps none of the others. The changes are written together.
/// An assignee who is no active agent, and a team that is not there, are faults of the change itself: 422 for the whole.
#[utoipa::path(
    operation_id = "bulk_update_admin_tickets",
    tag = "admin",
    request_body = BulkUpdateAdminTicketsRequest,
    responses(
        (status = 200, description = "A result for each ticket.", body = BulkResponse),
        BulkErrors,
    ),
    security(("bearer" = []))
)]
#[post("/admin/tickets/bulk")]
pub(crate) async fn bulk(
    state: Data<AppState>,
    caller: AdminActor,
    body: JsonBody,
) -> Result<Json<BulkResponse>, ApiError> {
    let BulkUpdateAdminTicketsRequest { ids, change } = body.read().await?;
    let patch = change.into_command().map_err(|error| error.within(CHANGE))?;
    let items = state.help_desk.admin_tickets.update_many(caller.actor(), &ticket_ids(&ids), patch).await;
    let items = items.map_err(|error| ApiError::from(error).within(CHANGE))?;
    Ok(Json(BulkResponse::new(&ids, items)))
}
