//! `POST /register`

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::{Email, NewPassword, PersonName};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::extract::{Client, JsonBody, OpenRegistration};
use crate::openapi::RegisterErrors;
use crate::problem::ApiError;
use crate::representation::SignedInUserResponse;
use crate::state::AppState;
use crate::validation::{self, parsed};

/// Where it is.
pub(crate) const PATH: &str = "/register";

/// An account of one's own, to be made.
// No Debug: it holds a password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "password_for_this_account", skip_on_field_errors = false))]
pub(crate) struct RegisterRequest {
    /// The address to sign in with.
    #[validate(custom(function = "validation::email"))]
    #[schema(max_length = 254, format = Email, example = "ada@example.com")]
    email: String,
    /// The name that others see.
    #[validate(custom(function = "validation::person_name"))]
    #[schema(min_length = 1, max_length = 100, example = "Ada Lovelace")]
    name: String,
    /// The password.
    #[validate(custom(function = "validation::new_password"))]
    #[schema(min_length = 12, max_length = 128, format = Password, example = "correct horse battery")]
    password: String,
}

fn password_for_this_account(request: &RegisterRequest) -> Result<(), ValidationError> {
    validation::password_of("password", &request.password, &request.email)
}

/// Make an account of your own
///
/// A customer's; it can sign in from then on. Where the operator has not opened registration, there is no such resource. That an
/// address is taken is told.
#[utoipa::path(
    operation_id = "register",
    tag = "account",
    request_body = RegisterRequest,
    responses(
        (
            status = 201,
            description = "The account.",
            body = SignedInUserResponse,
            headers(("Location" = String, description = "Where the account is, once it has signed in."))
        ),
        RegisterErrors,
    )
)]
#[post("/register")]
pub(crate) async fn register(
    state: Data<AppState>,
    _open: OpenRegistration,
    Client(client): Client,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let RegisterRequest { email, name, password } = body.read_from_anyone().await?;
    let email = parsed("email", Email::parse(&email))?;
    let password = parsed("password", NewPassword::parse(&password, &email))?;
    let name = parsed("name", PersonName::parse(&name))?;
    let user = state.help_desk.registration.register(email, name, password, &client).await?;
    Ok(HttpResponse::Created().insert_header((LOCATION, "/me")).json(SignedInUserResponse::from(user)))
}
