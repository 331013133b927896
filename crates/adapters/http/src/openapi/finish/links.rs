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
            let own_id = operation["operationId"].as_str().unwrap_or_default().to_owned();
            let mut links = along_the_path(&operations, method, path);
            for (_, to, parameters) in MORE.iter().filter(|(from, ..)| *from == own_id) {
                let parameters: Map<String, Value> =
                    parameters.iter().map(|(name, place)| ((*name).to_owned(), json!(place))).collect();
                links.insert((*to).to_owned(), json!({ "operationId": to, "parameters": parameters }));
            }
            for (_, to, body) in bodies().into_iter().filter(|(from, ..)| *from == own_id) {
                links.insert(to.to_owned(), json!({ "operationId": to, "requestBody": body }));
            }
            let done = ["200", "201"].into_iter().find(|status| operation["responses"].get(status).is_some());
            if let Some(status) = done.filter(|_| !links.is_empty()) {
                operation["responses"][status]["links"] = Value::Object(links);
            }
        }
    }
}

/// From a collection, and what is created in it, to what can be done with one of it; from one to what else.
fn along_the_path(operations: &[Operation], method: &str, path: &str) -> Map<String, Value> {
    let collection = path.strip_suffix("/{id}").unwrap_or(path);
    let id = match (method, path.ends_with("/{id}")) {
        ("post", false) => ONE,
        ("get", false) => FIRST_OF_A_PAGE,
        ("get" | "put", true) => SAME,
        _ => return Map::new(),
    };
    operations
        .iter()
        .filter(|other| other.is_about_one_of(collection) && (other.method != method || other.path != path))
        .map(|other| (other.id.clone(), json!({ "operationId": other.id, "parameters": { "id": id } })))
        .collect()
}

/// A parameter of an operation, and where in an answer its value is.
type Filled = (&'static str, &'static str);

/// What the paths do not tell: to where an answer leads, and which parameters it fills.
const MORE: [(&str, &str, &[Filled]); 5] = [
    ("list_agent_queue", "claim_agent_ticket", &[("id", FIRST_OF_A_PAGE)]),
    ("list_users", "add_team_member", &[("user_id", FIRST_OF_A_PAGE)]),
    ("create_user", "add_team_member", &[("user_id", ONE)]),
    ("create_team", "add_team_member", &[("id", ONE)]),
    ("list_team_members", "remove_team_member", &[("id", SAME), ("user_id", FIRST_OF_A_PAGE)]),
];

/// The same of members of a body: what is shown once, and taken somewhere else.
fn bodies() -> [(&'static str, &'static str, Value); 4] {
    let refresh = json!({ "refresh_token": "$response.body#/refresh_token" });
    let accept = json!({ "token": "$response.body#/invitation/token", "password": "correct horse battery" });
    [
        ("login", "refresh_session", refresh.clone()),
        ("refresh_session", "refresh_session", refresh),
        ("create_user", "accept_invitation", accept.clone()),
        ("reset_user_password", "accept_invitation", accept),
    ]
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
