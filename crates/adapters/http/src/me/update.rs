//! `PUT /me`

use actix_web::put;
use actix_web::web::{Data, Json};
use helpdesk_domain::{PersonName, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{AnyAccount, JsonBody, present};
use crate::openapi::UpdateOwnErrors;
use crate::problem::ApiError;
use crate::representation::SignedInUserResponse;
use crate::state::AppState;
use crate::validation::{self, parsed};

/// A change of one's own account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateOwnAccountRequest {
    /// The new name.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::person_name"))]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 100, example = "Ada King")]
    name: Option<String>,
}

/// Change your name
///
/// The address and the role are for an admin to change.
#[utoipa::path(
    operation_id = "update_own_account",
    tag = "account",
    request_body = UpdateOwnAccountRequest,
    responses((status = 200, description = "The account.", body = SignedInUserResponse), UpdateOwnErrors),
    security(("bearer" = []))
)]
#[put("/me")]
pub(crate) async fn update(
    state: Data<AppState>,
    caller: AnyAccount,
    body: JsonBody,
) -> Result<Json<SignedInUserResponse>, ApiError> {
    let UpdateOwnAccountRequest { name } = body.read().await?;
    // A change without any field, as everywhere.
    let name = name.ok_or(Refusal::NothingToChange)?;
    let name = parsed("name", PersonName::parse(&name))?;
    let user = state.help_desk.own_account.rename(&caller.actor(), name).await?;
    Ok(Json(user.into()))
}
