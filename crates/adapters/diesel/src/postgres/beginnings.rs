//! The beginnings of many callers' lists by one statement.

use std::cmp::Reverse;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt};
use helpdesk_domain::{CommentScope, Scope, Ticket};
use helpdesk_ports::{Limit, Page, SortKey, StoreError, TicketPosition};

use super::asked::{AskedAccount, account, by_kind};
use super::dialect::{Conn, classify};
use super::look_ups::JoinedTicketTypes;
use super::shared::rows::ticket::{JoinedTicket, TicketRow};
use super::shared::schema::{teams, tickets, users};
use super::shared::scope::{always, in_each_scope};
use super::shared::tickets::one_more_than;
use super::shared::tickets::read::{ASSIGNEES, REQUESTERS, joined_tickets};
use super::shared::written_once;
use crate::executor::Caller;

/// The first tickets of those that the scope admits, what was changed last first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Beginning {
    pub(super) scope: Scope,
    pub(super) limit: Limit,
}

type Listed = Result<Page<Ticket, TicketPosition>, StoreError>;

/// All that are of one kind by one statement: the agents' lists, the customers', and those of everything. What several ask for, as
/// all admins do, and whoever has the list open twice, is read once.
pub(super) fn list_all(
    conn: &mut Conn,
    asked: &[Beginning],
    _: &dyn Caller,
) -> Result<Vec<Listed>, StoreError> {
    let (different, which) = apart(asked);
    let mut rows: Vec<Vec<JoinedTicket>> = different.iter().map(|_| Vec::new()).collect();
    for of_kind in by_kind(different.iter().map(|asked| asked.scope)) {
        for (row, n) in load(conn, &different, &of_kind)? {
            // Counted from one.
            if let Some(n) = usize::try_from(n - 1).ok().and_then(|n| of_kind.get(n)) {
                rows[*n].push(row);
            }
        }
    }
    let pages = rows.into_iter().zip(different).map(|(rows, asked)| page(rows, asked)).collect();
    Ok(handed_out(pages, &which))
}

/// Those that differ, in their order, and for each that was asked which of them it is.
fn apart(asked: &[Beginning]) -> (Vec<Beginning>, Vec<usize>) {
    let (mut different, mut which) = (Vec::with_capacity(asked.len()), Vec::with_capacity(asked.len()));
    for one in asked {
        let known = different.iter().position(|known| known == one);
        which.push(known.unwrap_or(different.len()));
        if known.is_none() {
            different.push(*one);
        }
    }
    (different, which)
}

/// For each the page that is its own. Mostly nobody else asks for it, and it is not copied.
fn handed_out(pages: Vec<Listed>, which: &[usize]) -> Vec<Listed> {
    let mut left = vec![0; pages.len()];
    for &n in which {
        left[n] += 1;
    }
    let mut pages: Vec<Option<Listed>> = pages.into_iter().map(Some).collect();
    let hand_out = |&n: &usize| {
        left[n] -= 1;
        if left[n] == 0 { pages[n].take() } else { pages[n].clone() }
    };
    // Each is there until its last turn.
    which.iter().filter_map(hand_out).collect()
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

#[cfg(test)]
mod tests {
    use helpdesk_domain::{AdminActor, AgentActor, CustomerActor, TicketId, UserId};

    use super::*;

    #[test]
    fn what_is_asked_for_twice_is_read_once() {
        let id = |id| UserId::new(id).unwrap();
        let all = AdminActor::new(id(1)).scope();
        let asked = |scope, limit| Beginning { scope, limit: Limit::new(limit).unwrap() };
        let (customer, agent) = (CustomerActor::new(id(2)).scope(), AgentActor::new(id(2)).scope());
        let asked = [
            asked(customer, 5),
            asked(all, 5),
            // Another admin sees the same.
            asked(AdminActor::new(id(3)).scope(), 5),
            // The same number as the customer's, and another list.
            asked(agent, 5),
            asked(customer, 5),
            asked(customer, 6),
        ];
        let (different, which) = apart(&asked);
        assert_eq!(which, [0, 1, 1, 2, 0, 3]);
        assert_eq!(different.len(), 4);
        for (asked, which) in asked.iter().zip(&which) {
            assert!(different[*which] == *asked);
        }
        let page = |n| {
            Ok(Page { items: Vec::new(), next: Some(TicketPosition::CreatedAt(TicketId::new(n).unwrap())) })
        };
        let handed_out = handed_out((1..=4).map(page).collect(), &which);
        assert_eq!(handed_out, [1, 2, 2, 3, 1, 4].map(page));
    }
}
