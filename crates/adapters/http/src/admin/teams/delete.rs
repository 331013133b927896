//! `DELETE /admin/teams/{id}`

use actix_web::web::Data;
use actix_web::{HttpResponse, delete};

use crate::extract::{AdminActor, PathId};
use crate::openapi::DeleteTeamErrors;
use crate::problem::ApiError;
use crate::representation::schema;
use crate::state::AppState;

/// Delete a team
///
/// One with tickets or members stays, and so does the default team.
#[utoipa::path(
    operation_id = "delete_team",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The team.")),
    responses((status = 204, description = "The team is gone."), DeleteTeamErrors),
    security(("bearer" = []))
)]
#[delete("/admin/teams/{id}")]
pub(crate) async fn delete(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
) -> Result<HttpResponse, ApiError> {
    state.help_desk.teams.delete(caller.actor(), id.parse()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
