//! What a search means in SQL: here, and nowhere else. The contract suite holds it against `TicketSearch::admits`.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use helpdesk_domain::CommentScope;
use helpdesk_ports::TicketSearch;

use super::super::dialect::{AskedSql, AskedWord, COMPARES, Db, finds, to_compare, to_find};
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

impl QueryFragment<Db> for Compared {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if self.words.len() > KEPT_WORDS {
            out.unsafe_to_cache_prepared();
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

query_id_by_text!(Compared, Found);
condition_on_tickets!(Compared, Found);
