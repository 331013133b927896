//! Bringing the indexes of texts up to date: with what was written before there were any, by a binary that knew of none, or when
//! words were something else.

use diesel::prelude::*;
use helpdesk_ports::WORDS_VERSION;

use super::super::dialect::Conn;
use super::super::schema::{
    comments, internal_comment_texts, public_comment_texts, text_indexes, ticket_texts, tickets,
};
use super::TextIndex;
use super::index::{IndexedText, index};

/// How many rows are read and written at a time.
const BATCH: i64 = 500;

/// How many batches there are from one line of the log to the next.
const BATCHES_TOLD: usize = 40;

/// So many ids before the last one that was seen are looked at again: what had its id and was not committed then was not seen.
const LOOK_BACK: i64 = 1_000;

/// Indexes what is not yet indexed by this version of words. The caller holds a lock that keeps every other process out; those
/// that serve meanwhile index what they write themselves.
pub(in super::super) fn catch_up(conn: &mut Conn) -> QueryResult<()> {
    for kind in TextIndex::ALL {
        let row = text_indexes::table.find(kind.name());
        let (version, indexed_to): (i64, i64) =
            row.select((text_indexes::words_version, text_indexes::indexed_to)).get_result(conn)?;
        let mut last = indexed_to.saturating_sub(LOOK_BACK);
        if version < WORDS_VERSION {
            conn.transaction(|conn| begin_anew(conn, kind))?;
            last = 0;
        }
        let mut batches = 0;
        while let Some(to) = conn.transaction(|conn| index_batch(conn, kind, last))? {
            last = to;
            batches += 1;
            if batches % BATCHES_TOLD == 0 {
                log::info!("making {} searchable: done up to number {last}", kind.name());
            }
        }
    }
    Ok(())
}

fn begin_anew(conn: &mut Conn, kind: TextIndex) -> QueryResult<()> {
    match kind {
        TextIndex::Tickets => diesel::delete(ticket_texts::table).execute(conn)?,
        TextIndex::PublicComments => diesel::delete(public_comment_texts::table).execute(conn)?,
        TextIndex::InternalComments => diesel::delete(internal_comment_texts::table).execute(conn)?,
    };
    let as_new = (text_indexes::words_version.eq(WORDS_VERSION), text_indexes::indexed_to.eq(0));
    diesel::update(text_indexes::table.find(kind.name())).set(as_new).execute(conn).map(|_| ())
}

/// Indexes the next rows behind this id, and says which was the last; `None` when there are no more.
fn index_batch(conn: &mut Conn, kind: TextIndex, after: i64) -> QueryResult<Option<i64>> {
    let last = match kind {
        TextIndex::Tickets => tickets_behind(conn, after)?,
        TextIndex::PublicComments => comments_behind(conn, kind, false, after)?,
        TextIndex::InternalComments => comments_behind(conn, kind, true, after)?,
    };
    if let Some(last) = last {
        diesel::update(text_indexes::table.find(kind.name()))
            .set(text_indexes::indexed_to.eq(last))
            .execute(conn)?;
    }
    Ok(last)
}

fn tickets_behind(conn: &mut Conn, after: i64) -> QueryResult<Option<i64>> {
    let rows: Vec<(i64, String, String)> = tickets::table
        .filter(tickets::id.gt(after))
        .order(tickets::id)
        .limit(BATCH)
        .select((tickets::id, tickets::subject, tickets::description))
        .load(conn)?;
    let last = rows.last().map(|(id, ..)| *id);
    let texts: Vec<_> = rows
        .iter()
        .map(|(id, subject, description)| IndexedText::of_ticket(*id, subject, description))
        .collect();
    index(conn, TextIndex::Tickets, &texts)?;
    Ok(last)
}

fn comments_behind(
    conn: &mut Conn,
    kind: TextIndex,
    are_internal: bool,
    after: i64,
) -> QueryResult<Option<i64>> {
    let rows: Vec<(i64, i64, String)> = comments::table
        .filter(comments::is_internal.eq(are_internal))
        .filter(comments::id.gt(after))
        .order(comments::id)
        .limit(BATCH)
        .select((comments::id, comments::ticket_id, comments::body))
        .load(conn)?;
    let last = rows.last().map(|(id, ..)| *id);
    let texts: Vec<_> =
        rows.iter().map(|(id, ticket, body)| IndexedText::of_comment(*id, *ticket, body)).collect();
    index(conn, kind, &texts)?;
    Ok(last)
}
