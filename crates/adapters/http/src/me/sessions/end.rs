//! `DELETE /me/sessions/{id}`

use actix_web::web::Data;
use actix_web::{HttpResponse, delete};

use crate::extract::{AnyAccount, PathId};
use crate::openapi::OwnReadErrors;
use crate::problem::ApiError;
use crate::representation::schema;
use crate::state::AppState;

/// End one of your sessions
///
/// Its tokens are good for nothing from then on. It may be the one that this request belongs to.
#[utoipa::path(
    operation_id = "end_own_session",
    tag = "session",
    params(("id" = schema::SessionId, Path, description = "The session.")),
    responses((status = 204, description = "The session has ended."), OwnReadErrors),
    security(("bearer" = []))
)]
#[delete("/me/sessions/{id}")]
pub(crate) async fn end(
    state: Data<AppState>,
    caller: AnyAccount,
    id: PathId,
) -> Result<HttpResponse, ApiError> {
    state.help_desk.sessions.end(&caller.actor(), id.parse()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
