//! The index of the texts of tickets that somebody works. The database keeps it by triggers (see the migration `assigned_texts`); all
//! that is done here is filling it, once.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use helpdesk_ports::WORDS_VERSION;

use super::super::dialect::{Conn, Db};
use super::super::locks;
use super::super::schema::{text_indexes, tickets};
use super::catch_up::{BATCH, newest_ticket, note, tell};

/// Its name among the `text_indexes`.
const NAME: &str = "assigned";

/// Fills it, if it never was. What is written meanwhile, and from then on, the triggers see to; what is made of other words anew, too.
pub(super) fn fill(conn: &mut Conn) -> QueryResult<()> {
    let columns = (text_indexes::words_version, text_indexes::indexed_to);
    let (version, mut last): (i64, i64) = text_indexes::table.find(NAME).select(columns).get_result(conn)?;
    if version > 0 {
        return Ok(());
    }
    let newest = newest_ticket(conn)?;
    let mut batches = 0;
    while let Some(to) = conn.transaction(|conn| fill_batch(conn, last, newest))? {
        last = to;
        batches += 1;
        tell(batches, "the tickets of agents", last);
    }
    diesel::update(text_indexes::table.find(NAME))
        .set(text_indexes::words_version.eq(WORDS_VERSION))
        .execute(conn)
        .map(|_| ())
}

/// Fills in the next tickets behind an id, up to another, and says which was the last; `None` when there are no more.
fn fill_batch(conn: &mut Conn, after: i64, to: i64) -> QueryResult<Option<i64>> {
    let ids: Vec<i64> = tickets::table
        .filter(tickets::id.gt(after).and(tickets::id.le(to)))
        .order(tickets::id)
        .limit(BATCH)
        .select(tickets::id)
        .load(conn)?;
    let Some(to) = ids.last().copied() else {
        return Ok(None);
    };
    locks::share_tickets(conn, ids)?;
    Fill { after, to }.execute(conn)?;
    note(conn, NAME, to)?;
    Ok(Some(to))
}

/// What of these tickets belongs there and is not there.
#[derive(QueryId)]
struct Fill {
    after: i64,
    to: i64,
}

impl QueryFragment<Db> for Fill {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO assigned_texts (id, ticket_id, words) SELECT id, ticket_id, words FROM texts_of_agents WHERE ticket_id > ",
        );
        out.push_bind_param::<BigInt, _>(&self.after)?;
        out.push_sql(" AND ticket_id <= ");
        out.push_bind_param::<BigInt, _>(&self.to)?;
        out.push_sql(" ORDER BY id ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl RunQueryDsl<Conn> for Fill {}
