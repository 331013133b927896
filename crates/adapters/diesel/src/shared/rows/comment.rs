use diesel::prelude::*;
use helpdesk_domain::{
    Comment, CommentAuthor, CommentBody, CommentId, NewComment, TicketId, UserId, Visibility,
};
use helpdesk_ports::StoreError;

use super::Origin;

use super::super::StoredTs;
use super::super::dialect::Db;
use super::super::schema::comments;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = comments, check_for_backend(Db))]
pub(in super::super::super) struct CommentRow {
    pub(in super::super::super) id: i64,
    pub(in super::super::super) author_id: i64,
    pub(super) author_role: String,
    pub(super) body: String,
    pub(super) is_internal: bool,
    pub(super) created_at: StoredTs,
}

/// A comment with its author's name of today.
#[derive(Clone, Queryable)]
pub(in super::super::super) struct JoinedComment {
    pub(in super::super::super) comment: CommentRow,
    pub(in super::super::super) author_name: String,
}

impl TryFrom<JoinedComment> for Comment {
    type Error = StoreError;

    fn try_from(joined: JoinedComment) -> Result<Self, StoreError> {
        let row = joined.comment;
        let origin = Origin::new("comments", row.id);
        Ok(Self::from_stored(
            origin.id("id", row.id, CommentId::new)?,
            CommentAuthor {
                id: origin.id("author_id", row.author_id, UserId::new)?,
                name: joined.author_name,
                role: origin.word("author_role", &row.author_role)?,
            },
            CommentBody::from_stored(row.body),
            if row.is_internal { Visibility::Internal } else { Visibility::Public },
            origin.ts("created_at", row.created_at)?,
        ))
    }
}

/// A comment to write with an id that it was given.
#[derive(Insertable)]
#[diesel(table_name = comments)]
pub(in super::super::super) struct NewCommentRow {
    pub(in super::super::super) id: i64,
    pub(in super::super::super) ticket_id: i64,
    pub(in super::super::super) author_id: i64,
    pub(in super::super::super) author_role: &'static str,
    pub(in super::super::super) body: String,
    pub(in super::super::super) is_internal: bool,
    pub(in super::super::super) created_at: StoredTs,
}

impl NewCommentRow {
    pub(in super::super) fn new(id: CommentId, ticket: TicketId, comment: &NewComment) -> Self {
        Self {
            id: id.get(),
            ticket_id: ticket.get(),
            author_id: comment.author().get(),
            author_role: comment.author_role().as_str(),
            body: comment.body().as_str().to_owned(),
            is_internal: comment.visibility() == Visibility::Internal,
            created_at: comment.created_at().into(),
        }
    }
}
