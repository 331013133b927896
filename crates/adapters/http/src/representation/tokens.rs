//! The tokens of a session.

use helpdesk_use_cases::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use super::SignedInUserResponse;

/// The tokens of a session.
// No Debug: they are secrets.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub(crate) struct TokensResponse {
    /// A JWT, to be sent as `Authorization: Bearer …`.
    #[schema(example = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJ1c2VyX2lkIjoxN30.c2lnbmF0dXJl")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds the access token is good.
    #[schema(example = 900)]
    expires_in: u64,
    /// What gets the next pair of tokens, once, by `POST /token/refresh`.
    #[schema(example = "b4m1Zp0uTq2kXv7sYw3cRe9aLd5gHj8nQf6iUoPtKxE")]
    refresh_token: String,
    /// Who signed in.
    user: SignedInUserResponse,
}

impl From<SignedIn> for TokensResponse {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            access_token: signed_in.access_token,
            token_type: "Bearer",
            expires_in: signed_in.expires_in.as_secs(),
            refresh_token: signed_in.refresh_token,
            user: signed_in.user.into(),
        }
    }
}
