//! Bringing the indexes of texts up to date: with what was written before there were any, by a binary that knew of none, or when
//! words were something else.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use helpdesk_ports::WORDS_VERSION;

use super::super::IdSequence;
use super::super::dialect::{Conn, last_id};
use super::super::schema::{
    comments, internal_comment_texts, public_comment_texts, text_indexes, ticket_texts, tickets,
};
use super::index::{IndexedText, index};
use super::{TextIndex, TextWords};

/// How many rows are read and written at a time.
const BATCH: i64 = 500;

/// How many batches there are from one line of the log to the next.
const BATCHES_TOLD: usize = 40;

/// So many ids before the last one that was seen are looked at again: what had its id and was not committed then was not seen.
const LOOK_BACK: i64 = 1_000;

/// Indexes what is not yet indexed by this version of words. The caller holds a lock that keeps every other process out; those
/// that serve meanwhile index what they write themselves. That is most of what came since the last time: it is not written out anew,
/// and only looked for.
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
        let newest = newest(conn, kind)?;
        let mut batches = 0;
        while let Some(to) = conn.transaction(|conn| index_batch(conn, kind, (last, newest)))? {
            last = to;
            batches += 1;
            if batches % BATCHES_TOLD == 0 {
                log::info!("making {} searchable: done up to number {last}", kind.name());
            }
        }
        if newest > last.max(indexed_to) {
            note(conn, kind, newest)?;
        }
    }
    Ok(())
}

/// The last id that there may be. Public and internal comments have ids of their own, each as far as there are any; so those of one
/// kind are not looked for among the later ones of the other.
fn newest(conn: &mut Conn, kind: TextIndex) -> QueryResult<i64> {
    match kind {
        TextIndex::Tickets => {
            let newest =
                tickets::table.order(tickets::id.desc()).select(tickets::id).first(conn).optional()?;
            Ok(newest.unwrap_or(0))
        }
        TextIndex::PublicComments => last_id(conn, IdSequence::PublicComments),
        TextIndex::InternalComments => last_id(conn, IdSequence::InternalComments),
    }
}

/// Notes that all up to this id is indexed.
fn note(conn: &mut Conn, kind: TextIndex, indexed_to: i64) -> QueryResult<()> {
    diesel::update(text_indexes::table.find(kind.name()))
        .set(text_indexes::indexed_to.eq(indexed_to))
        .execute(conn)
        .map(|_| ())
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

/// Behind an id, and up to another.
type Stretch = (i64, i64);

/// Indexes the next rows of the stretch that are not, and says which was the last; `None` when there are no more.
fn index_batch(conn: &mut Conn, kind: TextIndex, stretch: Stretch) -> QueryResult<Option<i64>> {
    let last = match kind {
        TextIndex::Tickets => tickets_in(conn, stretch)?,
        TextIndex::PublicComments => public_comments_in(conn, stretch)?,
        TextIndex::InternalComments => internal_comments_in(conn, stretch)?,
    };
    if let Some(last) = last {
        note(conn, kind, last)?;
    }
    Ok(last)
}

fn tickets_in(conn: &mut Conn, (after, to): Stretch) -> QueryResult<Option<i64>> {
    let rows: Vec<(i64, String, String)> = tickets::table
        .filter(tickets::id.gt(after).and(tickets::id.le(to)))
        .filter(not(exists(ticket_texts::table.find(tickets::id))))
        .order(tickets::id)
        .limit(BATCH)
        .select((tickets::id, tickets::subject, tickets::description))
        .load(conn)?;
    let last = rows.last().map(|(id, ..)| *id);
    let texts: Vec<_> = rows
        .iter()
        .map(|(id, subject, description)| {
            IndexedText::of_ticket(*id, TextWords::of_ticket(subject, description))
        })
        .collect();
    index(conn, TextIndex::Tickets, &texts)?;
    Ok(last)
}

/// The same for comments, which are in two indexes.
macro_rules! comments_in {
    ($name:ident, $kind:ident in $texts:ident, $are_internal:literal) => {
        fn $name(conn: &mut Conn, (after, to): Stretch) -> QueryResult<Option<i64>> {
            let rows: Vec<(i64, i64, String)> = comments::table
                .filter(comments::is_internal.eq($are_internal))
                .filter(comments::id.gt(after).and(comments::id.le(to)))
                .filter(not(exists($texts::table.find(comments::id))))
                .order(comments::id)
                .limit(BATCH)
                .select((comments::id, comments::ticket_id, comments::body))
                .load(conn)?;
            let last = rows.last().map(|(id, ..)| *id);
            let texts: Vec<_> =
                rows.iter().map(|(id, ticket, body)| IndexedText::of_comment(*id, *ticket, body)).collect();
            index(conn, TextIndex::$kind, &texts)?;
            Ok(last)
        }
    };
}

comments_in!(public_comments_in, PublicComments in public_comment_texts, false);
comments_in!(internal_comments_in, InternalComments in internal_comment_texts, true);
