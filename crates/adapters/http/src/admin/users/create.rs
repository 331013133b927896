//! `POST /admin/users`

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::{Email, IdError, NewPassword, NewUser, PersonName, Refusal, TeamId, User};
use helpdesk_use_cases::{AccountMade, Done};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::extract::{AdminActor, IdempotencyKey, JsonBody, present};
use crate::idempotency::Created;
use crate::openapi::{CreateUserErrors, IdempotencyKeyParam};
use crate::problem::ApiError;
use crate::representation::{InvitedUserResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed, parsed_if_given};

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
    /// Its password. Without one, the account is invited to choose one.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::new_password"))]
    #[schema(
        value_type = String,
        required = false,
        min_length = 12,
        max_length = 128,
        format = Password,
        example = "correct horse battery"
    )]
    password: Option<String>,
    /// The teams that it joins; for agents alone, who join the default team if this is left out.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::team_ids"))]
    #[schema(value_type = Vec<schema::Id>, required = false, max_items = 100, example = json!([1]))]
    team_ids: Option<Vec<i64>>,
}

fn password_for_this_account(request: &CreateUserRequest) -> Result<(), ValidationError> {
    let password = request.password.as_deref();
    password.map_or(Ok(()), |password| validation::password_of("password", password, &request.email))
}

impl CreateUserRequest {
    fn into_command(self) -> Result<(NewUser, Option<NewPassword>), ApiError> {
        let email = parsed("email", Email::parse(&self.email))?;
        let password =
            parsed_if_given("password", self.password, |password| NewPassword::parse(&password, &email))?;
        let name = parsed("name", PersonName::parse(&self.name))?;
        let role = parsed("role", self.role.parse())?;
        // A number that is no id is told like the id of a team that is not there.
        let team = |id| TeamId::new(id).map_err(|IdError| Refusal::UnknownTeams);
        let teams = self.team_ids.map(|ids| ids.into_iter().map(team).collect()).transpose()?;
        Ok((NewUser { email, name, role, teams }, password))
    }
}

/// Make an account
///
/// With a password, or without one: then the answer has an invitation, by whose token the account's owner chooses a password at
/// `POST /invitations/accept`. The token is shown this once: where the answer is given again, for its `Idempotency-Key`, it has no
/// invitation.
#[utoipa::path(
    operation_id = "create_user",
    tag = "admin",
    params(IdempotencyKeyParam),
    request_body = CreateUserRequest,
    responses(
        (
            status = 201,
            description = "The account.",
            body = InvitedUserResponse,
            headers(
                ("Location" = String, description = "Where the account is."),
                ("Idempotency-Replayed" = String, description = "`true` if this was answered before.")
            )
        ),
        CreateUserErrors,
    ),
    security(("bearer" = []))
)]
#[post("/admin/users")]
pub(crate) async fn create(
    state: Data<AppState>,
    caller: AdminActor,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let key = key.read()?;
    let (request, text) = body.read_with_text::<CreateUserRequest>().await?;
    let ((new, password), by) = (request.into_command()?, caller.actor());
    let accounts = &state.help_desk.accounts;
    let done = match key {
        None => Done::Now(accounts.create(by, new, password).await?),
        Some(key) => {
            // What is kept is made of the account alone, without the invitation that it may come with.
            let kept = |user: User| answer(AccountMade { user, invitation: None });
            accounts.create_once(by, new, password, key.once(&state.fingerprints, &text, kept)).await?
        }
    };
    Created::answer(done, answer)
}

fn answer(made: AccountMade) -> Result<Created, ApiError> {
    let response = InvitedUserResponse::from(made);
    Created::new(response.location(), &response)
}
