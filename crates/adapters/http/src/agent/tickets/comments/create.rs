//! `POST /agent/tickets/{id}/comments`

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::TicketId;

use crate::extract::{AgentActor, IfMatch, JsonBody, PathId};
use crate::openapi::{CommentErrors, IfMatchParam};
use crate::problem::ApiError;
use crate::representation::{CommentResponse, schema};
use crate::staff::CreateCommentRequest;
use crate::state::AppState;

/// Write a comment
///
/// An internal one is for staff alone.
#[utoipa::path(
    operation_id = "create_agent_ticket_comment",
    tag = "agent",
    params(("id" = schema::Id, Path, description = "The ticket."), IfMatchParam),
    request_body = CreateCommentRequest,
    responses(
        (
            status = 201,
            description = "The comment.",
            body = CommentResponse,
            headers(("Location" = String, description = "The list that it is in: a comment has no address of its own."))
        ),
        CommentErrors,
    ),
    security(("bearer" = []))
)]
#[post("/agent/tickets/{id}/comments")]
pub(crate) async fn create(
    state: Data<AppState>,
    caller: AgentActor,
    id: PathId,
    if_match: IfMatch,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let (ticket, expected): (TicketId, _) = (id.parse()?, if_match.read()?);
    let request: CreateCommentRequest = body.read().await?;
    let draft = request.into_command()?;
    let comment =
        async |seen| state.help_desk.staff_tickets.comment(caller.actor(), ticket, draft.clone(), seen).await;
    let comment = expected.act(comment).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/agent/tickets/{ticket}/comments")))
        .json(CommentResponse::from(comment)))
}
