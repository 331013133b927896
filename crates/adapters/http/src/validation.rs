//! Checks of single fields, for `#[validate(custom(function = …))]`. Each only calls the domain, where the rule is; what
//! this adds is that a request is told of all its faulty fields at once.

use std::collections::HashSet;
use std::fmt::Display;

use helpdesk_domain::{
    CommentBody, Description, Email, EmailError, NewPassword, PasswordError, PersonName, Priority, Role,
    Status, Subject, TagError, Tags, TeamName, TextError, UnknownWord,
};
use validator::{ValidationError, ValidationErrors};

use crate::problem::{ApiError, ErrorCode, FieldError};

/// Which field an error of a whole request is about.
const FIELD: &str = "field";

/// The most bytes of a text that is looked up as an opaque token: all of ours are much shorter.
const TOKEN_MAX_BYTES: usize = 200;

/// The most teams that a new account joins at once.
const MAX_TEAMS: usize = 100;

/// The most tickets that are changed at once.
const MAX_TICKETS: usize = 100;

/// What the domain says of a text that it does not take.
pub(crate) trait Fault: Display {
    /// A stable word for programs.
    fn code(&self) -> &'static str;
}

macro_rules! fault {
    ($($error:ty),+) => {
        $(impl Fault for $error {
            fn code(&self) -> &'static str {
                Self::code(*self)
            }
        })+
    };
}

fault!(TextError, EmailError, TagError, PasswordError);

impl Fault for UnknownWord {
    fn code(&self) -> &'static str {
        "unknown_value"
    }
}

fn error(code: &'static str, message: impl Display) -> ValidationError {
    ValidationError::new(code).with_message(message.to_string().into())
}

fn check<T, E: Fault>(parsed: Result<T, E>) -> Result<(), ValidationError> {
    parsed.map(drop).map_err(|fault| error(fault.code(), fault))
}

/// A fault that shows only when several fields are looked at together, told of this one.
fn fault_in(field: &'static str, fault: &impl Fault) -> ValidationError {
    let mut error = error(fault.code(), fault);
    error.add_param(FIELD.into(), &field);
    error
}

/// The parsed value of a field that was validated before.
pub(crate) fn parsed<T, E: Fault>(field: &'static str, result: Result<T, E>) -> Result<T, ApiError> {
    result.map_err(|fault| ApiError::invalid_field(field, fault.code(), fault))
}

/// The same for a field that may be left out.
pub(crate) fn parsed_if_given<R, T, E: Fault>(
    field: &'static str,
    raw: Option<R>,
    parse: impl FnOnce(R) -> Result<T, E>,
) -> Result<Option<T>, ApiError> {
    raw.map(|raw| parsed(field, parse(raw))).transpose()
}

pub(crate) fn subject(raw: &str) -> Result<(), ValidationError> {
    check(Subject::parse(raw))
}

pub(crate) fn description(raw: &str) -> Result<(), ValidationError> {
    check(Description::parse(raw))
}

pub(crate) fn comment_body(raw: &str) -> Result<(), ValidationError> {
    check(CommentBody::parse(raw))
}

pub(crate) fn person_name(raw: &str) -> Result<(), ValidationError> {
    check(PersonName::parse(raw))
}

pub(crate) fn email(raw: &str) -> Result<(), ValidationError> {
    check(Email::parse(raw))
}

pub(crate) fn new_password(raw: &str) -> Result<(), ValidationError> {
    check(NewPassword::check_alone(raw))
}

/// What a password must be depends on its account's address; the rules that do not are checked with the field itself. An
/// address that is none gives nothing to compare it with.
pub(crate) fn password_of(field: &'static str, password: &str, email: &str) -> Result<(), ValidationError> {
    match Email::parse(email).map(|email| NewPassword::parse(password, &email)) {
        Ok(Err(fault @ PasswordError::Guessable)) => Err(fault_in(field, &fault)),
        _ => Ok(()),
    }
}

/// A password at sign-in need only be worth hashing: that it is too short for a new one says nothing of it.
pub(crate) fn known_password(raw: &str) -> Result<(), ValidationError> {
    match NewPassword::check_alone(raw) {
        Err(PasswordError::TooShort) => Ok(()),
        other => check(other),
    }
}

/// An address at sign-in may be any text that a store could look for: what is no address belongs to nobody.
pub(crate) fn known_email(raw: &str) -> Result<(), ValidationError> {
    if raw.contains('\0') { check::<(), _>(Err(EmailError::Nul)) } else { Ok(()) }
}

/// A token may be any text that could be looked up: what is no token of ours is told like one that is no longer good.
pub(crate) fn opaque_token(raw: &str) -> Result<(), ValidationError> {
    if raw.contains('\0') { check::<(), _>(Err(TextError::Nul)) } else { Ok(()) }
}

/// Whether it is worth looking up.
pub(crate) fn may_be_a_token(raw: &str) -> bool {
    raw.len() <= TOKEN_MAX_BYTES
}

pub(crate) fn team_name(raw: &str) -> Result<(), ValidationError> {
    check(TeamName::parse(raw))
}

pub(crate) fn team_ids(ids: &[i64]) -> Result<(), ValidationError> {
    if ids.len() > MAX_TEAMS {
        return Err(error("too_many", format_args!("must be at most {MAX_TEAMS}")));
    }
    Ok(())
}

/// Each once, so that there is one result for each. Whether a number is a ticket's id, its result says.
pub(crate) fn ticket_ids(ids: &[i64]) -> Result<(), ValidationError> {
    if ids.is_empty() {
        return Err(error("required", "must name at least one ticket"));
    }
    if ids.len() > MAX_TICKETS {
        return Err(error("too_many", format_args!("must be at most {MAX_TICKETS}")));
    }
    if ids.iter().collect::<HashSet<_>>().len() < ids.len() {
        return Err(error("duplicate", "must name each ticket once"));
    }
    Ok(())
}

pub(crate) fn status(raw: &str) -> Result<(), ValidationError> {
    check(raw.parse::<Status>())
}

pub(crate) fn priority(raw: &str) -> Result<(), ValidationError> {
    check(raw.parse::<Priority>())
}

pub(crate) fn role(raw: &str) -> Result<(), ValidationError> {
    check(raw.parse::<Role>())
}

pub(crate) fn tags(raw: &[String]) -> Result<(), ValidationError> {
    check(Tags::parse(raw))
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
