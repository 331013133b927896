//! `PUT /me/password`

use actix_web::put;
use actix_web::web::{Data, Json};
use helpdesk_domain::Refusal;
use helpdesk_use_cases::UseCaseError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{AnyAccount, Client, JsonBody};
use crate::openapi::ChangePasswordErrors;
use crate::problem::ApiError;
use crate::representation::SignedInUserResponse;
use crate::state::AppState;
use crate::validation;

/// Another password for one's own account.
// No Debug: it holds passwords.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePasswordRequest {
    /// The password that the account has now.
    #[validate(custom(function = "validation::known_password"))]
    #[schema(max_length = 128, format = Password, example = "correct horse battery")]
    current_password: String,
    /// The password that it is to have.
    #[validate(custom(function = "validation::new_password"))]
    #[schema(min_length = 12, max_length = 128, format = Password, example = "staple horse battery")]
    new_password: String,
}

/// Change your password
///
/// Ends all your other sessions; this one goes on, and so do its tokens. A wrong current password counts like one at sign-in.
#[utoipa::path(
    operation_id = "change_own_password",
    tag = "account",
    request_body = ChangePasswordRequest,
    responses((status = 200, description = "The account.", body = SignedInUserResponse), ChangePasswordErrors),
    security(("bearer" = []))
)]
#[put("/me/password")]
pub(crate) async fn change_password(
    state: Data<AppState>,
    caller: AnyAccount,
    Client(client): Client,
    body: JsonBody,
) -> Result<Json<SignedInUserResponse>, ApiError> {
    let ChangePasswordRequest { current_password, new_password } = body.read().await?;
    let account = &state.help_desk.own_account;
    let user = account
        .change_password(&caller.actor(), current_password, &new_password, &client)
        .await
        .map_err(in_its_field)?;
    Ok(Json(user.into()))
}

/// There are two passwords here, so that the new one has a name of its own.
fn in_its_field(error: UseCaseError) -> ApiError {
    match error {
        UseCaseError::Refused(Refusal::NewPassword(fault)) => {
            ApiError::invalid_field("new_password", fault.code(), fault)
        }
        other => other.into(),
    }
}
