//! Checks of single fields, for `#[validate(custom(function = …))]`. Each only calls the domain, where the rule is; what
//! this adds is that a request is told of all its faulty fields at once.

use std::fmt::Display;

use helpdesk_domain::{
    CommentBody, Description, Email, NewPassword, PasswordError, PersonName, Priority, Role, Status, Subject,
    Tags,
};
use validator::{ValidationError, ValidationErrors};

use crate::problem::{ApiError, ErrorCode, FieldError};

/// Which field an error of a whole request is about.
const FIELD: &str = "field";

fn fault(code: &'static str, error: impl Display) -> ValidationError {
    ValidationError::new(code).with_message(error.to_string().into())
}

/// An error that shows only when several fields are looked at together, about this one.
pub(crate) fn fault_of(field: &'static str, code: &'static str, error: impl Display) -> ValidationError {
    let mut fault = fault(code, error);
    fault.add_param(FIELD.into(), &field);
    fault
}

pub(crate) fn subject(raw: &str) -> Result<(), ValidationError> {
    Subject::parse(raw).map(drop).map_err(|error| fault(error.code(), error))
}

pub(crate) fn description(raw: &str) -> Result<(), ValidationError> {
    Description::parse(raw).map(drop).map_err(|error| fault(error.code(), error))
}

pub(crate) fn comment_body(raw: &str) -> Result<(), ValidationError> {
    CommentBody::parse(raw).map(drop).map_err(|error| fault(error.code(), error))
}

pub(crate) fn person_name(raw: &str) -> Result<(), ValidationError> {
    PersonName::parse(raw).map(drop).map_err(|error| fault(error.code(), error))
}

pub(crate) fn email(raw: &str) -> Result<(), ValidationError> {
    Email::parse(raw).map(drop).map_err(|error| fault(error.code(), error))
}

pub(crate) fn new_password(raw: &str) -> Result<(), ValidationError> {
    NewPassword::check_alone(raw).map_err(|error| fault(error.code(), error))
}

/// What a password at sign-in must be so that it is worth hashing. That it is too short for a new one tells nothing.
pub(crate) fn known_password(raw: &str) -> Result<(), ValidationError> {
    match NewPassword::check_alone(raw) {
        Ok(()) | Err(PasswordError::TooShort) => Ok(()),
        Err(error) => Err(fault(error.code(), error)),
    }
}

/// An e-mail address at sign-in may be anything that a store could look for; what is no address belongs to nobody.
pub(crate) fn known_email(raw: &str) -> Result<(), ValidationError> {
    if raw.contains('\0') { Err(fault("invalid_character", "must not contain NUL")) } else { Ok(()) }
}

pub(crate) fn status(raw: &str) -> Result<(), ValidationError> {
    raw.parse::<Status>().map(drop).map_err(|error| fault("unknown_value", error))
}

pub(crate) fn priority(raw: &str) -> Result<(), ValidationError> {
    raw.parse::<Priority>().map(drop).map_err(|error| fault("unknown_value", error))
}

pub(crate) fn role(raw: &str) -> Result<(), ValidationError> {
    raw.parse::<Role>().map(drop).map_err(|error| fault("unknown_value", error))
}

pub(crate) fn tags(raw: &[String]) -> Result<(), ValidationError> {
    Tags::parse(raw).map(drop).map_err(|error| fault(error.code(), error))
}

/// The answer to faults: every field, in alphabetical order. The values, which the validator keeps beside them, are left
/// behind.
pub(crate) fn error_of(errors: ValidationErrors) -> ApiError {
    let mut faults = Vec::new();
    collect("", errors, &mut faults);
    faults.sort();
    ApiError::with_errors(ErrorCode::ValidationFailed, faults)
}

fn collect(prefix: &str, errors: ValidationErrors, faults: &mut Vec<FieldError>) {
    use validator::ValidationErrorsKind::{Field, List, Struct};
    for (name, kind) in errors.into_errors() {
        let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
        match kind {
            Field(list) => faults.extend(list.into_iter().map(|error| {
                let field = error.params.get(FIELD).and_then(|field| field.as_str()).unwrap_or(&path);
                let message = error.message.clone().unwrap_or_else(|| "is not valid".into());
                FieldError::new(field, error.code.clone(), message)
            })),
            Struct(inner) => collect(&path, *inner, faults),
            List(items) => {
                for (index, inner) in items {
                    collect(&format!("{path}[{index}]"), *inner, faults);
                }
            }
        }
    }
}
