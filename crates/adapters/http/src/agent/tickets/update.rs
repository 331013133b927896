//! `PUT /agent/tickets/{id}`

use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use helpdesk_domain::{Tags, TicketPatch};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::entity_tag::Tagged;
use crate::extract::{AgentActor, IfMatch, JsonBody, PathId, present};
use crate::openapi::{IfMatchParam, UpdateAgentTicketErrors};
use crate::problem::ApiError;
use crate::representation::{TicketDetailResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed_if_given};

/// A change of a ticket; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1, example = json!({"status": "pending", "priority": "high", "tags": ["vip"]}))]
pub(crate) struct UpdateTicketRequest {
    /// The new status.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::status"))]
    #[schema(value_type = schema::Status, required = false)]
    status: Option<String>,
    /// The new priority.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::priority"))]
    #[schema(value_type = schema::Priority, required = false)]
    priority: Option<String>,
    /// All tags from now on.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::tags"))]
    #[schema(value_type = Vec<schema::Tag>, required = false, max_items = 20)]
    tags: Option<Vec<String>>,
}

impl UpdateTicketRequest {
    pub(super) fn into_command(self) -> Result<TicketPatch, ApiError> {
        Ok(TicketPatch {
            status: parsed_if_given("status", self.status, |word| word.parse())?,
            priority: parsed_if_given("priority", self.priority, |word| word.parse())?,
            tags: parsed_if_given("tags", self.tags, |tags| Tags::parse(&tags))?,
            assignee: None,
            team: None,
        })
    }
}

/// Change a ticket
///
/// What is left out stays; at least one field must be given.
#[utoipa::path(
    operation_id = "update_agent_ticket",
    tag = "agent",
    params(("id" = schema::Id, Path, description = "The ticket."), IfMatchParam),
    request_body = UpdateTicketRequest,
    responses(
        (
            status = 200,
            description = "The ticket.",
            body = TicketDetailResponse,
            headers(("ETag" = String, description = "The version, and a digest of this answer."))
        ),
        UpdateAgentTicketErrors,
    ),
    security(("bearer" = []))
)]
#[put("/agent/tickets/{id}")]
pub(crate) async fn update(
    state: Data<AppState>,
    caller: AgentActor,
    id: PathId,
    if_match: IfMatch,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let (id, expected) = (id.parse()?, if_match.read()?);
    let request: UpdateTicketRequest = body.read().await?;
    let patch = request.into_command()?;
    let update =
        async |seen| state.help_desk.staff_tickets.update(caller.actor(), id, patch.clone(), seen).await;
    let detail = expected.act(update).await?;
    let response = TicketDetailResponse::new(detail, caller.actor(), &state.cursors);
    Ok(Tagged::new(&response)?.ok())
}
