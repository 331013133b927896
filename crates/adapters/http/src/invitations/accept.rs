//! `POST /invitations/accept`

use actix_web::post;
use actix_web::web::{Data, Json};
use helpdesk_domain::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::JsonBody;
use crate::openapi::AcceptInvitationErrors;
use crate::problem::ApiError;
use crate::representation::SignedInUserResponse;
use crate::state::AppState;
use crate::validation;

/// An invitation, and the password that its account is to have.
// No Debug: it holds secrets.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitationRequest {
    /// The token of the invitation.
    #[validate(custom(function = "validation::opaque_token"))]
    #[schema(format = Password, example = "b4m1Zp0uTq2kXv7sYw3cRe9aLd5gHj8nQf6iUoPtKxE")]
    token: String,
    /// The password.
    #[validate(custom(function = "validation::new_password"))]
    #[schema(min_length = 12, max_length = 128, format = Password, example = "correct horse battery")]
    password: String,
}

/// Accept an invitation
///
/// The invited account gets its password, and can sign in from then on. An invitation is good once, for 24 hours, and until a later
/// one takes its place; unknown, used and too old are one and the same error. No access token is needed, and none is given.
#[utoipa::path(
    operation_id = "accept_invitation",
    tag = "account",
    request_body = AcceptInvitationRequest,
    responses(
        (status = 200, description = "The account.", body = SignedInUserResponse),
        AcceptInvitationErrors,
    )
)]
#[post("/invitations/accept")]
pub(crate) async fn accept(
    state: Data<AppState>,
    body: JsonBody,
) -> Result<Json<SignedInUserResponse>, ApiError> {
    let AcceptInvitationRequest { token, password } = body.read_from_anyone().await?;
    if !validation::may_be_a_token(&token) {
        return Err(Refusal::InvalidInvitation.into());
    }
    let user = state.help_desk.invitations.accept(&token, &password).await?;
    Ok(Json(user.into()))
}
