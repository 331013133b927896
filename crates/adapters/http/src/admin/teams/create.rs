//! `POST /admin/teams`

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::{Team, TeamName};
use helpdesk_use_cases::Done;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{AdminActor, IdempotencyKey, JsonBody};
use crate::idempotency::Created;
use crate::openapi::{CreateTeamErrors, IdempotencyKeyParam};
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
    params(IdempotencyKeyParam),
    request_body = CreateTeamRequest,
    responses(
        (
            status = 201,
            description = "The team.",
            body = TeamResponse,
            headers(
                ("Location" = String, description = "Where the team is."),
                ("Idempotency-Replayed" = String, description = "`true` if this was answered before.")
            )
        ),
        CreateTeamErrors,
    ),
    security(("bearer" = []))
)]
#[post("/admin/teams")]
pub(crate) async fn create(
    state: Data<AppState>,
    caller: AdminActor,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let key = key.read()?;
    let (CreateTeamRequest { name }, text) = body.read_with_text().await?;
    let (name, by) = (parsed("name", TeamName::parse(&name))?, caller.actor());
    let teams = &state.help_desk.teams;
    let done = match key {
        None => Done::Now(teams.create(by, name).await?),
        Some(key) => teams.create_once(by, name, key.once(&state.fingerprints, &text, answer)).await?,
    };
    Created::answer(done, answer)
}

fn answer(team: Team) -> Result<Created, ApiError> {
    Created::new(format!("/admin/teams/{}", team.id), &TeamResponse::from(team))
}
