//! Tickets with their comments, for many callers by one statement.

use diesel::deserialize::StaticallySizedRow;
use diesel::dsl::SqlTypeOf;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use helpdesk_domain::{Comment, Scope, Ticket, TicketId};
use helpdesk_ports::{CommentPosition, Limit, Page, StoreError, TicketWithComments};

use super::asked::{AnyOf, AskedAccount, account, by_kind};
use super::dialect::{Conn, classify};
use super::shared::rows::comment::{CommentRow, JoinedComment, NamesAtHand};
use super::shared::rows::ticket::{JoinedTicket, TicketRow};
use super::shared::schema::{comments, teams, tickets, users};
use super::shared::scope::{always, in_each_comment_scope, in_each_scope};
use super::shared::tickets::one_more_than;
use super::shared::tickets::read::{ASSIGNEES, REQUESTERS, joined_tickets};
use super::shared::written_once;
use crate::executor::Caller;

/// A ticket, and how many of its first comments.
#[derive(Clone, Copy)]
pub(super) struct LookUp {
    pub(super) scope: Scope,
    pub(super) id: TicketId,
    pub(super) comments: Limit,
}

type Found = Result<Option<TicketWithComments>, StoreError>;

/// All that are asked for by scopes of one kind by one statement: by agents, by customers, and by who sees everything.
pub(super) fn find_all(conn: &mut Conn, asked: &[LookUp], _: &dyn Caller) -> Result<Vec<Found>, StoreError> {
    let mut results: Vec<Found> = asked.iter().map(|_| Ok(None)).collect();
    for of_kind in by_kind(asked.iter().map(|asked| asked.scope)) {
        let calls: Vec<LookUp> = of_kind.iter().map(|&n| asked[n]).collect();
        let (rows, pages) = load(conn, &calls)?;
        let found = admitted(&calls, rows).into_iter().zip(pages).zip(&calls);
        for (n, ((ticket, comments), asked)) in of_kind.into_iter().zip(found) {
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
    let names = NamesAtHand::of(&ticket);
    let mut read: Vec<Comment> = rows.into_iter().map(|row| row.with(names)).collect::<Result<_, _>>()?;
    // They come in this order, but nothing says that they always will.
    read.sort_by_key(CommentPosition::of);
    let comments = Page::of_rows_read_ahead(read, asked.comments, CommentPosition::of);
    Ok(TicketWithComments { ticket, comments })
}

/// For each that asked its ticket, where its scope admits it: the rule itself is asked, before anything else is made of the row.
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

/// For these, whose scopes are of one kind, the rows of the tickets that they ask for, in no order and whoever may see them, and for
/// each the first comments of its ticket that its scope admits, and one more.
fn load(
    conn: &mut Conn,
    asked: &[LookUp],
) -> Result<(Vec<JoinedTicket>, Vec<Vec<JoinedComment>>), StoreError> {
    let Some(LookUp { scope, .. }) = asked.first() else { return Ok((Vec::new(), Vec::new())) };
    let ids: Vec<i64> = asked.iter().map(|asked| asked.id.get()).collect();
    let most = asked.iter().map(|asked| one_more_than(asked.comments)).collect();
    let accounts = asked.iter().map(|asked| account(asked.scope)).collect();
    // Who may see them, is asked of each row.
    let tickets = joined_tickets!().filter(tickets::id.eq(AnyOf(ids.clone())));
    let rows: QueryResult<Vec<Row>> = in_each_scope!(scope, |_account| AskedAccount, |admits| {
        in_each_comment_scope!(scope.comments(), |admits_comment| {
            let all = TicketsAndComments { tickets, ids, most, accounts, admits, admits_comment };
            written_once(all).load(conn)
        })
    });
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
/// there. Enters the index of comments once for each ticket, and reads no more of it than is asked for. Names that are
/// [at hand](NamesAtHand) are not looked up.
///
/// No comment is read of a ticket that its scope does not admit: not even the time that takes is to tell of it.
#[derive(QueryId)]
struct TicketsAndComments<Tickets, Admits, AdmitsComment> {
    tickets: Tickets,
    ids: Vec<i64>,
    most: Vec<i64>,
    accounts: Vec<i64>,
    admits: Admits,
    admits_comment: AdmitsComment,
}

impl<Tickets, Admits, AdmitsComment> QueryFragment<Pg> for TicketsAndComments<Tickets, Admits, AdmitsComment>
where
    Tickets: QueryFragment<Pg>,
    Admits: QueryFragment<Pg>,
    AdmitsComment: QueryFragment<Pg>,
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
             CASE WHEN found.author_id = tickets.requester_id OR found.author_id = tickets.assignee_id THEN NULL \
             ELSE (SELECT users.name FROM users WHERE users.id = found.author_id) END, asked.n FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.ids)?;
        out.push_sql("::bigint[], ");
        out.push_bind_param::<Array<BigInt>, _>(&self.most)?;
        out.push_sql("::bigint[], ");
        out.push_bind_param::<Array<BigInt>, _>(&self.accounts)?;
        out.push_sql(
            "::bigint[]) WITH ORDINALITY AS asked (ticket_id, most, account, n) \
             JOIN tickets ON tickets.id = asked.ticket_id AND ",
        );
        self.admits.walk_ast(out.reborrow())?;
        out.push_sql(
            " CROSS JOIN LATERAL (SELECT comments.* FROM comments WHERE comments.ticket_id = asked.ticket_id AND ",
        );
        self.admits_comment.walk_ast(out.reborrow())?;
        out.push_sql(" ORDER BY comments.created_at, comments.id LIMIT asked.most) AS found");
        Ok(())
    }
}

/// What [`JoinedTicket`] is read from.
pub(super) type JoinedTicketTypes = (TypesOf<TicketRow>, Text, Text, Nullable<Text>, Text);

/// What a [`JoinedComment`] is read from, and the number of the one who asked.
type AskedCommentTypes = ((TypesOf<CommentRow>, Nullable<Text>), BigInt);

const TICKET_COLUMNS: usize = <JoinedTicket as StaticallySizedRow<JoinedTicketTypes, Pg>>::FIELD_COUNT;
const COMMENT_COLUMNS: usize =
    <(JoinedComment, i64) as StaticallySizedRow<AskedCommentTypes, Pg>>::FIELD_COUNT;

/// The types of the columns that such a row is read from.
type TypesOf<Row> = SqlTypeOf<<Row as Selectable<Pg>>::SelectExpression>;

impl<Tickets, Admits, AdmitsComment> Query for TicketsAndComments<Tickets, Admits, AdmitsComment> {
    type SqlType = (Nullable<JoinedTicketTypes>, Nullable<AskedCommentTypes>);
}

impl<Tickets, Admits, AdmitsComment> RunQueryDsl<Conn>
    for TicketsAndComments<Tickets, Admits, AdmitsComment>
{
}
