//! `GET /me`

use actix_web::get;
use actix_web::web::{Data, Json};

use crate::extract::AnyAccount;
use crate::openapi::OwnErrors;
use crate::problem::ApiError;
use crate::representation::SignedInUserResponse;
use crate::state::AppState;

/// Read your account
///
/// The account that the access token belongs to.
#[utoipa::path(
    operation_id = "get_own_account",
    tag = "account",
    responses((status = 200, description = "The account.", body = SignedInUserResponse), OwnErrors),
    security(("bearer" = []))
)]
#[get("/me")]
pub(crate) async fn read(
    state: Data<AppState>,
    caller: AnyAccount,
) -> Result<Json<SignedInUserResponse>, ApiError> {
    let user = state.help_desk.own_account.find(&caller.actor()).await?;
    Ok(Json(user.into()))
}
