//! `GET /admin/teams/{id}/members`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use helpdesk_domain::TeamId;

use crate::extract::{AdminActor, PathId, QueryString};
use crate::openapi::NestedListErrors;
use crate::paging::{PageParams, PageResponse, member_list};
use crate::problem::ApiError;
use crate::representation::{UserResponse, schema};
use crate::state::AppState;

/// List a team's members
///
/// By id.
#[utoipa::path(
    operation_id = "list_team_members",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The team."), PageParams),
    responses(
        (
            status = 200,
            description = "A page of the members.",
            body = PageResponse<UserResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        NestedListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/admin/teams/{id}/members")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let team: TeamId = id.parse()?;
    let (page, answer) = member_list(&query, caller.actor(), team, &state.cursors)?;
    let page = state.help_desk.teams.members(caller.actor(), team, page).await?;
    Ok(answer.respond::<_, UserResponse, _>(&format!("/admin/teams/{team}/members"), page))
}
