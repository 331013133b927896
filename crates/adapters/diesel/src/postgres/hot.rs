//! What is asked for most, many at a time: each statement is for all that wait for it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz};
use helpdesk_domain::{Comment, CommentScope, Opening, Scope, Ticket, TicketId};
use helpdesk_ports::{CommentPosition, Limit, Page, PageRequest, StoreError, TicketWithComments};

use super::dialect::Conn;
pub(super) use super::open::open;
use super::open::open_all;
use super::shared::rows::comment::JoinedComment;
use super::shared::schema::comments;
use super::shared::scope::{always, in_each_comment_scope};
use super::shared::tickets::one_more_than;
use super::shared::tickets::read::{find, tickets_with_ids};
use crate::executor::{Caller, Counts, Gathered, Lanes};

/// The calls that are made most.
pub(super) struct Hot {
    lanes: Lanes<Conn>,
    finds: Gathered<Conn, Asked, Option<TicketWithComments>>,
    openings: Gathered<Conn, Opening, Ticket>,
}

/// A ticket, and how many of its first comments.
#[derive(Clone, Copy)]
struct Asked {
    scope: Scope,
    id: TicketId,
    comments: Limit,
}

impl Hot {
    pub(super) fn new(lanes: &Lanes<Conn>) -> Self {
        Self {
            lanes: lanes.clone(),
            finds: Gathered::new(lanes.finds.clone(), find_all, Counts::AtOnce),
            openings: Gathered::new(lanes.writes.clone(), open_all, Counts::AtOnce),
        }
    }

    /// Opens a ticket.
    pub(super) async fn open(&self, opening: Opening) -> Result<Ticket, StoreError> {
        self.openings.call(opening).await
    }

    /// A ticket, if the scope admits it, with a page of its comments.
    pub(super) async fn find(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<TicketWithComments>, StoreError> {
        match page.after {
            None => self.finds.call(Asked { scope, id, comments: page.limit }).await,
            Some(_) => self.lanes.reads.call(move |conn| find(conn, scope, id, &page)).await,
        }
    }
}

type Found = Result<Option<TicketWithComments>, StoreError>;

/// All tickets by one statement, then the comments of those that are to be seen by one more (two where customers and staff ask
/// at the same time): a change between them shows in a ticket's version.
fn find_all(conn: &mut Conn, asked: &[Asked], _: &dyn Caller) -> Result<Vec<Found>, StoreError> {
    let tickets = admitted(conn, asked)?;
    let mut pages: Vec<Option<Page<Comment, CommentPosition>>> = asked.iter().map(|_| None).collect();
    let mut damaged: Vec<Option<StoreError>> = asked.iter().map(|_| None).collect();
    for sees in [CommentScope::Everything, CommentScope::PublicOnly] {
        let theirs: Vec<usize> = (0..asked.len())
            .filter(|&n| asked[n].scope.comments() == sees && matches!(tickets[n], Ok(Some(_))))
            .collect();
        if theirs.is_empty() {
            continue;
        }
        for (n, rows) in theirs.iter().zip(first_comments(conn, sees, asked, &theirs)?) {
            match rows.into_iter().map(Comment::try_from).collect::<Result<Vec<_>, _>>() {
                Ok(mut read) => {
                    // They come in this order, but nothing says that they always will.
                    read.sort_by_key(CommentPosition::of);
                    let page = Page::of_rows_read_ahead(read, asked[*n].comments, CommentPosition::of);
                    pages[*n] = Some(page);
                }
                Err(error) => damaged[*n] = Some(error),
            }
        }
    }
    let results = tickets.into_iter().zip(pages.into_iter().zip(damaged));
    Ok(results
        .map(|(ticket, (comments, damaged))| match damaged {
            Some(error) => Err(error),
            None => {
                Ok(ticket?.zip(comments).map(|(ticket, comments)| TicketWithComments { ticket, comments }))
            }
        })
        .collect())
}

/// For each that asked its ticket, where its scope admits it. The scope is not translated here, where each caller has another:
/// the rule itself is asked, before anything else is made of the row.
fn admitted(conn: &mut Conn, asked: &[Asked]) -> Result<Vec<Result<Option<Ticket>, StoreError>>, StoreError> {
    let ids: Vec<i64> = asked.iter().map(|asked| asked.id.get()).collect();
    let mut rows = tickets_with_ids(conn, &ids)?;
    Ok(asked
        .iter()
        .enumerate()
        .map(|(n, asked)| {
            let Some(at) = rows.iter().position(|row| row.ticket.id == asked.id.get()) else {
                return Ok(None);
            };
            if !asked.scope.admits(&rows[at].ticket.facts()?) {
                return Ok(None);
            }
            // Mostly nobody else asks for it.
            let is_wanted_again = ids[n + 1..].contains(&asked.id.get());
            let row = if is_wanted_again { rows[at].clone() } else { rows.swap_remove(at) };
            Ticket::try_from(row).map(Some)
        })
        .collect())
}

/// The first comments of each of these tickets, and one more, that the scope admits.
fn first_comments(
    conn: &mut Conn,
    sees: CommentScope,
    asked: &[Asked],
    of: &[usize],
) -> Result<Vec<Vec<JoinedComment>>, StoreError> {
    let tickets = of.iter().map(|&n| asked[n].id.get()).collect();
    let most = of.iter().map(|&n| one_more_than(asked[n].comments)).collect();
    let rows: QueryResult<Vec<(JoinedComment, i64)>> =
        in_each_comment_scope!(sees, |admitted| FirstComments { tickets, most, admitted }.load(conn));
    let rows = rows.map_err(|error| super::dialect::classify(&error))?;
    let mut pages: Vec<Vec<JoinedComment>> = of.iter().map(|_| Vec::new()).collect();
    for (row, n) in rows {
        // Counted from one.
        if let Some(page) = usize::try_from(n - 1).ok().and_then(|n| pages.get_mut(n)) {
            page.push(row);
        }
    }
    Ok(pages)
}

/// Enters the index of comments once for each ticket, and reads no more of it than is asked for.
#[derive(QueryId)]
struct FirstComments<Admitted> {
    tickets: Vec<i64>,
    most: Vec<i64>,
    admitted: Admitted,
}

impl<Admitted: QueryFragment<Pg>> QueryFragment<Pg> for FirstComments<Admitted> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT found.id, found.author_id, found.author_role, found.body, found.is_internal, found.created_at, \
             users.name, asked.n FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.tickets)?;
        out.push_sql("::bigint[], ");
        out.push_bind_param::<Array<BigInt>, _>(&self.most)?;
        out.push_sql(
            "::bigint[]) WITH ORDINALITY AS asked (ticket_id, most, n) CROSS JOIN LATERAL (\
             SELECT comments.* FROM comments WHERE comments.ticket_id = asked.ticket_id AND ",
        );
        self.admitted.walk_ast(out.reborrow())?;
        out.push_sql(
            " ORDER BY comments.created_at, comments.id LIMIT asked.most) AS found \
             JOIN users ON users.id = found.author_id",
        );
        Ok(())
    }
}

impl<Admitted> Query for FirstComments<Admitted> {
    type SqlType = (((BigInt, BigInt, Text, Text, Bool, Timestamptz), Text), BigInt);
}

impl<Admitted> RunQueryDsl<Conn> for FirstComments<Admitted> {}
