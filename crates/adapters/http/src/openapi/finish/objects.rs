//! Objects: each whole in one place, closed, and written once.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{component, members, members_mut, resolved};

/// Writes an object that is another one with more members as one object: so it can be closed, and generated clients have one
/// type for it.
pub(super) fn flatten(document: &mut Value) {
    let whole: Vec<(String, Value)> = members(&document["components"]["schemas"])
        .filter(|(_, schema)| schema["allOf"].is_array())
        .map(|(name, schema)| (name.clone(), flat(document, schema)))
        .collect();
    for (name, schema) in whole {
        document["components"]["schemas"][name] = schema;
    }
}

fn flat(document: &Value, schema: &Value) -> Value {
    let Some(parts) = schema["allOf"].as_array() else { return schema.clone() };
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for part in parts {
        let part = flat(document, resolved(document, part));
        properties.extend(members(&part["properties"]).map(|(name, schema)| (name.clone(), schema.clone())));
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
    }
    json!({
        "type": "object",
        "description": schema["description"],
        "properties": properties,
        "required": required,
    })
}

/// Every object has the members that are named and no other: the server refuses what it does not know, and answers nothing more
/// than it says.
pub(super) fn close(document: &mut Value) {
    members_mut(&mut document["components"]["schemas"]).for_each(|(_, schema)| close_all(schema));
}

fn close_all(schema: &mut Value) {
    if schema["properties"].is_object() && schema.get("additionalProperties").is_none() {
        schema["additionalProperties"] = json!(false);
    }
    for_each_part(schema, close_all);
}

/// Refers to a component where a copy of it stands: the generator writes what a generic type is of where it is used.
pub(super) fn share(document: &mut Value) {
    let names: BTreeMap<String, String> = members(&document["components"]["schemas"])
        .filter(|(_, schema)| schema["properties"].is_object())
        .map(|(name, schema)| (schema.to_string(), name.clone()))
        .collect();
    for (_, schema) in members_mut(&mut document["components"]["schemas"]) {
        for_each_part(schema, |part| refer(&names, part));
    }
}

fn refer(names: &BTreeMap<String, String>, schema: &mut Value) {
    match names.get(&schema.to_string()) {
        Some(name) => *schema = component("schemas", name),
        None => for_each_part(schema, |part| refer(names, part)),
    }
}

/// The schemas right inside a schema.
fn for_each_part(schema: &mut Value, mut act: impl FnMut(&mut Value)) {
    schema.get_mut("properties").map(members_mut).into_iter().flatten().for_each(|(_, part)| act(part));
    schema.get_mut("items").into_iter().for_each(&mut act);
    for list in ["oneOf", "anyOf", "allOf"] {
        schema.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().for_each(&mut act);
    }
}
