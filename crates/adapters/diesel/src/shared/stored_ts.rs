//! Times in the database. Each engine's `dialect` says how they are read and written.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use helpdesk_domain::Ts;
use serde::Serialize;

use super::dialect::Timestamptz;

/// Microseconds since 1970-01-01T00:00:00Z, as stored: whether they are a [`Ts`] is for whoever reads the row to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow, Serialize)]
#[diesel(sql_type = Timestamptz)]
pub(in super::super) struct StoredTs(pub(in super::super) i64);

impl StoredTs {
    /// The last moment that there is, at the end of the year 9999.
    pub(in super::super) const LAST: Self = Self(253_402_300_799_999_999);
}

impl From<Ts> for StoredTs {
    fn from(at: Ts) -> Self {
        Self(at.micros())
    }
}
