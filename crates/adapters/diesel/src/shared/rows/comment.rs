use diesel::prelude::*;
use helpdesk_domain::{
    Comment, CommentAuthor, CommentBody, CommentId, NewComment, Ticket, TicketId, TicketRecord, UserId,
    Visibility,
};
use helpdesk_ports::StoreError;

use super::Origin;

use super::super::StoredTs;
use super::super::dialect::Db;
use super::super::schema::comments;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = comments, check_for_backend(Db))]
pub(in super::super::super) struct CommentRow {
    pub(super) id: i64,
    pub(super) author_id: i64,
    pub(super) author_role: String,
    pub(super) body: String,
    pub(super) is_internal: bool,
    pub(super) created_at: StoredTs,
}

/// A comment with its author's name of today, where that is not [at hand](NamesAtHand).
#[derive(Clone, Queryable)]
pub(in super::super::super) struct JoinedComment {
    pub(super) comment: CommentRow,
    pub(super) author_name: Option<String>,
}

/// The names that were read with a comment's ticket. Who wrote a comment is mostly who asked for help or who gives it: looking its name
/// up once more for each comment would be a quarter of all that is looked up.
#[derive(Clone, Copy)]
pub(in super::super::super) struct NamesAtHand<'a>([Option<(UserId, &'a str)>; 2]);

impl<'a> NamesAtHand<'a> {
    /// None: the ticket was not read.
    pub(in super::super) const NONE: Self = Self([None, None]);

    pub(in super::super::super) fn of(ticket: &'a Ticket) -> Self {
        let TicketRecord { requester, assignee, .. } = ticket.record();
        let assignee = assignee.as_ref().map(|agent| (agent.id(), agent.name()));
        Self([Some((requester.id(), requester.name())), assignee])
    }

    /// Whose they are; nobody's account is 0.
    pub(in super::super) fn accounts(self) -> [i64; 2] {
        self.0.map(|named| named.map_or(0, |(id, _)| id.get()))
    }

    fn of_account(self, account: UserId) -> Option<&'a str> {
        self.0.into_iter().flatten().find(|(id, _)| *id == account).map(|(_, name)| name)
    }
}

impl JoinedComment {
    /// The comment, of a ticket with which these names were read.
    pub(in super::super::super) fn with(self, names: NamesAtHand<'_>) -> Result<Comment, StoreError> {
        let row = self.comment;
        let origin = Origin::new("comments", row.id);
        let author = origin.id("author_id", row.author_id, UserId::new)?;
        let name = self.author_name.or_else(|| names.of_account(author).map(str::to_owned));
        Ok(Comment::from_stored(
            origin.id("id", row.id, CommentId::new)?,
            CommentAuthor {
                id: author,
                name: name.ok_or_else(|| origin.corrupt("author_id"))?,
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
