//! `GET /admin/teams`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::extract::{AdminActor, QueryString};
use crate::openapi::ListErrors;
use crate::paging::{PageParams, PageResponse, team_list};
use crate::problem::ApiError;
use crate::representation::TeamResponse;
use crate::state::AppState;

/// List teams
///
/// By id.
#[utoipa::path(
    operation_id = "list_teams",
    tag = "admin",
    params(PageParams),
    responses(
        (
            status = 200,
            description = "A page of the teams.",
            body = PageResponse<TeamResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        ListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/admin/teams")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AdminActor,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let (page, answer) = team_list(&query, caller.actor(), &state.cursors)?;
    let page = state.help_desk.teams.list(caller.actor(), page).await?;
    Ok(answer.respond::<_, TeamResponse, _>("/admin/teams", page))
}
