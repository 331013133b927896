//! `GET /admin/teams/{id}`

use actix_web::get;
use actix_web::web::{Data, Json};

use crate::extract::{AdminActor, PathId};
use crate::openapi::ReadErrors;
use crate::problem::ApiError;
use crate::representation::{TeamResponse, schema};
use crate::state::AppState;

/// Read a team
///
/// Its members are a list of their own.
#[utoipa::path(
    operation_id = "get_team",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The team.")),
    responses((status = 200, description = "The team.", body = TeamResponse), ReadErrors),
    security(("bearer" = []))
)]
#[get("/admin/teams/{id}")]
pub(crate) async fn read(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
) -> Result<Json<TeamResponse>, ApiError> {
    let team = state.help_desk.teams.find(caller.actor(), id.parse()?).await?;
    Ok(Json(team.into()))
}
