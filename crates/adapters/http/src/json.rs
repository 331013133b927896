//! Answers as JSON.

use serde::Serialize;

use crate::problem::{ApiError, ErrorCode};

/// The value as JSON. `expected` is about how many bytes that will be: a buffer that has to grow is copied over and over.
pub(crate) fn written(value: &impl Serialize, expected: usize) -> Result<Vec<u8>, ApiError> {
    let mut body = Vec::with_capacity(expected);
    serde_json::to_writer(&mut body, value)
        .map_err(|error| ApiError::new(ErrorCode::InternalError).with_cause(error.to_string()))?;
    Ok(body)
}
