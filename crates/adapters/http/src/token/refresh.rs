//! `POST /token/refresh`

use actix_web::post;
use actix_web::web::{Data, Json};
use helpdesk_use_cases::RefreshError;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Client, JsonBody};
use crate::openapi::RefreshErrors;
use crate::problem::ApiError;
use crate::representation::TokensResponse;
use crate::state::AppState;
use crate::validation;

/// A refresh token.
// No Debug: it is a secret.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshRequest {
    /// The newest refresh token of the session.
    #[validate(custom(function = "validation::opaque_token"))]
    #[schema(format = Password, example = "b4m1Zp0uTq2kXv7sYw3cRe9aLd5gHj8nQf6iUoPtKxE")]
    refresh_token: String,
}

/// Stay signed in
///
/// Gives a new pair of tokens; the refresh token is used up. If the answer is lost, the same token may be shown again, as long as
/// its successor was not. Any other token that was used before ends its session, for whoever holds it. No access token is needed.
#[utoipa::path(
    operation_id = "refresh_session",
    tag = "session",
    request_body = RefreshRequest,
    responses((status = 200, description = "The next tokens of the session.", body = TokensResponse), RefreshErrors)
)]
#[post("/token/refresh")]
pub(crate) async fn refresh(
    state: Data<AppState>,
    Client(client): Client,
    body: JsonBody,
) -> Result<Json<TokensResponse>, ApiError> {
    let RefreshRequest { refresh_token } = body.read_from_anyone().await?;
    if !validation::may_be_a_token(&refresh_token) {
        return Err(RefreshError::InvalidToken.into());
    }
    let signed_in = state.help_desk.sessions.refresh(&refresh_token, client).await?;
    Ok(Json(signed_in.into()))
}
