//! `GET /admin/users/{id}`

use actix_web::get;
use actix_web::web::{Data, Json};

use crate::extract::{AdminActor, PathId};
use crate::openapi::ReadErrors;
use crate::problem::ApiError;
use crate::representation::{UserResponse, schema};
use crate::state::AppState;

/// Read an account
///
/// Whether it may sign in, and whether it has a password to do so with.
#[utoipa::path(
    operation_id = "get_user",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The account.")),
    responses((status = 200, description = "The account.", body = UserResponse), ReadErrors),
    security(("bearer" = []))
)]
#[get("/admin/users/{id}")]
pub(crate) async fn read(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
) -> Result<Json<UserResponse>, ApiError> {
    let user = state.help_desk.accounts.find(caller.actor(), id.parse()?).await?;
    Ok(Json(user.into()))
}
