//! Comments.

use helpdesk_domain::{
    CommentAuthor, CommentBody, CommentId, CustomerCommentView, Role, StaffCommentView, Ts, UserId,
    Visibility,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;

/// Who wrote a comment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommentAuthor)]
pub(crate) struct AuthorResponse {
    /// The account.
    #[schema(value_type = schema::Id)]
    id: UserId,
    /// Its name today.
    #[schema(example = "Grace Hopper")]
    name: String,
    /// The role held when writing.
    #[schema(value_type = schema::Role)]
    role: Role,
}

impl From<CommentAuthor> for AuthorResponse {
    fn from(author: CommentAuthor) -> Self {
        Self { id: author.id, name: author.name, role: author.role }
    }
}

/// A comment, as agents and admins see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comment)]
pub(crate) struct CommentResponse {
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: CommentId,
    /// Who wrote it.
    author: AuthorResponse,
    /// What it says.
    #[schema(value_type = String, max_length = 20_000, example = "Have you tried turning it off?")]
    body: CommentBody,
    /// Whether it is for staff alone.
    is_internal: bool,
    /// When it was written.
    #[schema(value_type = schema::Time)]
    created_at: Ts,
}

impl From<StaffCommentView> for CommentResponse {
    fn from(view: StaffCommentView) -> Self {
        Self {
            id: view.id,
            author: view.author.into(),
            body: view.body,
            is_internal: view.visibility == Visibility::Internal,
            created_at: view.created_at,
        }
    }
}

/// A comment, as the ticket's requester sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerComment)]
pub(crate) struct CustomerCommentResponse {
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: CommentId,
    /// Who wrote it.
    author: AuthorResponse,
    /// What it says.
    #[schema(value_type = String, max_length = 20_000, example = "Have you tried turning it off?")]
    body: CommentBody,
    /// When it was written.
    #[schema(value_type = schema::Time)]
    created_at: Ts,
}

impl From<CustomerCommentView> for CustomerCommentResponse {
    fn from(view: CustomerCommentView) -> Self {
        Self { id: view.id, author: view.author.into(), body: view.body, created_at: view.created_at }
    }
}
