//! The headers of answers: each is described once, and where it stands only its meaning there.

use serde_json::{Value, json};

use super::{add_components, component, for_each_response, members_mut};

/// What is known of a header wherever it stands: its name, whether an answer that may have it always has it, and what it looks
/// like.
fn known() -> [(&'static str, bool, Value); 10] {
    let text =
        |pattern: &str, example: &str| json!({"type": "string", "pattern": pattern, "examples": [example]});
    let count = |least: u8| json!({"type": "integer", "minimum": least, "examples": [12]});
    [
        (
            "Content-Disposition",
            true,
            text("^attachment; filename=\"[a-z]+[.][a-z]+\"$", "attachment; filename=\"tickets.csv\""),
        ),
        ("ETag", true, text("^\"[1-9][0-9]*-[A-Za-z0-9_-]{22}(\\.gzip)?\"$", "\"3-m7ZtRzyvvDyZcXtmUdEsbA\"")),
        ("Idempotency-Replayed", false, json!({"type": "string", "enum": ["true"]})),
        ("Link", false, text("^<[^>]+>; rel=\"next\"$", "</agent/tickets?cursor=AQAF; rel=\"next\"")),
        ("Location", true, text("^/", "/admin/users/17")),
        ("Retry-After", true, count(1)),
        ("WWW-Authenticate", true, json!({"type": "string"})),
        ("RateLimit-Limit", false, count(1)),
        ("RateLimit-Remaining", false, count(0)),
        ("RateLimit-Reset", false, count(1)),
    ]
}

/// Says what the headers look like that handlers only name, and that every answer has its id.
pub(super) fn describe(document: &mut Value) {
    let id = json!({
        "description": "The id by which the request is found in the server's log.",
        "required": true,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$", "examples": ["5f0c8a3be6a14d0f9f3e4b7a6c1d2e3f"]}
    });
    add_components(document, "headers", [("RequestId".to_owned(), id)]);

    let known = known();
    let describe = |response: &mut Value| {
        if response.get("$ref").is_some() {
            return;
        }
        for (name, is_always_there, schema) in &known {
            if let Some(header) = response.get_mut("headers").and_then(|headers| headers.get_mut(name)) {
                // What an error says of its own headers is more than what is known of all.
                if header["schema"]["pattern"].is_null() && header["schema"]["enum"].is_null() {
                    header["schema"] = schema.clone();
                }
                if header["required"].is_null() {
                    header["required"] = json!(is_always_there);
                }
            }
        }
        response["headers"]["X-Request-Id"] = component("headers", "RequestId");
    };
    members_mut(&mut document["components"]["responses"]).for_each(|(_, response)| describe(response));
    for_each_response(document, |_, response| describe(response));
}
