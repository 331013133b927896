//! The errors: for each set of codes, one response that says which codes, what each means, and which headers come along.

use serde_json::{Map, Value, json};

use super::{add_components, component, for_each_response};
use crate::openapi::errors::CODES;
use crate::problem::{ApiError, ErrorCode, FieldError, Problem};

/// Puts a reference to the response of its codes where handlers name the codes alone.
pub(super) fn describe(document: &mut Value) -> serde_json::Result<()> {
    let mut shared = Map::new();
    for_each_response(document, |_, response| {
        let Some(words) = response[CODES].as_array() else { return };
        let is_among_them = |code: &&ErrorCode| words.iter().any(|word| word == code.as_str());
        let codes: Vec<ErrorCode> = ErrorCode::ALL.iter().filter(is_among_them).copied().collect();
        let name = codes.iter().map(|code| format!("{code:?}")).collect::<Vec<_>>().join("Or");
        *response = component("responses", &name);
        shared.entry(name).or_insert_with(|| response_of(&codes));
    });
    add_components(document, "responses", shared);
    let mut examples = Map::new();
    for code in ErrorCode::ALL {
        let value = serde_json::to_value(Problem::of(&sample(*code), REQUEST_ID))?;
        examples
            .insert(code.as_str().to_owned(), json!({ "summary": code.default_detail(), "value": value }));
    }
    add_components(document, "examples", examples);
    Ok(())
}

/// Codes that have one status in common.
fn response_of(codes: &[ErrorCode]) -> Value {
    let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let lines: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.default_detail())).collect();
    let status = codes.first().map(|code| code.status().as_u16());
    let mut schema = component("schemas", "Problem");
    // Beside the reference, which JSON Schema allows since 2019-09: to a generated client it is one type with all others.
    schema["properties"] = json!({ "status": { "const": status }, "code": { "enum": words } });
    if codes == [ErrorCode::VersionMismatch] {
        schema["required"] = json!(["current_version"]);
    }
    let examples: Map<String, Value> =
        words.iter().map(|word| ((*word).to_owned(), component("examples", word))).collect();
    let media = json!({ "schema": schema, "examples": examples });
    json!({
        "description": lines.join("\n\n"),
        "headers": headers_of(codes),
        "content": { "application/problem+json": media },
    })
}

fn headers_of(codes: &[ErrorCode]) -> Map<String, Value> {
    let mut headers = Map::new();
    let mut add = |name: &str, header: Value| headers.insert(name.to_owned(), header);
    let challenges: Vec<&str> = codes.iter().filter_map(|code| code.challenge()).collect();
    if !challenges.is_empty() {
        let mut distinct = challenges;
        distinct.sort_unstable();
        distinct.dedup();
        let schema = json!({ "type": "string", "enum": distinct });
        add("WWW-Authenticate", json!({ "description": "The challenge of RFC 6750.", "schema": schema }));
    }
    if codes.iter().any(|code| code.retry_after().is_some()) {
        add("Retry-After", json!({ "description": "After how many seconds to try again." }));
    }
    if codes.contains(&ErrorCode::RateLimited) {
        for (name, description) in [
            ("RateLimit-Limit", "How many requests the account may make at once."),
            ("RateLimit-Remaining", "How many it may make at once now."),
            ("RateLimit-Reset", "After how many seconds it may make all of them again, if it makes none."),
        ] {
            // Where nothing else can be meant they are always there.
            let is_always_there = codes == [ErrorCode::RateLimited];
            add(name, json!({ "description": description, "required": is_always_there }));
        }
    }
    headers
}

const REQUEST_ID: &str = "5f0c8a3be6a14d0f9f3e4b7a6c1d2e3f";

/// An error of this code, as it might be.
fn sample(code: ErrorCode) -> ApiError {
    let fault = |field: &'static str, fault: &'static str, message: &'static str| {
        ApiError::with_errors(code, vec![FieldError::new(field, fault, message)])
    };
    match code {
        ErrorCode::InvalidBody => fault("requester_id", "unknown_field", "is not a field of this"),
        ErrorCode::InvalidQuery => fault("limit", "invalid_value", "must be from 1 to 100"),
        ErrorCode::InvalidCursor => fault("cursor", "invalid_cursor", "does not belong to this list"),
        ErrorCode::ValidationFailed => fault("subject", "required", "must not be empty"),
        ErrorCode::VersionMismatch => ApiError::version_mismatch(3),
        other => ApiError::new(other),
    }
}
