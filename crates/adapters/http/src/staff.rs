//! What the operations of agents and of admins have in common.

use helpdesk_domain::{CommentBody, CommentDraft, TicketId, Visibility};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::present;
use crate::problem::ApiError;
use crate::validation::{self, parsed};

/// A comment to be written.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateCommentRequest {
    /// What it says.
    #[validate(custom(function = "validation::comment_body"))]
    #[schema(min_length = 1, max_length = 20_000, example = "Have you tried turning it off?")]
    body: String,
    /// Whether it is for staff alone.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, required = false, default = false)]
    is_internal: Option<bool>,
}

impl CreateCommentRequest {
    pub(crate) fn into_command(self) -> Result<CommentDraft, ApiError> {
        let visibility =
            if self.is_internal == Some(true) { Visibility::Internal } else { Visibility::Public };
        Ok(CommentDraft { body: parsed("body", CommentBody::parse(&self.body))?, visibility })
    }
}

/// The tickets that the numbers may name: those of them that are ids.
pub(crate) fn ticket_ids(numbers: &[i64]) -> Vec<TicketId> {
    numbers.iter().filter_map(|number| TicketId::new(*number).ok()).collect()
}
