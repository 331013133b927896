//! What came of changing several tickets.

use std::collections::HashMap;

use helpdesk_domain::Refusal;
use helpdesk_use_cases::BulkItem;
use serde::Serialize;
use utoipa::ToSchema;

use super::TicketResponse;
use crate::problem::{ApiError, ItemProblem};

/// What came of changing several tickets: a result for each, in the order in which they were named.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkTicketResults)]
pub(crate) struct BulkResponse {
    /// One for each.
    #[schema(min_items = 1, max_items = 100)]
    results: Vec<ResultResponse>,
}

/// What came of changing one of the tickets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = BulkTicketResult)]
enum ResultResponse {
    /// It is as it was to be.
    Done(DoneResponse),
    /// It stays as it was.
    Refused(RefusedResponse),
}

/// A ticket that is as it was to be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkTicketDone)]
struct DoneResponse {
    /// The number that was sent.
    #[schema(example = 5)]
    id: i64,
    /// The status that changing this ticket alone would be answered with.
    #[schema(example = 200, minimum = 200, maximum = 200)]
    status: u16,
    /// The ticket as it is now, changed or not.
    ticket: TicketResponse,
}

/// A ticket that stays as it was, or that the caller does not see.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkTicketRefused)]
struct RefusedResponse {
    /// The number that was sent.
    #[schema(example = 7)]
    id: i64,
    /// The status that changing this ticket alone would be answered with.
    #[schema(example = 404, minimum = 400, maximum = 499)]
    status: u16,
    /// Why it stays as it was.
    problem: ItemProblem,
}

impl BulkResponse {
    /// Of the tickets that the numbers name. A number that is no id has no ticket, and is told the same as an id that has none.
    pub(crate) fn new(numbers: &[i64], items: Vec<BulkItem>) -> Self {
        let mut items: HashMap<i64, BulkItem> = items.into_iter().map(|item| (item.id.get(), item)).collect();
        let result = |id: &i64| {
            let outcome = items.remove(id).map_or(Err(Refusal::NotVisible), |item| item.outcome);
            match outcome {
                Ok(view) => ResultResponse::Done(DoneResponse { id: *id, status: 200, ticket: view.into() }),
                Err(refusal) => {
                    let problem = ItemProblem::from(ApiError::from(refusal));
                    ResultResponse::Refused(RefusedResponse { id: *id, status: problem.status(), problem })
                }
            }
        };
        Self { results: numbers.iter().map(result).collect() }
    }
}
