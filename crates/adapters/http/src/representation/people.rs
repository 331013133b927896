//! People and teams, as a ticket names them.

use helpdesk_domain::{AgentRef, Person, TeamId, TeamRef, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;

/// Whom a ticket is for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Requester)]
pub(crate) struct RequesterResponse {
    /// The account.
    #[schema(value_type = schema::Id)]
    id: UserId,
    /// The name.
    #[schema(example = "Ada Lovelace")]
    name: String,
    /// The e-mail address.
    #[schema(example = "ada@example.com")]
    email: String,
}

impl From<Person> for RequesterResponse {
    fn from(person: Person) -> Self {
        Self { id: person.id(), name: person.name().to_owned(), email: person.email().to_owned() }
    }
}

/// Who works a ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Assignee)]
pub(crate) struct AssigneeResponse {
    /// The account.
    #[schema(value_type = schema::Id)]
    id: UserId,
    /// The name.
    #[schema(example = "Grace Hopper")]
    name: String,
}

impl From<AgentRef> for AssigneeResponse {
    fn from(agent: AgentRef) -> Self {
        Self { id: agent.id(), name: agent.name().to_owned() }
    }
}

/// Who works a ticket, as its requester sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerAssignee)]
pub(crate) struct CustomerAssigneeResponse {
    /// The name.
    #[schema(example = "Grace Hopper")]
    pub(super) name: String,
}

/// The team that a ticket belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketTeam)]
pub(crate) struct TicketTeamResponse {
    /// The team.
    #[schema(value_type = schema::Id)]
    id: TeamId,
    /// The name.
    #[schema(example = "Support")]
    name: String,
}

impl From<TeamRef> for TicketTeamResponse {
    fn from(team: TeamRef) -> Self {
        Self { id: team.id(), name: team.name().to_owned() }
    }
}
