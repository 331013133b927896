//! Examples of whole bodies, put together from those of their parts.

use serde_json::{Map, Value, json};

use super::{for_each_operation, members, members_mut, resolved};

const JSON: &str = "application/json";
/// A line of it is JSON.
const LINES_OF_JSON: &str = "application/x-ndjson";

/// What a body is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    /// Of it only what is needed, and what has an example of its own there.
    Request,
    /// All that there may be.
    Answer,
}

/// Gives every body of JSON an example, unless its handler has.
pub(super) fn add(document: &mut Value) {
    let whole = document.clone();
    for_each_operation(document, |operation| {
        if let Some(request) = operation.get_mut("requestBody") {
            illustrate(&whole, Body::Request, request);
        }
        for (_, response) in members_mut(&mut operation["responses"]) {
            illustrate(&whole, Body::Answer, response);
        }
    });
}

fn illustrate(document: &Value, body: Body, described: &mut Value) {
    for media_type in [JSON, LINES_OF_JSON] {
        let Some(media) = described.get_mut("content").and_then(|content| content.get_mut(media_type)) else {
            continue;
        };
        let has_one = media.get("example").is_some() || media.get("examples").is_some();
        if let Some(example) = example(document, body, &media["schema"]).filter(|_| !has_one) {
            media["example"] = example;
        }
    }
}

/// An example of a schema: its own, or what follows from its parts.
fn example(document: &Value, body: Body, schema: &Value) -> Option<Value> {
    let own = || schema.get("example").or(schema["examples"].get(0)).or(schema.get("const"));
    if let Some(own) = own() {
        return Some(own.clone());
    }
    let described = resolved(document, schema);
    if !std::ptr::eq(described, schema) {
        return example(document, body, described);
    }
    if let Some(first) = schema["enum"].get(0).or(schema["oneOf"].get(0)).or(schema["anyOf"].get(0)) {
        return if schema.get("enum").is_some() {
            Some(first.clone())
        } else {
            example(document, body, first)
        };
    }
    if schema["properties"].is_object() {
        return object(document, body, schema);
    }
    match schema["type"].as_str() {
        Some("array") => example(document, body, &schema["items"]).map(|item| json!([item])),
        Some("boolean") => Some(schema.get("default").cloned().unwrap_or(json!(false))),
        Some("integer") => Some(schema.get("minimum").cloned().unwrap_or(json!(1))),
        _ => None,
    }
}

fn object(document: &Value, body: Body, schema: &Value) -> Option<Value> {
    let is_required =
        |name: &str| schema["required"].as_array().into_iter().flatten().any(|required| required == name);
    let mut whole = Map::new();
    for (name, part) in members(&schema["properties"]) {
        if body == Body::Answer || is_required(name) || part.get("example").is_some() {
            whole.insert(name.clone(), example(document, body, part)?);
        }
    }
    Some(Value::Object(whole))
}
