//! `POST /login`

use actix_web::post;
use actix_web::web::{Data, Json};
use helpdesk_use_cases::{ACCESS_TOKEN_LIFETIME, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::JsonBody;
use crate::openapi::LoginErrors;
use crate::problem::ApiError;
use crate::representation::SignedInUserResponse;
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

/// The tokens of a session.
// No Debug: they are secrets.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct LoginResponse {
    /// A JWT, to be sent as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds the access token is good.
    #[schema(example = 900)]
    expires_in: u64,
    /// What gets a new access token.
    refresh_token: String,
    /// Who signed in.
    user: SignedInUserResponse,
}

impl From<SignedIn> for LoginResponse {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            access_token: signed_in.access_token,
            token_type: "Bearer",
            expires_in: ACCESS_TOKEN_LIFETIME.as_secs(),
            refresh_token: signed_in.refresh_token,
            user: signed_in.user.into(),
        }
    }
}

/// Sign in
///
/// An unknown address, a wrong password and a disabled account are one and the same error, after the same time.
#[utoipa::path(
    operation_id = "login",
    tag = "session",
    request_body = LoginRequest,
    responses((status = 200, description = "A new session.", body = LoginResponse), LoginErrors)
)]
#[post("/login")]
pub(crate) async fn login(state: Data<AppState>, body: JsonBody) -> Result<Json<LoginResponse>, ApiError> {
    let LoginRequest { email, password } = body.read_from_anyone().await?;
    let signed_in = state.help_desk.sign_in.sign_in(&email, password).await?;
    Ok(Json(signed_in.into()))
}
