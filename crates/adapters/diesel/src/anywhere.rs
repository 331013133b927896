//! Pieces of SQL that name no column.

/// Says of a piece of SQL what type it has, and that it may stand in any statement: it names no column.
macro_rules! may_stand_anywhere {
    ($piece:ty: $type:ty) => {
        impl diesel::expression::Expression for $piece {
            type SqlType = $type;
        }

        impl<From> diesel::expression::AppearsOnTable<From> for $piece {}

        impl<From> diesel::expression::SelectableExpression<From> for $piece {}
    };
}
pub(crate) use may_stand_anywhere;
