//! `DELETE /admin/teams/{id}/members/{user_id}`

use actix_web::web::Data;
use actix_web::{HttpResponse, delete};

use crate::extract::{AdminActor, PathId, PathUserId};
use crate::openapi::ReadErrors;
use crate::problem::ApiError;
use crate::representation::schema;
use crate::state::AppState;

/// Take an agent out of a team
///
/// Who is not in it, is not. The tickets that the agent works stay with the agent.
#[utoipa::path(
    operation_id = "remove_team_member",
    tag = "admin",
    params(
        ("id" = schema::Id, Path, description = "The team."),
        ("user_id" = schema::Id, Path, description = "The account."),
    ),
    responses((status = 204, description = "The agent is not in the team."), ReadErrors),
    security(("bearer" = []))
)]
#[delete("/admin/teams/{id}/members/{user_id}")]
pub(crate) async fn remove(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
    user_id: PathUserId,
) -> Result<HttpResponse, ApiError> {
    state.help_desk.teams.dismiss(caller.actor(), id.parse()?, user_id.parse()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
