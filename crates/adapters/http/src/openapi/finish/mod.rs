//! What the document has beyond what its handlers say, each for itself: what follows from that, by rules that hold for all of
//! them. An endpoint that is added gets all of it.

mod examples;
mod headers;
mod links;
mod objects;
mod problems;

use serde_json::Value;
use utoipa::openapi::OpenApi;

/// The document as it is published.
pub(crate) fn finished(collected: &OpenApi) -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(collected)?;
    if let Some(info) = document["info"].as_object_mut() {
        // The generator writes one without a name where there is none.
        info.remove("license");
    }
    objects::flatten(&mut document);
    objects::close(&mut document);
    objects::share(&mut document);
    problems::describe(&mut document)?;
    headers::describe(&mut document);
    links::add(&mut document);
    examples::add(&mut document);
    Ok(document)
}

/// Where a component stands.
fn component(kind: &str, name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// What a reference leads to, or the value itself if it is none.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

/// The members of an object; of anything else, none.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn members_mut(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// Does something to every operation.
fn for_each_operation(document: &mut Value, mut act: impl FnMut(&mut Value)) {
    for (_, item) in members_mut(&mut document["paths"]) {
        members_mut(item).for_each(|(_, operation)| act(operation));
    }
}

/// Does something to every response of every operation.
fn for_each_response(document: &mut Value, mut act: impl FnMut(&str, &mut Value)) {
    for_each_operation(document, |operation| {
        members_mut(&mut operation["responses"]).for_each(|(status, response)| act(status, response));
    });
}

/// Adds components of this kind.
fn add_components(document: &mut Value, kind: &str, components: impl IntoIterator<Item = (String, Value)>) {
    let known = &mut document["components"][kind];
    components.into_iter().for_each(|(name, component)| known[name] = component);
}
