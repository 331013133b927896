//! Teams.

use helpdesk_domain::{Team, TeamId, TeamName};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;

/// A team.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Team)]
pub(crate) struct TeamResponse {
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: TeamId,
    /// Its name; no other team has it.
    #[schema(value_type = String, max_length = 100, example = "Support")]
    name: TeamName,
    /// Whether it is the one that new tickets and new agents get. There is exactly one, and it stays.
    is_default: bool,
}

impl From<Team> for TeamResponse {
    fn from(team: Team) -> Self {
        Self { id: team.id, name: team.name, is_default: team.is_default }
    }
}
