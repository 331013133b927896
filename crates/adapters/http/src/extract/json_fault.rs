//! What to say of a body that is not what was expected, without repeating any value of it: a value may be a password,
//! and what is said may be logged on the way.

use serde_json::error::Category;

use crate::problem::{ApiError, ErrorCode, FieldError};

/// serde's words for the type that was expected come last; the value that was found comes before them.
fn expectation(message: &str) -> String {
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| expected);
    let expected = expected.map(|text| text.rsplit_once(" at line ").map_or(text, |(text, _)| text));
    match expected {
        Some("i64") => "must be an integer".to_owned(),
        Some(expected) => format!("must be {expected}"),
        None => "has the wrong type".to_owned(),
    }
}

/// The field that serde's message names between backticks; its own names only, never a caller's.
fn named_field(message: &str, prefix: &str) -> Option<String> {
    let (name, _) = message.strip_prefix(prefix)?.split_once('`')?;
    Some(name.to_owned())
}

/// The answer to a body that serde refused at this path.
pub(super) fn of_serde(path: &serde_path_to_error::Path, error: &serde_json::Error) -> ApiError {
    match error.classify() {
        Category::Data => {}
        Category::Syntax | Category::Eof | Category::Io => {
            return ApiError::new(ErrorCode::MalformedJson).with_detail(format!(
                "The body is not valid JSON at line {}, column {}.",
                error.line(),
                error.column()
            ));
        }
    }
    let message = error.to_string();
    let fault = if let Some(field) = named_field(&message, "missing field `") {
        FieldError::new(field, "required", "must be given")
    } else if let Some(field) = named_field(&message, "duplicate field `") {
        FieldError::new(field, "duplicate_field", "must be given once")
    } else if message.starts_with("unknown field `") {
        FieldError::new(path.to_string(), "unknown_field", "is not a field of this request")
    } else {
        FieldError::new(path.to_string(), "invalid_type", expectation(&message))
    };
    ApiError::with_errors(ErrorCode::InvalidBody, vec![fault])
}
