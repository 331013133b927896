//! `POST /login`

use actix_web::post;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Client, JsonBody};
use crate::openapi::LoginErrors;
use crate::problem::ApiError;
use crate::representation::TokensResponse;
use crate::state::AppState;
use crate::validation;

/// Who signs in.
// No Debug: it holds a password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    /// The e-mail address, in any letter case.
    #[validate(custom(function = "validation::known_email"))]
    #[schema(example = "ada@example.com")]
    email: String,
    /// The password.
    #[validate(custom(function = "validation::known_password"))]
    #[schema(max_length = 128, format = Password, example = "correct horse battery")]
    password: String,
}

/// Sign in
///
/// An unknown address, a wrong password and a disabled account are one and the same error, after the same time.
#[utoipa::path(
    operation_id = "login",
    tag = "session",
    request_body = LoginRequest,
    responses((status = 200, description = "A new session.", body = TokensResponse), LoginErrors)
)]
#[post("/login")]
pub(crate) async fn login(
    state: Data<AppState>,
    Client(client): Client,
    body: JsonBody,
) -> Result<Json<TokensResponse>, ApiError> {
    let LoginRequest { email, password } = body.read_from_anyone().await?;
    let signed_in = state.help_desk.sign_in.sign_in(&email, password, client).await?;
    Ok(Json(signed_in.into()))
}
