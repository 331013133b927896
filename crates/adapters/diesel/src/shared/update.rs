//! An UPDATE that stays prepared.
//!
//! Diesel has its own parsed and planned anew for each call, since which columns such a statement names may depend on the
//! values. Here it never does, and preparing it takes longer than running it.

use diesel::expression::{AppearsOnTable, Expression};
use diesel::prelude::*;
use diesel::query_builder::{AsChangeset, AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

use super::dialect::{Conn, Db};

/// See [`update`].
pub(super) struct Update<From, Changes, Condition> {
    table: From,
    changes: Changes,
    condition: Condition,
}

/// Makes these changes to the rows of the table that meet the condition. There must be changes, whatever the values.
pub(super) fn update<T, C, W>(table: &T, changes: C, condition: W) -> Update<T::FromClause, C::Changeset, W>
where
    T: QuerySource,
    C: AsChangeset<Target = T>,
    W: AppearsOnTable<T> + Expression<SqlType = Bool>,
{
    Update { table: table.from_clause(), changes: changes.as_changeset(), condition }
}

impl<T, C, W> QueryFragment<Db> for Update<T, C, W>
where
    T: QueryFragment<Db>,
    C: QueryFragment<Db>,
    W: QueryFragment<Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.changes.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.condition.walk_ast(out)
    }
}

/// Known by its text.
impl<T, C, W> QueryId for Update<T, C, W> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, C, W> RunQueryDsl<Conn> for Update<T, C, W> {}
