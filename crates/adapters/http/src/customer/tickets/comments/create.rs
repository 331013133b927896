//! `POST /customer/tickets/{id}/comments`

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::{CommentBody, CommentDraft, CustomerCommentView, TicketId, Visibility};
use helpdesk_use_cases::Done;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{CustomerActor, IdempotencyKey, IfMatch, JsonBody, PathId, present};
use crate::idempotency::Created;
use crate::openapi::{CommentErrors, IdempotencyKeyParam, IfMatchParam};
use crate::problem::ApiError;
use crate::representation::{CustomerCommentResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed};

/// A comment to be written. It is public, always.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateCustomerCommentRequest {
    /// What it says.
    #[validate(custom(function = "validation::comment_body"))]
    #[schema(min_length = 1, max_length = 20_000, example = "I have; it still burns.")]
    body: String,
    /// May be `false`; `true` is refused.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, required = false, default = false)]
    is_internal: Option<bool>,
}

impl CreateCustomerCommentRequest {
    fn into_command(self) -> Result<CommentDraft, ApiError> {
        // That a customer's comment must not be internal is the domain's rule, not ours.
        let visibility =
            if self.is_internal == Some(true) { Visibility::Internal } else { Visibility::Public };
        Ok(CommentDraft { body: parsed("body", CommentBody::parse(&self.body))?, visibility })
    }
}

/// Write a comment
///
/// On a pending or resolved ticket it reopens the ticket.
#[utoipa::path(
    operation_id = "create_customer_ticket_comment",
    tag = "customer",
    params(("id" = schema::Id, Path, description = "The ticket."), IfMatchParam, IdempotencyKeyParam),
    request_body = CreateCustomerCommentRequest,
    responses(
        (
            status = 201,
            description = "The comment.",
            body = CustomerCommentResponse,
            headers(
                ("Location" = String, description = "The list that it is in: a comment has no address of its own."),
                ("Idempotency-Replayed" = String, description = "`true` if this was answered before.")
            )
        ),
        CommentErrors,
    ),
    security(("bearer" = []))
)]
#[post("/customer/tickets/{id}/comments")]
pub(crate) async fn create(
    state: Data<AppState>,
    caller: CustomerActor,
    id: PathId,
    if_match: IfMatch,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let (ticket, expected, key): (TicketId, _, _) = (id.parse()?, if_match.read()?, key.read()?);
    let (request, text) = body.read_with_text::<CreateCustomerCommentRequest>().await?;
    let (draft, by) = (request.into_command()?, caller.actor());
    let answer = move |comment: CustomerCommentView| {
        let location = format!("/customer/tickets/{ticket}/comments");
        Created::new(location, &CustomerCommentResponse::from(comment))
    };
    let once = key.map(|key| key.once(&state.fingerprints, &text, answer));
    let tickets = &state.help_desk.customer_tickets;
    let comment = async |seen| match once.clone() {
        None => tickets.comment(by, ticket, draft.clone(), seen).await.map(Done::Now),
        Some(once) => tickets.comment_once(by, ticket, draft.clone(), seen, once).await,
    };
    Created::answer(expected.act(comment).await?, answer)
}
