//! `PUT /admin/users/{id}`

use actix_web::put;
use actix_web::web::{Data, Json};
use helpdesk_domain::{PersonName, UserPatch};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{AdminActor, JsonBody, PathId, present};
use crate::openapi::UpdateUserErrors;
use crate::problem::ApiError;
use crate::representation::{UserResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed_if_given};

/// A change of an account; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1)]
pub(crate) struct UpdateUserRequest {
    /// The new name.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::person_name"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, example = "Ada King")]
    name: Option<String>,
    /// The new role.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::role"))]
    #[schema(value_type = schema::Role, required = false)]
    role: Option<String>,
    /// Whether it may sign in.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, required = false)]
    is_active: Option<bool>,
}

impl UpdateUserRequest {
    fn into_command(self) -> Result<UserPatch, ApiError> {
        Ok(UserPatch {
            name: parsed_if_given("name", self.name, |name| PersonName::parse(&name))?,
            role: parsed_if_given("role", self.role, |word| word.parse())?,
            is_active: self.is_active,
        })
    }
}

/// Change an account
///
/// What is left out stays; at least one field must be given. A new role, or disabling, ends all sessions of the account.
#[utoipa::path(
    operation_id = "update_user",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The account.")),
    request_body = UpdateUserRequest,
    responses((status = 200, description = "The account.", body = UserResponse), UpdateUserErrors),
    security(("bearer" = []))
)]
#[put("/admin/users/{id}")]
pub(crate) async fn update(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
    body: JsonBody,
) -> Result<Json<UserResponse>, ApiError> {
    let id = id.parse()?;
    let request: UpdateUserRequest = body.read().await?;
    let user = state.help_desk.accounts.update(caller.actor(), id, request.into_command()?).await?;
    Ok(Json(user.into()))
}
