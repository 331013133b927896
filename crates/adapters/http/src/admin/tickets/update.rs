//! `PUT /admin/tickets/{id}`

use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use helpdesk_domain::{IdError, Refusal, Tags, TeamId, UserId};
use helpdesk_use_cases::AdminTicketPatch;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::entity_tag::Tagged;
use crate::extract::{AdminActor, IfMatch, JsonBody, PathId, present};
use crate::openapi::{IfMatchParam, UpdateAdminTicketErrors};
use crate::problem::ApiError;
use crate::representation::{TicketDetailResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed_if_given};

/// A change of a ticket by an admin; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1, example = json!({"status": "open", "assignee_id": 2, "tags": ["vip"]}))]
pub(crate) struct UpdateAdminTicketRequest {
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
    /// Who works it from now on: any active agent, or `null` for nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schema::Id>, required = false)]
    #[expect(clippy::option_option, reason = "left out and `null` are different things here")]
    assignee_id: Option<Option<i64>>,
    /// The team that it belongs to from now on.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::Id, required = false)]
    team_id: Option<i64>,
}

impl UpdateAdminTicketRequest {
    pub(super) fn into_command(self) -> Result<AdminTicketPatch, ApiError> {
        // A number that is no id is nobody's: told like the id of somebody who is no agent, or of a team that is not there.
        let account = |id| UserId::new(id).map_err(|IdError| Refusal::NotAssignable);
        let team = |id| TeamId::new(id).map_err(|IdError| Refusal::UnknownTeam);
        Ok(AdminTicketPatch {
            status: parsed_if_given("status", self.status, |word| word.parse())?,
            priority: parsed_if_given("priority", self.priority, |word| word.parse())?,
            tags: parsed_if_given("tags", self.tags, |tags| Tags::parse(&tags))?,
            assignee: self.assignee_id.map(|id| id.map(account).transpose()).transpose()?,
            team: self.team_id.map(team).transpose()?,
        })
    }
}

/// Change or assign a ticket
///
/// What is left out stays; at least one field must be given. Only an admin reopens a closed ticket.
#[utoipa::path(
    operation_id = "update_admin_ticket",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The ticket."), IfMatchParam),
    request_body = UpdateAdminTicketRequest,
    responses(
        (
            status = 200,
            description = "The ticket.",
            body = TicketDetailResponse,
            headers(("ETag" = String, description = "The version, and a digest of this answer."))
        ),
        UpdateAdminTicketErrors,
    ),
    security(("bearer" = []))
)]
#[put("/admin/tickets/{id}")]
pub(crate) async fn update(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
    if_match: IfMatch,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let (id, expected) = (id.parse()?, if_match.read()?);
    let request: UpdateAdminTicketRequest = body.read().await?;
    let patch = request.into_command()?;
    let update =
        async |seen| state.help_desk.admin_tickets.update(caller.actor(), id, patch.clone(), seen).await;
    let detail = expected.act(update).await?;
    let response = TicketDetailResponse::new(detail, caller.actor(), &state.cursors);
    Ok(Tagged::new(&response)?.ok())
}
