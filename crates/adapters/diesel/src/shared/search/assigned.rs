//! The index of the texts of tickets that somebody works. The database keeps it by triggers (see the migration `assigned_texts`); all
//! that is done here is filling it, once.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use helpdesk_ports::WORDS_VERSION;

use super::super::dialect::{Conn, Db};
use super::super::locks;
use super::super::schema::{text_indexes, tickets};
use super::catch_up::{newest_ticket, note, tell};

/// Its name among the `text_indexes`.
const NAME: &str = "assigned";

/// How many tickets are filled in at a time. Those who write to them wait meanwhile.
const BATCH: i64 = 200;

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
    let tickets: Vec<(i64, Option<i64>)> = tickets::table
        .filter(tickets::id.gt(after).and(tickets::id.le(to)))
        .order(tickets::id)
        .limit(BATCH)
        .select((tickets::id, tickets::assignee_id))
        .load(conn)?;
    let Some((to, _)) = tickets.last().copied() else {
        return Ok(None);
    };
    // Those that somebody begins to work meanwhile are the triggers'.
    let assigned = tickets.iter().filter(|(_, agent)| agent.is_some()).map(|(id, _)| *id);
    locks::share_tickets(conn, assigned.collect())?;
    FillLarge { after, to }.execute(conn)?;
    Fill { after, to }.execute(conn)?;
    note(conn, NAME, to)?;
    Ok(Some(to))
}

/// A statement over a stretch of tickets: what stands before and behind it.
macro_rules! over_a_stretch {
    ($(#[$doc:meta])* $name:ident, $before:literal, $behind:literal) => {
        $(#[$doc])*
        #[derive(QueryId)]
        struct $name {
            after: i64,
            to: i64,
        }

        impl QueryFragment<Db> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
                out.push_sql($before);
                out.push_sql(" WHERE ticket_id > ");
                out.push_bind_param::<BigInt, _>(&self.after)?;
                out.push_sql(" AND ticket_id <= ");
                out.push_bind_param::<BigInt, _>(&self.to)?;
                out.push_sql($behind);
                Ok(())
            }
        }

        impl RunQueryDsl<Conn> for $name {}
    };
}

over_a_stretch!(
    /// Notes which of these tickets are too large for it.
    FillLarge,
    "INSERT INTO large_tickets (ticket_id) SELECT ticket_id FROM outgrown_tickets",
    " ON CONFLICT DO NOTHING"
);
over_a_stretch!(
    /// What of the others belongs there and is not there.
    Fill,
    "INSERT INTO assigned_texts (id, ticket_id, words) SELECT id, ticket_id, words FROM texts_of_agents",
    " ORDER BY id ON CONFLICT DO NOTHING"
);
