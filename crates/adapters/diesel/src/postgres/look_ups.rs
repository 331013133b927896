//! Tickets with their comments, for many callers by one statement.

use diesel::deserialize::StaticallySizedRow;
use diesel::dsl::SqlTypeOf;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use helpdesk_domain::{Comment, CommentScope, Scope, Ticket, TicketId};
use helpdesk_ports::{CommentPosition, Limit, Page, StoreError, TicketWithComments};

use super::dialect::{Conn, classify};
use super::shared::rows::comment::{CommentRow, JoinedComment};
use super::shared::rows::ticket::{JoinedTicket, TicketRow};
use super::shared::schema::comments;
use super::shared::scope::{always, in_each_comment_scope};
use super::shared::tickets::one_more_than;
use super::shared::tickets::read::rows_with_ids;
use crate::executor::Caller;

/// A ticket, and how many of its first comments.
#[derive(Clone, Copy)]
pub(super) struct LookUp {
    pub(super) scope: Scope,
    pub(super) id: TicketId,
    pub(super) comments: Limit,
}

type Found = Result<Option<TicketWithComments>, StoreError>;

/// All tickets and their comments by one statement (two, where customers and staff ask at the same time).
pub(super) fn find_all(conn: &mut Conn, asked: &[LookUp], _: &dyn Caller) -> Result<Vec<Found>, StoreError> {
    let mut results: Vec<Found> = asked.iter().map(|_| Ok(None)).collect();
    for sees in [CommentScope::Everything, CommentScope::PublicOnly] {
        let theirs: Vec<usize> = (0..asked.len()).filter(|&n| asked[n].scope.comments() == sees).collect();
        if theirs.is_empty() {
            continue;
        }
        let calls: Vec<LookUp> = theirs.iter().map(|&n| asked[n]).collect();
        let (rows, pages) = load(conn, sees, &calls)?;
        let found = admitted(&calls, rows).into_iter().zip(pages).zip(&calls);
        for (n, ((ticket, comments), asked)) in theirs.into_iter().zip(found) {
            results[n] =
                ticket.and_then(|ticket| ticket.map(|it| with_comments(it, comments, asked)).transpose());
        }
    }
    Ok(results)
}

fn with_comments(
    ticket: Ticket,
    rows: Vec<JoinedComment>,
    asked: &LookUp,
) -> Result<TicketWithComments, StoreError> {
    let mut read: Vec<Comment> = rows.into_iter().map(Comment::try_from).collect::<Result<_, _>>()?;
    // They come in this order, but nothing says that they always will.
    read.sort_by_key(CommentPosition::of);
    let comments = Page::of_rows_read_ahead(read, asked.comments, CommentPosition::of);
    Ok(TicketWithComments { ticket, comments })
}

/// For each that asked its ticket, where its scope admits it. The scope is not translated here, where each caller has another:
/// the rule itself is asked, before anything else is made of the row.
fn admitted(asked: &[LookUp], mut rows: Vec<JoinedTicket>) -> Vec<Result<Option<Ticket>, StoreError>> {
    let found = |(n, one): (usize, &LookUp)| {
        let Some(at) = rows.iter().position(|row| row.ticket.id == one.id.get()) else {
            return Ok(None);
        };
        if !one.scope.admits(&rows[at].ticket.facts()?) {
            return Ok(None);
        }
        // Mostly nobody else asks for it.
        let is_wanted_again = asked[n + 1..].iter().any(|other| other.id == one.id);
        let row = if is_wanted_again { rows[at].clone() } else { rows.swap_remove(at) };
        Ticket::try_from(row).map(Some)
    };
    asked.iter().enumerate().map(found).collect()
}

/// The rows of the tickets that are asked for, in no order, and for each that asked the first comments of its ticket that such
/// a caller sees, and one more.
fn load(
    conn: &mut Conn,
    sees: CommentScope,
    asked: &[LookUp],
) -> Result<(Vec<JoinedTicket>, Vec<Vec<JoinedComment>>), StoreError> {
    let ids: Vec<i64> = asked.iter().map(|asked| asked.id.get()).collect();
    let most = asked.iter().map(|asked| one_more_than(asked.comments)).collect();
    let tickets = rows_with_ids(ids.clone());
    let rows: QueryResult<Vec<Row>> =
        in_each_comment_scope!(sees, |admitted| TicketsAndComments { tickets, ids, most, admitted }
            .load(conn));
    let rows = rows.map_err(|error| classify(&error))?;
    let mut found = Vec::with_capacity(asked.len());
    let mut pages: Vec<Vec<JoinedComment>> = asked.iter().map(|_| Vec::new()).collect();
    for (ticket, comment) in rows {
        found.extend(ticket);
        let Some((comment, n)) = comment else { continue };
        // Counted from one.
        if let Some(page) = usize::try_from(n - 1).ok().and_then(|n| pages.get_mut(n)) {
            page.push(comment);
        }
    }
    Ok((found, pages))
}

/// A ticket, or a comment with the number of the one who asked.
type Row = (Option<JoinedTicket>, Option<(JoinedComment, i64)>);

/// Tickets, and behind them their comments: one statement, since another way there and back costs as much as all that is done
/// there. Enters the index of comments once for each ticket, and reads no more of it than is asked for.
#[derive(QueryId)]
struct TicketsAndComments<Tickets, Admitted> {
    tickets: Tickets,
    ids: Vec<i64>,
    most: Vec<i64>,
    admitted: Admitted,
}

impl<Tickets, Admitted> QueryFragment<Pg> for TicketsAndComments<Tickets, Admitted>
where
    Tickets: QueryFragment<Pg>,
    Admitted: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT *");
        (0..COMMENT_COLUMNS).for_each(|_| out.push_sql(", NULL"));
        out.push_sql(" FROM (");
        self.tickets.walk_ast(out.reborrow())?;
        out.push_sql(") AS tickets UNION ALL SELECT ");
        (0..TICKET_COLUMNS).for_each(|_| out.push_sql("NULL, "));
        out.push_sql(
            "found.id, found.author_id, found.author_role, found.body, found.is_internal, found.created_at, \
             users.name, asked.n FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.ids)?;
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

/// What [`JoinedTicket`] is read from.
pub(super) type JoinedTicketTypes = (TypesOf<TicketRow>, Text, Text, Nullable<Text>, Text);

/// What a [`JoinedComment`] is read from, and the number of the one who asked.
type AskedCommentTypes = ((TypesOf<CommentRow>, Text), BigInt);

const TICKET_COLUMNS: usize = <JoinedTicket as StaticallySizedRow<JoinedTicketTypes, Pg>>::FIELD_COUNT;
const COMMENT_COLUMNS: usize =
    <(JoinedComment, i64) as StaticallySizedRow<AskedCommentTypes, Pg>>::FIELD_COUNT;

/// The types of the columns that such a row is read from.
type TypesOf<Row> = SqlTypeOf<<Row as Selectable<Pg>>::SelectExpression>;

impl<Tickets, Admitted> Query for TicketsAndComments<Tickets, Admitted> {
    type SqlType = (Nullable<JoinedTicketTypes>, Nullable<AskedCommentTypes>);
}

impl<Tickets, Admitted> RunQueryDsl<Conn> for TicketsAndComments<Tickets, Admitted> {}
