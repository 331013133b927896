//! A statement as text that stays prepared. (Diesel's own, `sql_query`, is prepared anew each time.)

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text, Untyped};
use diesel::sqlite::{Sqlite, SqliteConnection};

/// What stands for a question mark.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Number(i64),
    Text(&'static str),
}

pub(crate) struct Plain {
    text: &'static str,
    values: Vec<Value>,
}

impl Plain {
    pub(crate) fn new(text: &'static str, values: Vec<Value>) -> Self {
        Self { text, values }
    }
}

impl QueryFragment<Sqlite> for Plain {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (place, piece) in self.text.split('?').enumerate() {
            if place > 0 {
                match values.next() {
                    Some(Value::Number(number)) => out.push_bind_param::<BigInt, _>(number)?,
                    Some(Value::Text(text)) => out.push_bind_param::<Text, _>(text)?,
                    None => panic!("too few values for {}", self.text),
                }
            }
            out.push_sql(piece);
        }
        Ok(())
    }
}

impl Query for Plain {
    type SqlType = Untyped;
}

/// Known by its text.
impl QueryId for Plain {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<SqliteConnection> for Plain {}
