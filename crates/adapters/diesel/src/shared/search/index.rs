//! Writing the indexes of texts. It is done in the transaction that writes the texts themselves.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::super::dialect::{Conn, Db, Tsvector};
use super::{TextIndex, TextWords};

/// What an index holds of one ticket or comment.
pub(in super::super::super) struct IndexedText {
    id: i64,
    ticket: i64,
    words: TextWords,
}

impl IndexedText {
    pub(in super::super::super) fn of_ticket(id: i64, words: TextWords) -> Self {
        Self { id, ticket: id, words }
    }

    pub(in super::super) fn of_comment(id: i64, ticket: i64, body: &str) -> Self {
        Self { id, ticket, words: TextWords::of([body]) }
    }
}

/// How many rows one statement brings: Postgres takes 65,535 parameters, SQLite 32,766.
const ROWS: usize = 1_000;

/// Adds texts, one by one statement and many by few, and passes over those that are there.
pub(in super::super::super) fn index(
    conn: &mut Conn,
    index: TextIndex,
    texts: &[IndexedText],
) -> QueryResult<()> {
    for texts in texts.chunks(ROWS) {
        InsertTexts { index, texts }.execute(conn)?;
    }
    Ok(())
}

struct InsertTexts<'a> {
    index: TextIndex,
    texts: &'a [IndexedText],
}

impl QueryFragment<Db> for InsertTexts<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if self.texts.len() > 1 {
            out.unsafe_to_cache_prepared();
        }
        let is_of_comments = self.index != TextIndex::Tickets;
        out.push_sql("INSERT INTO ");
        out.push_sql(self.index.table());
        out.push_sql(if is_of_comments { " (comment_id, ticket_id, words)" } else { " (ticket_id, words)" });
        for (number, text) in self.texts.iter().enumerate() {
            out.push_sql(if number == 0 { " VALUES (" } else { ", (" });
            if is_of_comments {
                out.push_bind_param::<BigInt, _>(&text.id)?;
                out.push_sql(", ");
            }
            out.push_bind_param::<BigInt, _>(&text.ticket)?;
            out.push_sql(", ");
            out.push_bind_param::<Tsvector, _>(&text.words)?;
            out.push_sql(")");
        }
        out.push_sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
}

/// Known by its text.
impl QueryId for InsertTexts<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Conn> for InsertTexts<'_> {}
