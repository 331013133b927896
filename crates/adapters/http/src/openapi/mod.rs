//! The OpenAPI document, collected from the handlers that serve, and finished: what follows from what they say (`finish`) is not
//! said by each of them.

mod conditional;
mod errors;
mod finish;
mod idempotency;

use actix_web::App;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use conditional::{IfMatchParam, IfNoneMatchParam, NotModified};
pub(crate) use errors::{
    AcceptInvitationErrors, AddMemberErrors, BulkErrors, ChangePasswordErrors, ClaimErrors, CommentErrors,
    CreateErrors, CreateTeamErrors, CreateUserErrors, DeleteTeamErrors, ExportErrors, ListErrors,
    LoginErrors, NestedListErrors, OwnErrors, OwnListErrors, OwnReadErrors, PasswordResetErrors, PlainErrors,
    ReadErrors, ReadinessErrors, RefreshErrors, RegisterErrors, ReleaseErrors, UpdateAdminTicketErrors,
    UpdateAgentTicketErrors, UpdateCustomerTicketErrors, UpdateOwnErrors, UpdateTeamErrors, UpdateUserErrors,
};
pub(crate) use finish::finished;
pub(crate) use idempotency::IdempotencyKeyParam;

use crate::problem::{FieldError, Problem};
use crate::representation::schema;
use crate::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Help desk",
        description = "Support tickets: customers open them, agents work them, admins run the desk.\n\n\
            Every error is `application/problem+json` with a stable `code`. Every answer has `X-Request-Id`: the caller's own, if \
            the request has one of 1 to 64 letters, digits and hyphens.\n\n\
            A path that is not here is answered 404 `not_found`, and a method that a path does not have 405 `method_not_allowed` \
            with `Allow`. `HEAD` is answered like `GET`, without the body.\n\n\
            Where requests are limited, every answer to a signed-in caller has `RateLimit-Limit`, `RateLimit-Remaining` and \
            `RateLimit-Reset`."
    ),
    components(schemas(
        Problem<'static>,
        FieldError,
        schema::Id,
        schema::Status,
        schema::Priority,
        schema::AuditKind,
        schema::TicketSort,
        schema::AnyTime,
        schema::Cursor,
        schema::EntityTags,
    )),
    tags(
        (name = "session", description = "Signing in, staying so, and signing out"),
        (name = "account", description = "What everybody does with their own account"),
        (name = "customer", description = "What customers do with their own tickets"),
        (name = "agent", description = "What agents do with the tickets assigned to them, and with the queue of their teams"),
        (name = "admin", description = "What admins do with all tickets, accounts and teams"),
        (name = "operations", description = "Health, and what the API says about itself"),
    )
)]
struct Base;

/// The contract of the API as an OpenAPI 3.1 document. Needs no running server.
///
/// # Errors
/// None that depends on anything: what handlers document can always be written as JSON.
pub fn openapi() -> serde_json::Result<Value> {
    finished(&api())
}

/// What the handlers of the API document.
pub(crate) fn api() -> utoipa::openapi::OpenApi {
    collected(routes::api)
}

/// What those of the management address do. It is not published, but tells which routes there are.
pub(crate) fn management() -> utoipa::openapi::OpenApi {
    collected(routes::management)
}

fn collected(configure: fn(&mut ServiceConfig<'_>)) -> utoipa::openapi::OpenApi {
    let app = App::new().into_utoipa_app().openapi(Base::openapi()).configure(configure);
    let (_, mut document) = app.split_for_parts();
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.bearer_format = Some("JWT".to_owned());
    bearer.description = Some("The `access_token` that `POST /login` gives.".to_owned());
    document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(bearer));
    document
}
