//! Columns and conditions that no index is to be used for.
//!
//! A planner that does not know the values of a statement's parameters hopes to fill a page soon when it goes along an index
//! that has the list's order, however few of its rows belong to the list. Where they are known to be few and another index
//! has them all, they are to be read by that one and then sorted.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

use super::dialect::{BESIDE_WORDS, Db, UNINDEXED};

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

/// A condition. Beside others that have rows found by an index of words, and then only where the engine needs to be told, it is looked at
/// in each of these rows, and finds none itself: of an account's tickets, or a team's, an engine expects as many as everybody has on the
/// average, and would compare each of the many that somebody has with each that has the word.
#[derive(Clone, Copy)]
pub(super) struct Beside<C> {
    pub(super) condition: C,
    pub(super) words: bool,
}

impl<C: Expression<SqlType = Bool>> Expression for Beside<C> {
    type SqlType = Bool;
}

impl<C> ValidGrouping<()> for Beside<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C: AppearsOnTable<From> + Expression<SqlType = Bool>, From> AppearsOnTable<From> for Beside<C> {}

impl<C: SelectableExpression<From> + Expression<SqlType = Bool>, From> SelectableExpression<From>
    for Beside<C>
{
}

impl<C: QueryFragment<Db>> QueryFragment<Db> for Beside<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let (before, behind) = if self.words { BESIDE_WORDS } else { ("", "") };
        out.push_sql(before);
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql(behind);
        Ok(())
    }
}

/// Known by its text.
impl<C> QueryId for Beside<C> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}
