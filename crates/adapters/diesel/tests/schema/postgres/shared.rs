use super::dialect;

#[expect(clippy::duplicate_mod, reason = "as in the library: once for each engine")]
#[path = "../../../src/shared/schema.rs"]
pub(crate) mod schema;
