//! `POST /customer/tickets`

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use helpdesk_domain::{Description, IdError, NewTicket, Priority, Refusal, Subject, TicketId};
use helpdesk_use_cases::{CustomerTicketDetail, Done};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{CustomerActor, IdempotencyKey, JsonBody, present};
use crate::idempotency::Created;
use crate::openapi::{CreateErrors, IdempotencyKeyParam};
use crate::problem::ApiError;
use crate::representation::{CustomerTicketDetailResponse, schema};
use crate::state::AppState;
use crate::validation::{self, parsed, parsed_if_given};

/// A ticket to be opened.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTicketRequest {
    /// What it is about, in one line.
    #[validate(custom(function = "validation::subject"))]
    #[schema(min_length = 1, max_length = 200, example = "Printer on fire")]
    subject: String,
    /// All that there is to say.
    #[validate(custom(function = "validation::description"))]
    #[schema(min_length = 1, max_length = 20_000, example = "It really is.")]
    description: String,
    /// How urgent it is; `normal` unless told otherwise.
    #[serde(default, deserialize_with = "present")]
    #[validate(custom(function = "validation::priority"))]
    #[schema(value_type = schema::Priority, required = false)]
    priority: Option<String>,
    /// The closed ticket of yours that it follows up.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = schema::Id, required = false)]
    follow_up_of: Option<i64>,
}

impl CreateTicketRequest {
    fn into_command(self) -> Result<NewTicket, ApiError> {
        // A number that is no id is told like the id of a ticket that cannot be followed up.
        let followed = |id| TicketId::new(id).map_err(|IdError| Refusal::NoFollowUp);
        Ok(NewTicket {
            subject: parsed("subject", Subject::parse(&self.subject))?,
            description: parsed("description", Description::parse(&self.description))?,
            priority: parsed_if_given("priority", self.priority, |word| word.parse())?
                .unwrap_or(Priority::Normal),
            follow_up_of: self.follow_up_of.map(followed).transpose()?,
        })
    }
}

/// Open a ticket
///
/// You are its requester. Where a ticket is closed for good, a new one can follow it up.
#[utoipa::path(
    operation_id = "create_customer_ticket",
    tag = "customer",
    params(IdempotencyKeyParam),
    request_body = CreateTicketRequest,
    responses(
        (
            status = 201,
            description = "The ticket.",
            body = CustomerTicketDetailResponse,
            headers(
                ("Location" = String, description = "Where the ticket is."),
                ("ETag" = String, description = "The version, and a digest of this answer."),
                ("Idempotency-Replayed" = String, description = "`true` if this was answered before.")
            )
        ),
        CreateErrors,
    ),
    security(("bearer" = []))
)]
#[post("/customer/tickets")]
pub(crate) async fn create(
    state: Data<AppState>,
    caller: CustomerActor,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, ApiError> {
    let key = key.read()?;
    let (request, text) = body.read_with_text::<CreateTicketRequest>().await?;
    let (draft, by) = (request.into_command()?, caller.actor());
    let answer = {
        let state = state.clone();
        move |detail: CustomerTicketDetail| {
            let location = format!("/customer/tickets/{}", detail.ticket.id);
            Created::tagged(location, &CustomerTicketDetailResponse::new(detail, by, &state.cursors))
        }
    };
    let tickets = &state.help_desk.customer_tickets;
    let done = match key {
        None => Done::Now(tickets.open(by, draft).await?),
        Some(key) => {
            tickets.open_once(by, draft, key.once(&state.fingerprints, &text, answer.clone())).await?
        }
    };
    Created::answer(done, answer)
}
