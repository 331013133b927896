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
    results: Vec<BulkItemResponse>,
}

/// What came of changing one of the tickets. It has a `ticket` or a `problem`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkTicketResult)]
struct BulkItemResponse {
    /// The number that was sent.
    id: i64,
    /// The status that changing this ticket alone would be answered with.
    #[schema(example = 200, minimum = 200, maximum = 499)]
    status: u16,
    /// The ticket as it is now, changed or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = TicketResponse, required = false)]
    ticket: Option<TicketResponse>,
    /// Why it stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = ItemProblem, required = false)]
    problem: Option<ItemProblem>,
}

impl BulkResponse {
    /// Of the tickets that the numbers name. A number that is no id has no ticket, and is told the same as an id that has none.
    pub(crate) fn new(numbers: &[i64], items: Vec<BulkItem>) -> Self {
        let mut items: HashMap<i64, BulkItem> = items.into_iter().map(|item| (item.id.get(), item)).collect();
        let result = |id: &i64| {
            let outcome = items.remove(id).map_or(Err(Refusal::NotVisible), |item| item.outcome);
            match outcome {
                Ok(view) => {
                    BulkItemResponse { id: *id, status: 200, ticket: Some(view.into()), problem: None }
                }
                Err(refusal) => {
                    let problem = ItemProblem::from(ApiError::from(refusal));
                    BulkItemResponse {
                        id: *id,
                        status: problem.status(),
                        ticket: None,
                        problem: Some(problem),
                    }
                }
            }
        };
        Self { results: numbers.iter().map(result).collect() }
    }
}
