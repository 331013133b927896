use diesel::prelude::*;
use helpdesk_domain::{Team, TeamId, TeamName};
use helpdesk_ports::StoreError;

use super::Origin;

use super::super::dialect::Db;
use super::super::schema::teams;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = teams, check_for_backend(Db))]
pub(in super::super) struct TeamRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) is_default: bool,
}

impl TryFrom<TeamRow> for Team {
    type Error = StoreError;

    fn try_from(row: TeamRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Origin::new("teams", row.id).id("id", row.id, TeamId::new)?,
            name: TeamName::from_stored(row.name),
            is_default: row.is_default,
        })
    }
}
