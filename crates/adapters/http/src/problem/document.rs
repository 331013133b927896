//! The JSON of a problem.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::ApiError;

/// A problem (RFC 9457). `code` is stable; `title` and `detail` are for people.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem<'a> {
    /// Always `about:blank`: what kind of problem it is, `code` says.
    #[serde(rename = "type")]
    #[schema(rename = "type", example = "about:blank")]
    kind: &'static str,
    /// The name of the status.
    #[schema(example = "Not Found")]
    title: &'static str,
    /// The status of the answer.
    #[schema(example = 404, minimum = 400, maximum = 599)]
    status: u16,
    /// What went wrong, for people.
    #[schema(example = "There is no such resource.")]
    detail: &'a str,
    /// What went wrong, for programs.
    #[schema(example = "not_found")]
    code: &'static str,
    /// The same as in the header `X-Request-Id`.
    #[schema(example = "5f0c8a3be6a14d0f9f3e4b7a6c1d2e3f")]
    request_id: &'a str,
    /// Each faulty field or parameter, where that is what went wrong.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [FieldError],
    /// With `version_mismatch`: the version that the ticket is at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i64, required = false, minimum = 1)]
    current_version: Option<i64>,
}

/// A field of the body, or a parameter of the query, that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Its name; inside arrays with the index, as in `tags[3]`.
    #[schema(example = "subject")]
    pub(crate) field: String,
    /// What is wrong with it, for programs.
    #[schema(value_type = String, example = "too_long")]
    pub(crate) code: Cow<'static, str>,
    /// What is wrong with it, for people. Never holds the value.
    #[schema(value_type = String, example = "must have at most 200 characters")]
    pub(crate) message: Cow<'static, str>,
}

/// The most characters of a name that are repeated: an unknown field is named by the caller, who may send a long one.
const NAME_MAX_CHARS: usize = 100;

impl FieldError {
    pub(crate) fn new(
        field: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut field: String = field.into();
        if let Some((end, _)) = field.char_indices().nth(NAME_MAX_CHARS) {
            field.truncate(end);
            field.push('…');
        }
        Self { field, code: code.into(), message: message.into() }
    }
}

/// Why one of several things was not done: the problem that doing it alone would be answered with, less what belongs to the
/// request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemProblem {
    /// Always `about:blank`: what kind of problem it is, `code` says.
    #[serde(rename = "type")]
    #[schema(rename = "type", example = "about:blank")]
    kind: &'static str,
    /// The name of the status.
    #[schema(example = "Not Found")]
    title: &'static str,
    /// The status that it alone would be answered with.
    #[schema(example = 404, minimum = 400, maximum = 499)]
    status: u16,
    /// What went wrong, for people.
    #[schema(value_type = String, example = "There is no such resource.")]
    detail: Cow<'static, str>,
    /// What went wrong, for programs.
    #[schema(example = "not_found")]
    code: &'static str,
    /// Each faulty field of the change, where that is what went wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

impl ItemProblem {
    pub(crate) fn status(&self) -> u16 {
        self.status
    }
}

impl From<ApiError> for ItemProblem {
    fn from(error: ApiError) -> Self {
        let Problem { kind, title, status, code, .. } = Problem::of(&error, "");
        Self { kind, title, status, code, detail: error.detail, errors: error.errors }
    }
}

impl<'a> Problem<'a> {
    pub(crate) fn of(error: &'a ApiError, request_id: &'a str) -> Self {
        let status = error.code.status();
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: &error.detail,
            code: error.code.as_str(),
            request_id,
            errors: &error.errors,
            current_version: error.current_version,
        }
    }
}
