//! How an event's changes are stored: a JSON array of `{"field", "from", "to"}`.

use std::str::FromStr;

use helpdesk_domain::{AgentRef, FieldChange, Tags, TeamId, TeamRef, UserId};
use serde_json::{Map, Value, json};

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

/// What was stored; `None` if it never was.
pub(crate) fn decode(stored: Value) -> Option<Vec<FieldChange>> {
    let Value::Array(changes) = stored else { return None };
    changes.into_iter().map(decode_one).collect()
}

fn decode_one(stored: Value) -> Option<FieldChange> {
    let Value::Object(mut object) = stored else { return None };
    let Value::String(field) = object.remove("field")? else { return None };
    let (from, to) = (object.remove("from")?, object.remove("to")?);
    match field.as_str() {
        "status" => Some(FieldChange::Status { from: word(&from)?, to: word(&to)? }),
        "priority" => Some(FieldChange::Priority { from: word(&from)?, to: word(&to)? }),
        "assignee" => Some(FieldChange::Assignee { from: stored_agent(from)?, to: stored_agent(to)? }),
        "tags" => Some(FieldChange::Tags { from: stored_tags(from)?, to: stored_tags(to)? }),
        "team" => Some(FieldChange::Team { from: stored_team(from)?, to: stored_team(to)? }),
        _ => None,
    }
}

fn word<T: FromStr>(stored: &Value) -> Option<T> {
    stored.as_str()?.parse().ok()
}

/// The outer `None` is nobody that was ever stored.
#[expect(clippy::option_option, reason = "nobody is a value here")]
fn stored_agent(stored: Value) -> Option<Option<AgentRef>> {
    match stored {
        Value::Null => Some(None),
        Value::Object(object) => {
            let (id, name) = id_and_name(object)?;
            Some(Some(AgentRef::new(UserId::new(id).ok()?, name)))
        }
        _ => None,
    }
}

fn stored_team(stored: Value) -> Option<TeamRef> {
    let Value::Object(object) = stored else { return None };
    let (id, name) = id_and_name(object)?;
    Some(TeamRef::new(TeamId::new(id).ok()?, name))
}

fn id_and_name(mut object: Map<String, Value>) -> Option<(i64, String)> {
    let Value::String(name) = object.remove("name")? else { return None };
    Some((object.remove("id")?.as_i64()?, name))
}

/// A ticket's tags as they were stored; `None` if they never were.
pub(crate) fn stored_tags(stored: Value) -> Option<Tags> {
    let Value::Array(values) = stored else { return None };
    let words = values.into_iter().map(|value| match value {
        Value::String(word) => Some(word),
        _ => None,
    });
    Some(Tags::from_stored(words.collect::<Option<Vec<_>>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_domain::{Priority, Status};

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
        let stored = encode(&changes);
        assert_eq!(
            stored,
            json!([
                { "field": "status", "from": "open", "to": "in_progress" },
                { "field": "priority", "from": "low", "to": "urgent" },
                { "field": "assignee", "from": null, "to": { "id": 7, "name": "Ada" } },
                { "field": "tags", "from": [], "to": ["vip"] },
                { "field": "team", "from": { "id": 1, "name": "Support" }, "to": { "id": 2, "name": "Night" } },
            ])
        );
        assert_eq!(decode(stored), Some(changes.to_vec()));
    }

    #[test]
    fn what_was_never_stored_is_not_read() {
        let team = json!({ "id": 1, "name": "Support" });
        for damaged in [
            json!({}),
            json!([1]),
            json!([{ "field": "status", "from": "open" }]),
            json!([{ "field": "status", "from": "open", "to": "lost" }]),
            json!([{ "field": "status", "from": null, "to": "open" }]),
            json!([{ "field": "priority", "from": 1, "to": "low" }]),
            json!([{ "field": "subject", "from": "a", "to": "b" }]),
            json!([{ "field": "assignee", "from": null, "to": 7 }]),
            json!([{ "field": "assignee", "from": null, "to": { "id": 0, "name": "Ada" } }]),
            json!([{ "field": "assignee", "from": null, "to": { "id": 7 } }]),
            json!([{ "field": "tags", "from": [], "to": "vip" }]),
            json!([{ "field": "tags", "from": [], "to": [1] }]),
            json!([{ "field": "team", "from": null, "to": team }]),
            json!([{ "field": "team", "from": { "id": "1", "name": "Support" }, "to": team }]),
        ] {
            assert_eq!(decode(damaged.clone()), None, "{damaged}");
        }
    }
}
