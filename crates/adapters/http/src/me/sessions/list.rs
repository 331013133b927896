//! `GET /me/sessions`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::extract::{AnyAccount, QueryString};
use crate::openapi::OwnListErrors;
use crate::paging::{PageParams, PageResponse, session_list};
use crate::problem::ApiError;
use crate::representation::SessionResponse;
use crate::state::AppState;

/// List your sessions
///
/// Those that are not over, newest first.
#[utoipa::path(
    operation_id = "list_own_sessions",
    tag = "session",
    params(PageParams),
    responses(
        (
            status = 200,
            description = "A page of the sessions.",
            body = PageResponse<SessionResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        OwnListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/me/sessions")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AnyAccount,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let caller = caller.actor();
    let (page, answer) = session_list(&query, caller.actor(), &state.cursors)?;
    let page = state.help_desk.sessions.list(&caller, page).await?;
    let page = page.map(|session| SessionResponse::new(session, caller.session()));
    Ok(answer.respond_with("/me/sessions", page))
}
