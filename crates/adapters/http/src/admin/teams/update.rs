//! `PUT /admin/teams/{id}`

use actix_web::put;
use actix_web::web::{Data, Json};
use helpdesk_domain::{Refusal, TeamName};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{AdminActor, JsonBody, PathId, present};
use crate::openapi::UpdateTeamErrors;
use crate::problem::ApiError;
use crate::representation::{TeamResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed};

/// A change of a team.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateTeamRequest {
    /// The new name; no other team may have it.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::team_name"))]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 100, example = "Billing")]
    name: Option<String>,
}

/// Give a team another name
///
/// Its tickets show the new name from then on.
#[utoipa::path(
    operation_id = "update_team",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The team.")),
    request_body = UpdateTeamRequest,
    responses((status = 200, description = "The team.", body = TeamResponse), UpdateTeamErrors),
    security(("bearer" = []))
)]
#[put("/admin/teams/{id}")]
pub(crate) async fn update(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
    body: JsonBody,
) -> Result<Json<TeamResponse>, ApiError> {
    let id = id.parse()?;
    let UpdateTeamRequest { name } = body.read().await?;
    // A change without any field, as everywhere.
    let name = name.ok_or(Refusal::NothingToChange)?;
    let name = parsed("name", TeamName::parse(&name))?;
    let team = state.help_desk.teams.rename(caller.actor(), id, name).await?;
    Ok(Json(team.into()))
}
