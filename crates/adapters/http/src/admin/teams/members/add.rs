//! `PUT /admin/teams/{id}/members/{user_id}`

use actix_web::web::Data;
use actix_web::{HttpResponse, put};

use crate::extract::{AdminActor, PathId, PathUserId};
use crate::openapi::AddMemberErrors;
use crate::problem::ApiError;
use crate::representation::schema;
use crate::state::AppState;

/// Add an agent to a team
///
/// Only agents are in teams. Who is in it already, stays. There is no body; what is sent is not looked at.
#[utoipa::path(
    operation_id = "add_team_member",
    tag = "admin",
    params(
        ("id" = schema::Id, Path, description = "The team."),
        ("user_id" = schema::Id, Path, description = "The account."),
    ),
    responses((status = 204, description = "The agent is in the team."), AddMemberErrors),
    security(("bearer" = []))
)]
#[put("/admin/teams/{id}/members/{user_id}")]
pub(crate) async fn add(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
    user_id: PathUserId,
) -> Result<HttpResponse, ApiError> {
    state.help_desk.teams.admit(caller.actor(), id.parse()?, user_id.parse()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
