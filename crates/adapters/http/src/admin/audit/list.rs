//! `GET /admin/audit`

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::extract::{AdminActor, QueryString};
use crate::openapi::ListErrors;
use crate::paging::{AuditList, AuditListParams, PageResponse};
use crate::problem::ApiError;
use crate::representation::AuditEntryResponse;
use crate::state::AppState;

/// List what was done to accounts and teams
///
/// Newest first.
#[utoipa::path(
    operation_id = "list_audit_entries",
    tag = "admin",
    params(AuditListParams),
    responses(
        (
            status = 200,
            description = "A page of the trail.",
            body = PageResponse<AuditEntryResponse>,
            headers(("Link" = String, description = "The next page, with `rel=\"next\"`, unless this is the last."))
        ),
        ListErrors,
    ),
    security(("bearer" = []))
)]
#[get("/admin/audit")]
pub(crate) async fn list(
    state: Data<AppState>,
    caller: AdminActor,
    query: QueryString,
) -> Result<HttpResponse, ApiError> {
    let AuditList { query, answer } = AuditList::read(&query, caller.actor(), &state.cursors)?;
    let page = state.help_desk.audit_trail.list(caller.actor(), query).await?;
    Ok(answer.respond::<_, AuditEntryResponse, _>("/admin/audit", page))
}
