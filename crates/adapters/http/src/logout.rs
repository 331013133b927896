//! `POST /logout`

use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use crate::extract::AnyAccount;
use crate::openapi::OwnErrors;
use crate::problem::ApiError;
use crate::state::AppState;

/// Sign out
///
/// Ends the session that the access token belongs to, with all its tokens. There is no body; what is sent is not looked at.
#[utoipa::path(
    operation_id = "logout",
    tag = "session",
    responses((status = 204, description = "The session has ended."), OwnErrors),
    security(("bearer" = []))
)]
#[post("/logout")]
pub(crate) async fn logout(state: Data<AppState>, caller: AnyAccount) -> Result<HttpResponse, ApiError> {
    state.help_desk.sessions.sign_out(&caller.actor()).await?;
    Ok(HttpResponse::NoContent().finish())
}
