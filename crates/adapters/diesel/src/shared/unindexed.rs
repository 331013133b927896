//! A column that no index is to be used for.
//!
//! A planner that does not know the values of a statement's parameters hopes to fill a page soon when it goes along an index
//! that has the list's order, however few of its rows belong to the list. Where they are known to be few and another index
//! has them all, they are to be read by that one and then sorted.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

use super::dialect::{Db, UNINDEXED};

/// The column's value.
#[derive(Clone, Copy, QueryId)]
pub(super) struct Unindexed<C>(pub(super) C);

impl<C: Expression> Expression for Unindexed<C> {
    type SqlType = C::SqlType;
}

impl<C> ValidGrouping<()> for Unindexed<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C: AppearsOnTable<From>, From> AppearsOnTable<From> for Unindexed<C> {}

impl<C: SelectableExpression<From>, From> SelectableExpression<From> for Unindexed<C> {}

impl<C: QueryFragment<Db>> QueryFragment<Db> for Unindexed<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql(UNINDEXED.0);
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(UNINDEXED.1);
        Ok(())
    }
}
