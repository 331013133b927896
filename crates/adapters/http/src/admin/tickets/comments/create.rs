//! `POST /admin/tickets/{id}/comments`

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::{StaffCommentView, TicketId};
use helpdesk_use_cases::Done;

use crate::extract::{AdminActor, IdempotencyKey, IfMatch, JsonBody, PathId};
use crate::idempotency::Created;
use crate::openapi::{CommentErrors, IdempotencyKeyParam, IfMatchParam};
use crate::problem::ApiError;
use crate::representation::{CommentResponse, schema};
use crate::staff::CreateCommentRequest;
use crate::state::AppState;

/// Write a comment
///
/// An internal one is for staff alone.
#[utoipa::path(
    operation_id = "create_admin_ticket_comment",
    tag = "admin",
    params(("id" = schema::Id, Path, description = "The ticket."), IfMatchParam, IdempotencyKeyParam),
    request_body = CreateCommentRequest,
    responses(
        (
            status = 201,
            description = "The comment.",
            body = CommentResponse,
            headers(
                ("Location" = String, description = "The list that it is in: a comment has no address of its own."),
                ("Idempotency-Replayed" = String, description = "`true` if this was answered before.")
            )
        ),
        CommentErrors,
    ),
    security(("bearer" = []))
)]
#[post("/admin/tickets/{id}/comments")]
pub(crate) async fn create(
    state: Data<AppState>,
    caller: AdminActor,
    id: PathId,
    if_match: IfMatch,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let (ticket, expected, key): (TicketId, _, _) = (id.parse()?, if_match.read()?, key.read()?);
    let (request, text) = body.read_with_text::<CreateCommentRequest>().await?;
    let (draft, by) = (request.into_command()?, caller.actor());
    let answer = move |comment: StaffCommentView| {
        let location = format!("/admin/tickets/{ticket}/comments");
        Created::new(location, &CommentResponse::from(comment))
    };
    let once = key.map(|key| key.once(&state.fingerprints, &text, answer));
    let tickets = &state.help_desk.staff_tickets;
    let comment = async |seen| match once.clone() {
        None => tickets.comment(by, ticket, draft.clone(), seen).await.map(Done::Now),
        Some(once) => tickets.comment_once(by, ticket, draft.clone(), seen, once).await,
    };
    Created::answer(expected.act(comment).await?, answer)
}
