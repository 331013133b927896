//! `/me` and `/me/password`

use std::time::Duration;

use helpdesk_domain::{CredentialChange, EndedSessions, PasswordError, Role, SessionId};
use helpdesk_ports::{AccountCommit, Admission, Credentials, MockGuessLimits, MockPasswordScreen};
use serde_json::json;

use super::samples::{password_hash, user, user_id};
use super::support::Desk;

/// One where each account finds itself, and changes are written.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.users.expect_own().returning(|id| {
        Ok(Some(user(
            id.get(),
            match id.get() {
                10 => Role::Customer,
                20 => Role::Agent,
                _ => Role::Admin,
            },
        )))
    });
    desk.users.expect_commit().returning(|change| Ok(AccountCommit::Done(change.user().clone())));
    desk
}

fn with_password(is_right: bool) -> Desk {
    let mut desk = desk();
    desk.users.expect_own_credentials().returning(|id| {
        Ok(Some(Credentials { user: user(id.get(), Role::Agent), password: password_hash() }))
    });
    desk.passwords.expect_verify().returning(move |_, _| Ok(is_right));
    desk.passwords.expect_hash().returning(|_| Ok(password_hash()));
    desk
}

const CHANGE: &str = r#"{"current_password":"correct horse battery","new_password":"staple horse battery"}"#;

#[actix_web::test]
async fn everybody_reads_their_own_account() {
    let api = desk().api().await;
    for (role, id) in [(Role::Customer, 10), (Role::Agent, 20), (Role::Admin, 30)] {
        let answer = api.get(role, "/me").await;
        let expected = json!({
            "id": id, "email": format!("user{id}@example.com"), "name": "Ada Lovelace", "role": role.as_str(),
        });
        assert_eq!((answer.status, answer.json()), (200, expected));
    }
}

#[actix_web::test]
async fn everybody_changes_their_own_name_and_nothing_else() {
    let api = desk().api().await;
    for &role in Role::ALL {
        let answer = api.put(role, "/me", r#"{"name":" Ada King "}"#).await;
        assert_eq!((answer.status, &answer.json()["name"]), (200, &json!("Ada King")), "{role}");
    }
    for (body, status, fault) in [
        ("{}", 422, ""),
        (r#"{"name":" "}"#, 422, "name:required"),
        (r#"{"name":"a\u0000b"}"#, 422, "name:invalid_character"),
        (r#"{"name":null}"#, 400, "name:invalid_type"),
        (r#"{"name":"A","role":"admin"}"#, 400, "role:unknown_field"),
        (r#"{"name":"A","email":"b@example.com"}"#, 400, "email:unknown_field"),
        (r#"{"name":"A","is_active":true}"#, 400, "is_active:unknown_field"),
    ] {
        let answer = api.put(Role::Customer, "/me", body).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (status, fault), "{body}");
    }
}

#[actix_web::test]
async fn a_new_password_ends_all_other_sessions() {
    let mut desk = Desk::new();
    desk.users.expect_own().returning(|id| Ok(Some(user(id.get(), Role::Agent))));
    desk.users.expect_own_credentials().times(1).returning(|id| {
        assert_eq!(id, user_id(20));
        Ok(Some(Credentials { user: user(20, Role::Agent), password: password_hash() }))
    });
    desk.passwords.expect_verify().times(1).returning(|candidate, hash| {
        assert_eq!((candidate.as_str(), hash), ("correct horse battery", Some(password_hash())));
        Ok(true)
    });
    desk.passwords.expect_hash().returning(|password| {
        assert_eq!(password.expose(), "staple horse battery");
        Ok(password_hash())
    });
    desk.users.expect_commit().times(1).returning(|change| {
        assert_eq!(change.ended_sessions(), EndedSessions::AllBut(SessionId::from_bits(1)));
        assert_eq!(change.credential(), &CredentialChange::Password(password_hash()));
        Ok(AccountCommit::Done(change.user().clone()))
    });
    let answer = desk.api().await.put(Role::Agent, "/me/password", CHANGE).await;
    let expected =
        json!({ "id": 20, "email": "user20@example.com", "name": "Ada Lovelace", "role": "agent" });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn a_wrong_current_password_is_told_in_its_field() {
    let mut desk = with_password(false);
    desk.guesses = MockGuessLimits::new();
    desk.guesses.expect_begin().times(1).return_const(Admission::Admitted);
    // A wrong one stays counted.
    desk.guesses.expect_take_back().never();
    let answer = desk.api().await.put(Role::Agent, "/me/password", CHANGE).await;
    assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"));
    assert_eq!(answer.faults_in_short(), "current_password:wrong_password");
    assert!(!String::from_utf8_lossy(&answer.body).contains("horse"));
}

#[actix_web::test]
async fn what_is_wrong_with_the_new_password_is_told_in_its_field() {
    let api = with_password(true).api().await;
    let too_long = "x".repeat(129);
    for (current, new, faults) in [
        ("x", "short", "new_password:too_short"),
        ("x", "user20user20", "new_password:too_guessable"),
        ("x", "correct horse\0", "new_password:invalid_character"),
        (&too_long, "short", "current_password:too_long new_password:too_short"),
    ] {
        let body = json!({ "current_password": current, "new_password": new }).to_string();
        let answer = api.put(Role::Agent, "/me/password", &body).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (422, faults), "{new:?}");
    }
    let mut desk = with_password(true);
    desk.password_screen = MockPasswordScreen::new();
    desk.password_screen.expect_is_common().return_const(true);
    let answer = desk.api().await.put(Role::Agent, "/me/password", CHANGE).await;
    let fault = format!("new_password:{}", PasswordError::Common.code());
    assert_eq!((answer.status, answer.faults_in_short()), (422, fault));
}

#[actix_web::test]
async fn a_change_of_password_has_both_and_nothing_else() {
    let api = with_password(true).api().await;
    for (body, fault) in [
        (r#"{"new_password":"staple horse battery"}"#, "current_password:required"),
        (r#"{"current_password":"x"}"#, "new_password:required"),
        (r#"{"current_password":"x","new_password":null}"#, "new_password:invalid_type"),
        (
            r#"{"current_password":"x","new_password":"staple horse battery","user_id":10}"#,
            "user_id:unknown_field",
        ),
    ] {
        let answer = api.put(Role::Agent, "/me/password", body).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, fault), "{body}");
    }
}

#[actix_web::test]
async fn guesses_at_the_current_password_are_limited() {
    // Neither the hasher nor the credentials are asked for.
    let mut desk = desk();
    desk.guesses = MockGuessLimits::new();
    let retry_after = Duration::from_secs(7);
    desk.guesses.expect_begin().return_const(Admission::Refused { retry_after });
    let answer = desk.api().await.put(Role::Agent, "/me/password", CHANGE).await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "too_many_attempts"));
    assert_eq!(answer.header("retry-after"), Some("7"));
}
