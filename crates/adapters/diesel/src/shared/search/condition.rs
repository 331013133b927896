//! What a search means in SQL: here, and nowhere else. The contract suite holds it against `TicketSearch::admits`.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Integer};
use helpdesk_domain::CommentScope;
use helpdesk_ports::TicketSearch;

use super::super::dialect::{AskedSql, AskedWord, COMPARES, Conn, Db, finds, to_compare, to_find};
use super::super::schema::tickets;
use super::super::scope::condition_on_tickets;
use super::TextIndex;

/// A statement stays prepared with so many words at the most. Each number of words makes one of its own, and whoever asks
/// chooses how many there are.
const KEPT_WORDS: usize = 2;

/// The tickets with all the words in what may be seen of them: the texts of each ticket are compared.
#[derive(ValidGrouping)]
pub(in super::super) struct Compared {
    words: Vec<AskedWord>,
    sees: CommentScope,
}

/// See [`Compared`].
pub(in super::super) fn compared(search: &TicketSearch, sees: CommentScope) -> Compared {
    Compared { words: search.words().iter().map(to_compare).collect(), sees }
}

/// The same tickets: the indexes give them.
#[derive(ValidGrouping)]
pub(in super::super) struct Found {
    words: Vec<AskedWord>,
    sees: CommentScope,
}

/// See [`Found`].
pub(in super::super) fn found(search: &TicketSearch, sees: CommentScope) -> Found {
    Found { words: search.words().iter().map(to_find).collect(), sees }
}

/// Those of them that have this word, the nth, by the indexes, and all others as they are compared.
pub(in super::super) fn found_by(search: &TicketSearch, n: usize, sees: CommentScope) -> (Found, Compared) {
    let words = || search.words().iter().enumerate();
    let found = words().filter(|(at, _)| *at == n).map(|(_, word)| to_find(word)).collect();
    let compared = words().filter(|(at, _)| *at != n).map(|(_, word)| to_compare(word)).collect();
    (Found { words: found, sees }, Compared { words: compared, sees })
}

/// Which of the words, the nth, is in fewer texts than so many, and in the fewest. Nobody counts further than that.
pub(in super::super) fn rarest(
    conn: &mut Conn,
    search: &TicketSearch,
    sees: CommentScope,
    few: i64,
) -> QueryResult<Option<usize>> {
    let words = search.words().iter().map(to_find).collect();
    let counts: Vec<(i32, i64)> = Counts { words, sees, most: few }.load(conn)?;
    let rare = counts.into_iter().filter(|(_, count)| *count < few);
    Ok(rare.min_by_key(|(_, count)| *count).and_then(|(n, _)| usize::try_from(n).ok()))
}

/// How many texts have each word, up to a number.
struct Counts {
    words: Vec<AskedWord>,
    sees: CommentScope,
    most: i64,
}

impl QueryFragment<Db> for Counts {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if self.words.len() > KEPT_WORDS {
            out.unsafe_to_cache_prepared();
        }
        for (n, word) in self.words.iter().enumerate() {
            out.push_sql(if n == 0 { "SELECT " } else { " UNION ALL SELECT " });
            out.push_sql(&n.to_string());
            out.push_sql(", count(*) FROM (SELECT 1 FROM (");
            for (number, index) in TextIndex::seen(self.sees).iter().enumerate() {
                out.push_sql(if number == 0 { "" } else { " UNION ALL " });
                out.push_sql(finds(*index));
                out.push_bind_param::<AskedSql, _>(word)?;
            }
            out.push_sql(") AS of_word LIMIT ");
            out.push_bind_param::<BigInt, _>(&self.most)?;
            out.push_sql(") AS few");
        }
        Ok(())
    }
}

impl Query for Counts {
    type SqlType = (Integer, BigInt);
}

impl RunQueryDsl<Conn> for Counts {}

impl QueryFragment<Db> for Compared {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if self.words.len() > KEPT_WORDS {
            out.unsafe_to_cache_prepared();
        }
        if self.words.is_empty() {
            out.push_sql("1 = 1");
            return Ok(());
        }
        let (begin, between, end) = COMPARES;
        for (number, word) in self.words.iter().enumerate() {
            out.push_sql(if number == 0 { "(" } else { ") AND (" });
            for (number, index) in TextIndex::seen(self.sees).iter().enumerate() {
                out.push_sql(if number == 0 { "" } else { " OR " });
                out.push_sql("EXISTS (SELECT 1 FROM ");
                out.push_sql(index.table());
                out.push_sql(" AS texts WHERE texts.ticket_id = tickets.id AND ");
                out.push_sql(begin);
                out.push_sql("texts.words");
                out.push_sql(between);
                out.push_bind_param::<AskedSql, _>(word)?;
                out.push_sql(end);
                out.push_sql(")");
            }
        }
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Db> for Found {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if self.words.len() > KEPT_WORDS {
            out.unsafe_to_cache_prepared();
        }
        for (number, word) in self.words.iter().enumerate() {
            out.push_sql(if number == 0 { "tickets.id IN (" } else { " INTERSECT " });
            out.push_sql("SELECT ticket_id FROM (");
            for (number, index) in TextIndex::seen(self.sees).iter().enumerate() {
                out.push_sql(if number == 0 { "" } else { " UNION " });
                out.push_sql(finds(*index));
                out.push_bind_param::<AskedSql, _>(word)?;
            }
            out.push_sql(") AS of_word");
        }
        out.push_sql(")");
        Ok(())
    }
}

/// Known by its text, which depends on how many words there are.
macro_rules! query_id_by_text {
    ($($condition:ty),+) => {
        $(impl QueryId for $condition {
            type QueryId = ();

            const HAS_STATIC_QUERY_ID: bool = false;
        })+
    };
}

query_id_by_text!(Compared, Found, Counts);
condition_on_tickets!(Compared, Found);
