//! What each failure of a use case is over HTTP. Every `match` is exhaustive: a new failure has to be given a code.

use helpdesk_domain::Refusal;
use helpdesk_ports::{HashError, StoreError};
use helpdesk_use_cases::{AuthenticationError, SignInError, UseCaseError};

use super::{ApiError, ErrorCode};

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let said = refusal.to_string();
        match refusal {
            // The default text, like that of an id that is none: the two must not differ in a byte.
            Refusal::NotVisible => Self::new(ErrorCode::NotFound),
            Refusal::NotPermitted(what) => Self::new(ErrorCode::NotPermitted).with_detail(what),
            Refusal::TicketClosed => Self::new(ErrorCode::TicketClosed),
            Refusal::InvalidTransition { .. } => Self::new(ErrorCode::InvalidTransition).with_detail(said),
            Refusal::NothingToChange => Self::new(ErrorCode::ValidationFailed).with_detail(said),
            Refusal::InternalByCustomer => Self::invalid_field("is_internal", "not_permitted", said),
            Refusal::NotAssignable => Self::invalid_field("assignee_id", "not_assignable", said),
            Refusal::LastAdmin => Self::new(ErrorCode::LastAdmin),
            Refusal::EmailTaken => Self::new(ErrorCode::EmailTaken),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Unavailable(_) | StoreError::Conflict(_) => ErrorCode::StoreUnavailable,
            StoreError::Corrupt { .. } | StoreError::Fault(_) => ErrorCode::InternalError,
        };
        Self::new(code).with_cause(error.for_log())
    }
}

impl From<HashError> for ApiError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::new(ErrorCode::Busy),
            HashError::Fault(cause) => Self::new(ErrorCode::InternalError).with_cause(cause.for_log()),
        }
    }
}

impl From<UseCaseError> for ApiError {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::Refused(refusal) => refusal.into(),
            UseCaseError::Store(error) => error.into(),
            UseCaseError::Hash(error) => error.into(),
        }
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => Self::new(ErrorCode::InvalidCredentials),
            SignInError::Store(error) => error.into(),
            SignInError::Hash(error) => error.into(),
            SignInError::Token(fault) => Self::new(ErrorCode::InternalError).with_cause(fault.0.for_log()),
        }
    }
}

impl From<AuthenticationError> for ApiError {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::InvalidToken => Self::new(ErrorCode::InvalidToken),
            AuthenticationError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;
    use helpdesk_domain::Status;
    use helpdesk_ports::Cause;

    fn json(error: &ApiError) -> serde_json::Value {
        serde_json::to_value(Problem::of(error, "rid")).unwrap()
    }

    #[test]
    fn every_refusal_has_the_status_and_code_that_the_docs_say() {
        let transition = Refusal::InvalidTransition { from: Status::Closed, to: Status::Pending };
        let table = [
            (Refusal::NotVisible, 404, "not_found", None),
            (Refusal::NotPermitted("no"), 403, "not_permitted", None),
            (Refusal::TicketClosed, 409, "ticket_closed", None),
            (transition, 409, "invalid_transition", None),
            (Refusal::NothingToChange, 422, "validation_failed", None),
            (Refusal::InternalByCustomer, 422, "validation_failed", Some("is_internal")),
            (Refusal::NotAssignable, 422, "validation_failed", Some("assignee_id")),
            (Refusal::LastAdmin, 409, "last_admin", None),
            (Refusal::EmailTaken, 409, "email_taken", None),
        ];
        for (refusal, status, code, field) in table {
            let problem = json(&refusal.clone().into());
            assert_eq!(problem["status"], status, "{refusal:?}");
            assert_eq!(problem["code"], code, "{refusal:?}");
            assert_eq!(problem["errors"][0]["field"].as_str(), field, "{refusal:?}");
            assert_eq!(problem["request_id"], "rid");
            assert_eq!(problem["type"], "about:blank");
        }
    }

    #[test]
    fn a_cause_is_for_the_log_alone() {
        let secret = || Cause::new("password=hunter2");
        let corrupt = StoreError::Corrupt { table: "tickets", column: "status", id: "hunter2".to_owned() };
        let table = [
            (ApiError::from(StoreError::Unavailable(secret())), "store_unavailable"),
            (StoreError::Conflict(secret()).into(), "store_unavailable"),
            (StoreError::Fault(secret()).into(), "internal_error"),
            (corrupt.into(), "internal_error"),
            (HashError::Fault(secret()).into(), "internal_error"),
        ];
        for (error, code) in table {
            assert_eq!(error.code().as_str(), code);
            assert!(error.cause().unwrap().contains("hunter2"));
            assert!(!json(&error).to_string().contains("hunter2"));
        }
        assert_eq!(ApiError::from(HashError::Busy).code().as_str(), "busy");
    }
}
