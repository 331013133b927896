//! Links: what can be done next with what an answer tells, derived from the paths.

use serde_json::{Map, Value, json};

use super::{members, members_mut};

/// Where the id of a resource is: in the first item of a page, in the resource itself, or in the path of the request.
const FIRST_OF_A_PAGE: &str = "$response.body#/data/0/id";
const ONE: &str = "$response.body#/id";
const SAME: &str = "$request.path.id";

/// An operation as a link needs to know it.
struct Operation {
    method: String,
    path: String,
    id: String,
}

impl Operation {
    /// Whether this is about the resource at `{path}/{id}`, or about something below it.
    fn is_about_one_of(&self, path: &str) -> bool {
        let below = self.path.strip_prefix(path).and_then(|rest| rest.strip_prefix("/{id}"));
        below.is_some_and(|rest| !rest.contains('{'))
    }
}

/// Adds to what creates, lists and shows resources where to go on with them.
pub(super) fn add(document: &mut Value) {
    let operations = operations(document);
    for (path, item) in members_mut(&mut document["paths"]) {
        for (method, operation) in members_mut(item) {
            let collection = path.strip_suffix("/{id}").unwrap_or(path);
            let (status, id) = match (method.as_str(), path.ends_with("/{id}")) {
                ("post", false) => ("201", ONE),
                ("get", false) => ("200", FIRST_OF_A_PAGE),
                ("get" | "put", true) => ("200", SAME),
                _ => continue,
            };
            let also = also_from(operation["operationId"].as_str().unwrap_or_default());
            let links: Map<String, Value> = operations
                .iter()
                .filter(|other| other.is_about_one_of(collection) || also == Some(&other.id))
                .filter(|other| (&other.method, &other.path) != (method, path))
                .map(|other| {
                    (other.id.clone(), json!({ "operationId": other.id, "parameters": { "id": id } }))
                })
                .collect();
            let response = operation["responses"].get_mut(status);
            if let Some(response) = response.filter(|_| !links.is_empty()) {
                response["links"] = Value::Object(links);
            }
        }
    }
}

/// What the paths do not tell: where an operation is about what another list shows.
fn also_from(list: &str) -> Option<&'static str> {
    (list == "list_agent_queue").then_some("claim_agent_ticket")
}

fn operations(document: &Value) -> Vec<Operation> {
    let of_path = |(path, item): (&String, &Value)| {
        let operations = members(item).map(|(method, operation)| Operation {
            method: method.clone(),
            path: path.clone(),
            id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
        });
        operations.collect::<Vec<_>>()
    };
    members(&document["paths"]).flat_map(of_path).collect()
}
