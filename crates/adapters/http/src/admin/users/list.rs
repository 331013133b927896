//! `GET /admin/users`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::extract::{AdminActor, QueryString};
use crate::openapi::ListErrors;
use crate::paging::{PageResponse, UserList, UserListParams};
use crate::problem::ApiError;
use crate::representation::UserResponse;
use crate::state::AppState;

/// List accounts
///
/// By id.
#[utoipa::path(
    operation_id = "list_users",
    tag = "admin",
    params(UserListParams),
    responses(
        (
            status = 200,
            description = "A page of the accounts.",
            body = PageResponse<UserResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        ListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/admin/users")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AdminActor,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let UserList { query, answer } = UserList::read(&query, caller.actor(), &state.cursors)?;
    let page = state.help_desk.accounts.list(caller.actor(), query).await?;
    Ok(answer.respond::<_, UserResponse, _>("/admin/users", page))
}
