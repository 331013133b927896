//! What each failure of a use case is over HTTP. Every `match` is exhaustive: a new failure has to be given a code.

use helpdesk_domain::Refusal;
use helpdesk_ports::{HashError, StoreError};
use helpdesk_use_cases::{AuthenticationError, RefreshError, SignInError, UseCaseError};

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
            Refusal::VersionMismatch { current } => Self::version_mismatch(current),
            Refusal::AlreadyClaimed => Self::new(ErrorCode::AlreadyClaimed),
            Refusal::NoFollowUp => Self::invalid_field("follow_up_of", "not_followable", said),
            Refusal::NothingToChange => Self::new(ErrorCode::ValidationFailed).with_detail(said),
            Refusal::InternalByCustomer => Self::invalid_field("is_internal", "not_permitted", said),
            Refusal::NotAssignable => Self::invalid_field("assignee_id", "not_assignable", said),
            Refusal::LastAdmin => Self::new(ErrorCode::LastAdmin),
            Refusal::EmailTaken => Self::new(ErrorCode::EmailTaken),
            Refusal::TeamsOfNoAgent => Self::invalid_field("team_ids", "not_an_agent", said),
            Refusal::NotAnAgent => Self::invalid_field("user_id", "not_an_agent", said),
            Refusal::UnknownTeam => Self::invalid_field("team_id", "unknown_team", said),
            Refusal::UnknownTeams => Self::invalid_field("team_ids", "unknown_team", said),
            Refusal::DefaultTeam => Self::new(ErrorCode::DefaultTeam),
            Refusal::TeamNotEmpty => Self::new(ErrorCode::TeamNotEmpty),
            Refusal::TeamNameTaken => Self::new(ErrorCode::TeamNameTaken),
            Refusal::WrongPassword => Self::invalid_field("current_password", "wrong_password", said),
            // Where the field has another name, the handler says so.
            Refusal::NewPassword(fault) => Self::invalid_field("password", fault.code(), said),
            Refusal::InvalidInvitation => Self::invalid_field("token", "invalid_invitation", said),
            Refusal::KeyReused => Self::new(ErrorCode::IdempotencyKeyReused),
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
            UseCaseError::TooManyAttempts { retry_after } => Self::too_many_attempts(retry_after),
            UseCaseError::Store(error) => error.into(),
            UseCaseError::Hash(error) => error.into(),
        }
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => Self::new(ErrorCode::InvalidCredentials),
            SignInError::TooManyAttempts { retry_after } => Self::too_many_attempts(retry_after),
            SignInError::Store(error) => error.into(),
            SignInError::Hash(error) => error.into(),
            SignInError::Token(fault) => Self::new(ErrorCode::InternalError).with_cause(fault.0.for_log()),
        }
    }
}

impl From<RefreshError> for ApiError {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::InvalidToken => Self::new(ErrorCode::InvalidToken),
            RefreshError::TooManyAttempts { retry_after } => Self::too_many_attempts(retry_after),
            RefreshError::Store(error) => error.into(),
            RefreshError::Token(fault) => Self::new(ErrorCode::InternalError).with_cause(fault.0.for_log()),
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
    use helpdesk_domain::{PasswordError, Status};
    use helpdesk_ports::{Cause, TokenFault};
    use std::time::Duration;

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
            (Refusal::VersionMismatch { current: 9 }, 412, "version_mismatch", None),
            (Refusal::AlreadyClaimed, 409, "already_claimed", None),
            (Refusal::NoFollowUp, 422, "validation_failed", Some("follow_up_of:not_followable")),
            (Refusal::NothingToChange, 422, "validation_failed", None),
            (Refusal::InternalByCustomer, 422, "validation_failed", Some("is_internal:not_permitted")),
            (Refusal::NotAssignable, 422, "validation_failed", Some("assignee_id:not_assignable")),
            (Refusal::LastAdmin, 409, "last_admin", None),
            (Refusal::EmailTaken, 409, "email_taken", None),
            (Refusal::TeamsOfNoAgent, 422, "validation_failed", Some("team_ids:not_an_agent")),
            (Refusal::NotAnAgent, 422, "validation_failed", Some("user_id:not_an_agent")),
            (Refusal::UnknownTeam, 422, "validation_failed", Some("team_id:unknown_team")),
            (Refusal::UnknownTeams, 422, "validation_failed", Some("team_ids:unknown_team")),
            (Refusal::DefaultTeam, 409, "default_team", None),
            (Refusal::TeamNotEmpty, 409, "team_not_empty", None),
            (Refusal::TeamNameTaken, 409, "team_name_taken", None),
            (Refusal::WrongPassword, 422, "validation_failed", Some("current_password:wrong_password")),
            (
                Refusal::NewPassword(PasswordError::Common),
                422,
                "validation_failed",
                Some("password:too_common"),
            ),
            (Refusal::InvalidInvitation, 422, "validation_failed", Some("token:invalid_invitation")),
            (Refusal::KeyReused, 422, "idempotency_key_reused", None),
        ];
        for (refusal, status, code, fault) in table {
            let problem = json(&refusal.clone().into());
            assert_eq!(problem["status"], status, "{refusal:?}");
            assert_eq!(problem["code"], code, "{refusal:?}");
            let said = problem["errors"].as_array().map(|errors| {
                assert_eq!(errors.len(), 1);
                let text = |member: &str| errors[0][member].as_str().unwrap().to_owned();
                format!("{}:{}", text("field"), text("code"))
            });
            assert_eq!(said.as_deref(), fault, "{refusal:?}");
            let current = matches!(refusal, Refusal::VersionMismatch { .. }).then_some(9);
            assert_eq!(problem.get("current_version").and_then(serde_json::Value::as_i64), current);
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

    #[test]
    fn too_many_attempts_say_when_to_come_back() {
        let retry_after = Duration::from_millis(12_001);
        for error in [
            ApiError::from(UseCaseError::TooManyAttempts { retry_after }),
            SignInError::TooManyAttempts { retry_after }.into(),
        ] {
            assert_eq!(error.code().as_str(), "too_many_attempts");
            assert_eq!(error.retry_after(), Some(13));
        }
    }

    #[test]
    fn a_refresh_token_that_is_no_good_is_an_invalid_token() {
        let error = ApiError::from(RefreshError::InvalidToken);
        assert_eq!(
            (error.code().as_str(), error.code().challenge()),
            ("invalid_token", Some("Bearer error=\"invalid_token\""))
        );
        let fault = TokenFault(Cause::new("canary"));
        let error = ApiError::from(RefreshError::Token(fault));
        assert_eq!((error.code().as_str(), error.cause()), ("internal_error", Some("canary")));
        let gone = RefreshError::Store(StoreError::Unavailable(Cause::new("gone")));
        assert_eq!(ApiError::from(gone).code().as_str(), "store_unavailable");
    }
}
