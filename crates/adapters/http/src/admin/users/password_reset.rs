//! `POST /admin/users/{id}/password-reset`

use actix_web::post;
use actix_web::web::{Data, Json};
use helpdesk_use_cases::AccountMade;

use crate::extract::{AdminActor, PathId};
use crate::openapi::PasswordResetErrors;
use crate::problem::ApiError;
use crate::representation::{InvitedUserResponse, schema};
use crate::state::AppState;

/// Take an account's password away
///
/// Ends all its sessions, and invites its owner to choose another password, as a new account without a password is. An earlier
/// invitation is good for nothing from then on. There is no body; what is sent is not looked at.
#[utoipa::path(
    operation_id = "reset_user_password",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The account.")),
    responses(
        (status = 200, description = "The account, with its invitation.", body = InvitedUserResponse),
        PasswordResetErrors,
    ),
    security(("bearer" = []))
)]
#[post("/admin/users/{id}/password-reset")]
pub(crate) async fn reset_password(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
) -> Result<Json<InvitedUserResponse>, ApiError> {
    let (user, invitation) = state.help_desk.accounts.reset_password(caller.actor(), id.parse()?).await?;
    Ok(Json(AccountMade { user, invitation: Some(invitation) }.into()))
}
