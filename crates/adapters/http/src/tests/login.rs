//! Signing in.

use std::time::Duration;

use actix_web::test::TestRequest;
use helpdesk_domain::{Role, User, UserAgent};
use helpdesk_ports::{Admission, Credentials, HashError, MockGuessLimits};

use super::samples::{password_hash, user};
use super::support::{Answer, Api, Desk, NEW_DIGEST, json};

fn desk(found: Option<User>, is_right: Result<bool, HashError>) -> Desk {
    let mut desk = Desk::without_sessions();
    desk.users
        .expect_credentials()
        .returning(move |_| Ok(found.clone().map(|user| Credentials { user, password: password_hash() })));
    desk.passwords.expect_verify().returning(move |_, _| is_right.clone());
    desk
}

async fn login(api: &Api, body: &str) -> Answer {
    api.send(json(TestRequest::post().uri("/login"), body)).await
}

const GOOD: &str = r#"{"email":"user20@example.com","password":"x"}"#;

#[actix_web::test]
async fn the_right_password_gives_a_session() {
    let mut desk = desk(Some(user(20, Role::Agent)), Ok(true));
    desk.sessions.expect_open().times(1).returning(|session, digest| {
        assert_eq!(digest, NEW_DIGEST);
        let client = session.client.unwrap();
        assert_eq!(client.user_agent.as_ref().map(UserAgent::as_str), Some("curl/8.5.0"));
        Ok(true)
    });
    let request = TestRequest::post().uri("/login").insert_header(("user-agent", "curl/8.5.0"));
    let answer = desk.api().await.send(json(request, GOOD)).await;
    assert_eq!(answer.status, 200);
    let expected = serde_json::json!({
        "access_token": "agent.20",
        "token_type": "Bearer",
        "expires_in": 900,
        "refresh_token": "new-token",
        "user": { "id": 20, "email": "user20@example.com", "name": "Ada Lovelace", "role": "agent" },
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn unknown_wrong_disabled_and_malformed_are_one_answer_byte_for_byte() {
    let mut record = user(20, Role::Agent).record().clone();
    record.is_active = false;
    let disabled = User::from_stored(record);
    let wrong = login(&desk(Some(user(20, Role::Agent)), Ok(false)).api().await, GOOD).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (401, "invalid_credentials"));
    assert_eq!(wrong.header("www-authenticate"), Some("Bearer"));
    let wrong = wrong.without_request_id();
    let unknown = login(&desk(None, Ok(false)).api().await, GOOD).await;
    assert_eq!(unknown.without_request_id(), wrong);
    let disabled = login(&desk(Some(disabled), Ok(true)).api().await, GOOD).await;
    assert_eq!(disabled.without_request_id(), wrong);
    for email in ["no address", "", "ä@example.com"] {
        let body = serde_json::json!({ "email": email, "password": "x" }).to_string();
        let answer = login(&desk(None, Ok(false)).api().await, &body).await;
        assert_eq!(answer.without_request_id(), wrong, "{email:?}");
    }
}

#[actix_web::test]
async fn what_cannot_be_a_password_is_refused_without_hashing() {
    // No hash is expected here: asking for one panics.
    let api = Desk::without_sessions().api().await;
    let of =
        |email: &str, password: &str| serde_json::json!({ "email": email, "password": password }).to_string();
    let answer = login(&api, &of("a@example.com", &"é".repeat(129))).await;
    assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"));
    assert_eq!(answer.faults(), [("password".to_owned(), "too_long".to_owned())]);
    let answer = login(&api, &of("a\0@example.com", "hunter\x002")).await;
    let faults = answer.faults();
    assert_eq!(faults.len(), 2);
    assert!(faults.iter().all(|(_, code)| code == "invalid_character"), "{faults:?}");
    assert!(!String::from_utf8_lossy(&answer.body).contains("hunter"));
}

#[actix_web::test]
async fn a_body_of_another_form_is_400() {
    let api = Desk::without_sessions().api().await;
    for (body, field, code) in [
        (r#"{"email":"a@example.com"}"#, "password", "required"),
        (r#"{"email":null,"password":"x"}"#, "email", "invalid_type"),
        (r#"{"email":"a@example.com","password":12345678}"#, "password", "invalid_type"),
        (r#"{"email":"a@example.com","password":"x","role":"admin"}"#, "role", "unknown_field"),
        (r#"{"email":"a@example.com","password":"x","password":"y"}"#, "password", "duplicate_field"),
    ] {
        let answer = login(&api, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_body"), "{body}");
        assert_eq!(answer.faults(), [(field.to_owned(), code.to_owned())], "{body}");
    }
    let answer = login(&api, r#"["a@example.com","x"]"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "malformed_json"));
}

#[actix_web::test]
async fn too_many_sign_ins_are_503_with_a_time_to_come_back() {
    let answer = login(&desk(None, Err(HashError::Busy)).api().await, GOOD).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "busy"));
    assert_eq!(answer.header("retry-after"), Some("2"));
}

#[actix_web::test]
async fn too_many_attempts_are_429_with_a_time_to_come_back() {
    // Neither the store nor the hasher is asked.
    let mut desk = Desk::without_sessions();
    desk.guesses = MockGuessLimits::new();
    let retry_after = Duration::from_millis(11_200);
    desk.guesses.expect_begin().return_const(Admission::Refused { retry_after });
    let answer = login(&desk.api().await, GOOD).await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "too_many_attempts"));
    assert_eq!(answer.header("retry-after"), Some("12"));
}
