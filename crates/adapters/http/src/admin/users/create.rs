//! `POST /admin/users`

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::{Email, NewPassword, NewUser, PasswordError, PersonName};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::extract::{AdminActor, JsonBody};
use crate::openapi::CreateUserErrors;
use crate::problem::ApiError;
use crate::representation::{UserResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed};

/// An account to be made.
// No Debug: it holds a password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "password_for_this_account", skip_on_field_errors = false))]
pub(crate) struct CreateUserRequest {
    /// The address it will sign in with.
    #[validate(custom(function = "validation::email"))]
    #[schema(max_length = 254, format = Email, example = "ada@example.com")]
    email: String,
    /// The name that others see.
    #[validate(custom(function = "validation::person_name"))]
    #[schema(min_length = 1, max_length = 100, example = "Ada Lovelace")]
    name: String,
    /// What it may do.
    #[validate(custom(function = "validation::role"))]
    #[schema(value_type = schema::Role)]
    role: String,
    /// Its password.
    #[validate(custom(function = "validation::new_password"))]
    #[schema(min_length = 12, max_length = 128, format = Password, example = "correct horse battery")]
    password: String,
}

/// What a password must be depends on the address; the rules that do not are checked with the field itself.
fn password_for_this_account(request: &CreateUserRequest) -> Result<(), ValidationError> {
    let parsed = Email::parse(&request.email).map(|email| NewPassword::parse(&request.password, &email));
    match parsed {
        Ok(Err(fault @ PasswordError::Guessable)) => Err(validation::fault_in("password", &fault)),
        _ => Ok(()),
    }
}

impl CreateUserRequest {
    fn into_command(self) -> Result<(NewUser, NewPassword), ApiError> {
        let email = parsed("email", Email::parse(&self.email))?;
        let password = parsed("password", NewPassword::parse(&self.password, &email))?;
        let name = parsed("name", PersonName::parse(&self.name))?;
        let role = parsed("role", self.role.parse())?;
        Ok((NewUser { email, name, role }, password))
    }
}

/// Make an account
#[utoipa::path(
    operation_id = "create_user",
    tag = "admin",
    request_body = CreateUserRequest,
    responses(
        (
            status = 201,
            description = "The account.",
            body = UserResponse,
            headers(("Location" = String, description = "Where the account is."))
        ),
        CreateUserErrors,
    ),
    security(("bearer" = []))
)]
#[post("/admin/users")]
pub(crate) async fn create(
    state: Data<AppState>,
    caller: AdminActor,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let request: CreateUserRequest = body.read().await?;
    let (new, password) = request.into_command()?;
    let user = state.help_desk.accounts.create(&caller.actor().into(), new, password).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/admin/users/{}", user.id())))
        .json(UserResponse::from(user)))
}
