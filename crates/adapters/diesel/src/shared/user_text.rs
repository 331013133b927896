//! What `UserSearch::is_in` means in SQL: here, and nowhere else.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};
use helpdesk_ports::UserSearch;

use super::dialect::{Db, FIND_IN_ASCII_LOWER_CASE};
use super::schema::users;

/// The accounts whose name or e-mail address holds the text. Nothing in it is a pattern.
pub(super) fn holds(text: &UserSearch) -> Holds {
    Holds(text.as_str().to_owned())
}

/// See [`holds`].
#[derive(QueryId, ValidGrouping)]
pub(super) struct Holds(String);

impl Expression for Holds {
    type SqlType = Bool;
}

impl AppearsOnTable<users::table> for Holds {}

impl SelectableExpression<users::table> for Holds {}

impl QueryFragment<Db> for Holds {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let (begin, between, end) = FIND_IN_ASCII_LOWER_CASE;
        out.push_sql("(");
        for (column, separator) in [("users.name", " OR "), ("users.email", "")] {
            out.push_sql(begin);
            out.push_sql(column);
            out.push_sql(between);
            out.push_bind_param::<Text, _>(&self.0)?;
            out.push_sql(end);
            out.push_sql(separator);
        }
        out.push_sql(")");
        Ok(())
    }
}
