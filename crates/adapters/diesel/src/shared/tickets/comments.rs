//! Reading comments.

use diesel::dsl::case_when;
use diesel::prelude::*;
use helpdesk_domain::{Comment, CommentScope, Scope, TicketId};
use helpdesk_ports::{CommentPosition, Page, PageRequest};

use super::super::dialect::Conn;
use super::super::rows::{CommentRow, JoinedComment, NamesAtHand};
use super::super::schema::{comments, users};
use super::super::scope::{always, in_each_comment_scope};
use super::super::{Failure, StoredTs, written_once};
use super::{one_more_than, read};

/// Those of a ticket, if the scope admits it.
pub(super) fn of_ticket_in_scope(
    conn: &mut Conn,
    scope: Scope,
    id: TicketId,
    page: &PageRequest<CommentPosition>,
) -> Result<Option<Page<Comment, CommentPosition>>, Failure> {
    if !read::is_in_scope(conn, scope, id)? {
        return Ok(None);
    }
    of_ticket(conn, scope.comments(), id, NamesAtHand::NONE, page).map(Some)
}

/// Those of a ticket that was read in scope just before, with these names.
pub(super) fn of_ticket(
    conn: &mut Conn,
    scope: CommentScope,
    id: TicketId,
    names: NamesAtHand<'_>,
    page: &PageRequest<CommentPosition>,
) -> Result<Page<Comment, CommentPosition>, Failure> {
    let [requester, assignee] = names.accounts();
    let is_unknown = comments::author_id.ne(requester).and(comments::author_id.ne(assignee));
    let name = users::table.filter(users::id.eq(comments::author_id)).select(users::name);
    let rows: Vec<JoinedComment> = in_each_comment_scope!(scope, |admitted| {
        let query = comments::table
            .filter(comments::ticket_id.eq(id.get()))
            .filter(admitted)
            .order((comments::created_at, comments::id))
            .limit(one_more_than(page.limit))
            .select((CommentRow::as_select(), case_when(is_unknown, name.single_value())));
        match page.after {
            None => written_once(query).load(conn)?,
            Some(after) => {
                let at = StoredTs::from(after.created_at);
                query
                    .filter(comments::created_at.ge(at))
                    .filter(comments::created_at.gt(at).or(comments::id.gt(after.id.get())))
                    .load(conn)?
            }
        }
    });
    let read = rows.into_iter().map(|row| row.with(names)).collect::<Result<_, _>>()?;
    Ok(Page::of_rows_read_ahead(read, page.limit, CommentPosition::of))
}
