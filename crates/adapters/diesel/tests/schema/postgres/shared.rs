use super::dialect;

#[path = "../../../src/shared/schema.rs"]
pub(crate) mod schema;
