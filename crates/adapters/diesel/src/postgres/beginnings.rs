//! The beginnings of many callers' lists by one statement.

use std::cmp::Reverse;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt};
use helpdesk_domain::{CommentScope, Ticket};
use helpdesk_ports::{Page, SortKey, StoreError, TicketPosition};

use super::asked::{AskedAccount, account, by_kind};
use super::dialect::{Conn, classify};
use super::look_ups::JoinedTicketTypes;
use super::shared::rows::ticket::{JoinedTicket, TicketRow};
use super::shared::schema::{teams, tickets, users};
use super::shared::scope::{always, in_each_scope};
use super::shared::tickets::one_more_than;
use super::shared::tickets::read::{ASSIGNEES, REQUESTERS, joined_tickets};
use super::shared::written_once;
use crate::beginnings::{Beginning, Listed, each_once};
use crate::executor::Caller;

/// All that are of one kind by one statement: the agents' lists, the customers', and those of everything.
pub(super) fn list_all(
    conn: &mut Conn,
    asked: &[Beginning],
    _: &dyn Caller,
) -> Result<Vec<Listed>, StoreError> {
    each_once(asked, |different| {
        let mut rows: Vec<Vec<JoinedTicket>> = different.iter().map(|_| Vec::new()).collect();
        for of_kind in by_kind(different.iter().map(|asked| asked.scope)) {
            for (row, n) in load(conn, different, &of_kind)? {
                // Counted from one.
                if let Some(n) = usize::try_from(n - 1).ok().and_then(|n| of_kind.get(n)) {
                    rows[*n].push(row);
                }
            }
        }
        Ok(rows.into_iter().zip(different).map(|(rows, asked)| page(rows, *asked)).collect())
    })
}

fn page(rows: Vec<JoinedTicket>, Beginning { scope, limit }: Beginning) -> Listed {
    let place = |ticket: &Ticket| TicketPosition::of(ticket, scope, SortKey::UpdatedAt);
    let mut read: Vec<Ticket> = rows.into_iter().map(Ticket::try_from).collect::<Result<_, _>>()?;
    // They come in this order, but nothing says that they always will.
    read.sort_by_key(|ticket| Reverse(place(ticket)));
    Ok(Page::of_rows_read_ahead(read, limit, place))
}

/// For these, whose scopes are of one kind, the tickets in their order, each with the number of the one who asked.
fn load(conn: &mut Conn, asked: &[Beginning], of: &[usize]) -> Result<Vec<(JoinedTicket, i64)>, StoreError> {
    let accounts = of.iter().map(|&n| account(asked[n].scope)).collect();
    let most = of.iter().map(|&n| one_more_than(asked[n].limit)).collect();
    let scope = asked[of[0]].scope;
    let rows: QueryResult<_> = in_each_scope!(scope, |_account| AskedAccount, |admitted| {
        let tickets = joined_tickets!().filter(admitted);
        match scope.comments() {
            CommentScope::Everything => {
                let tickets = tickets.order((tickets::updated_at.desc(), tickets::id.desc()));
                written_once(Beginnings { accounts, most, tickets }).load(conn)
            }
            CommentScope::PublicOnly => {
                let tickets = tickets.order((tickets::public_updated_at.desc(), tickets::id.desc()));
                written_once(Beginnings { accounts, most, tickets }).load(conn)
            }
        }
    });
    rows.map_err(|error| classify(&error))
}

/// Goes along the list's index once for each account, and reads no more of it than is asked for.
#[derive(QueryId)]
struct Beginnings<Tickets> {
    accounts: Vec<i64>,
    most: Vec<i64>,
    tickets: Tickets,
}

impl<Tickets: QueryFragment<Pg>> QueryFragment<Pg> for Beginnings<Tickets> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT found.*, asked.n FROM unnest(");
        out.push_bind_param::<Array<BigInt>, _>(&self.accounts)?;
        out.push_sql("::bigint[], ");
        out.push_bind_param::<Array<BigInt>, _>(&self.most)?;
        out.push_sql("::bigint[]) WITH ORDINALITY AS asked (account, most, n) CROSS JOIN LATERAL (");
        self.tickets.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT asked.most) AS found");
        Ok(())
    }
}

impl<Tickets> Query for Beginnings<Tickets> {
    type SqlType = (JoinedTicketTypes, BigInt);
}

impl<Tickets> RunQueryDsl<Conn> for Beginnings<Tickets> {}
