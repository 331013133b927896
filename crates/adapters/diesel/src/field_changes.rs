//! How an event's changes are stored: a JSON array of `{"field", "from", "to"}`.

use helpdesk_domain::{AgentRef, FieldChange, Tags, TeamRef};
use serde_json::{Value, json};

/// The stored form.
pub(crate) fn encode(changes: &[FieldChange]) -> Value {
    changes.iter().map(encode_one).collect()
}

fn encode_one(change: &FieldChange) -> Value {
    let (from, to) = match change {
        FieldChange::Status { from, to } => (from.as_str().into(), to.as_str().into()),
        FieldChange::Priority { from, to } => (from.as_str().into(), to.as_str().into()),
        FieldChange::Assignee { from, to } => (agent(from.as_ref()), agent(to.as_ref())),
        FieldChange::Tags { from, to } => (tags(from), tags(to)),
        FieldChange::Team { from, to } => (team(from), team(to)),
    };
    json!({ "field": change.field(), "from": from, "to": to })
}

fn agent(agent: Option<&AgentRef>) -> Value {
    agent.map_or(Value::Null, |agent| json!({ "id": agent.id().get(), "name": agent.name() }))
}

fn team(team: &TeamRef) -> Value {
    json!({ "id": team.id().get(), "name": team.name() })
}

/// A ticket's tags as they are stored.
pub(crate) fn tags(tags: &Tags) -> Value {
    tags.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_domain::{Priority, Status, TeamId, UserId};

    #[test]
    fn each_field_has_its_form() {
        let ada = AgentRef::new(UserId::new(7).unwrap(), "Ada");
        let team = |id, name| TeamRef::new(TeamId::new(id).unwrap(), name);
        let changes = [
            FieldChange::Status { from: Status::Open, to: Status::InProgress },
            FieldChange::Priority { from: Priority::Low, to: Priority::Urgent },
            FieldChange::Assignee { from: None, to: Some(ada) },
            FieldChange::Tags { from: Tags::default(), to: Tags::parse(&["vip"]).unwrap() },
            FieldChange::Team { from: team(1, "Support"), to: team(2, "Night") },
        ];
        assert_eq!(
            encode(&changes),
            json!([
                { "field": "status", "from": "open", "to": "in_progress" },
                { "field": "priority", "from": "low", "to": "urgent" },
                { "field": "assignee", "from": null, "to": { "id": 7, "name": "Ada" } },
                { "field": "tags", "from": [], "to": ["vip"] },
                { "field": "team", "from": { "id": 1, "name": "Support" }, "to": { "id": 2, "name": "Night" } },
            ])
        );
    }
}
