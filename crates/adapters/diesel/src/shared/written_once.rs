//! Statements that are written out once.

use diesel::query_builder::QueryId;

/// A statement that is known by its type alone, so that diesel writes it out once and not for each call. One that is not, since it
/// is boxed or has a list of values in it, does not build. For what is done most: writing it out costs as much as reading a row.
pub(in super::super) fn written_once<Q: QueryId>(statement: Q) -> Q {
    const { assert!(Q::HAS_STATIC_QUERY_ID, "this statement would be written out for each call") };
    statement
}
