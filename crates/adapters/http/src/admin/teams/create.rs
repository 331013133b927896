//! `POST /admin/teams`

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::TeamName;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{AdminActor, JsonBody};
use crate::openapi::CreateTeamErrors;
use crate::problem::ApiError;
use crate::representation::TeamResponse;
use crate::state::AppState;
use crate::validation::{self, parsed};

/// A team to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTeamRequest {
    /// Its name; no other team may have it.
    #[validate(custom(function = "validation::team_name"))]
    #[schema(min_length = 1, max_length = 100, example = "Billing")]
    name: String,
}

/// Make a team
///
/// Nobody is in it yet.
#[utoipa::path(
    operation_id = "create_team",
    tag = "admin",
    request_body = CreateTeamRequest,
    responses(
        (
            status = 201,
            description = "The team.",
            body = TeamResponse,
            headers(("Location" = String, description = "Where the team is."))
        ),
        CreateTeamErrors,
    ),
    security(("bearer" = []))
)]
#[post("/admin/teams")]
pub(crate) async fn create(
    state: Data<AppState>,
    caller: AdminActor,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let CreateTeamRequest { name } = body.read().await?;
    let name = parsed("name", TeamName::parse(&name))?;
    let team = state.help_desk.teams.create(caller.actor(), name).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/admin/teams/{}", team.id)))
        .json(TeamResponse::from(team)))
}
