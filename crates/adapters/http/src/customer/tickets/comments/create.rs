//! `POST /customer/tickets/{id}/comments`

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::{CommentBody, CommentDraft, TicketId, Visibility};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{CustomerActor, IfMatch, JsonBody, PathId, present};
use crate::openapi::{CommentErrors, IfMatchParam};
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
    params(("id" = schema::Id, Path, description = "The ticket."), IfMatchParam),
    request_body = CreateCustomerCommentRequest,
    responses(
        (
            status = 201,
            description = "The comment.",
            body = CustomerCommentResponse,
            headers(("Location" = String, description = "The list that it is in: a comment has no address of its own."))
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
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let (ticket, expected): (TicketId, _) = (id.parse()?, if_match.read()?);
    let request: CreateCustomerCommentRequest = body.read().await?;
    let draft = request.into_command()?;
    let comment = async |seen| {
        state.help_desk.customer_tickets.comment(caller.actor(), ticket, draft.clone(), seen).await
    };
    let comment = expected.act(comment).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/customer/tickets/{ticket}/comments")))
        .json(CustomerCommentResponse::from(comment)))
}
