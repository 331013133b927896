//! `POST /register`

use std::time::Duration;

use actix_web::test::TestRequest;
use helpdesk_domain::{FirstCredential, JoinedTeams, Role};
use helpdesk_ports::{MockGuessLimits, UserCreation};
use helpdesk_use_cases::Settings;
use serde_json::json;

use super::samples::{password_hash, user_id};
use super::support::{Answer, Api, Desk, json as with_json};

const GOOD: &str =
    r#"{"email":" Ada@Example.com","name":" Ada Lovelace ","password":"correct horse battery"}"#;

async fn register(api: &Api, body: &str) -> Answer {
    api.send(with_json(TestRequest::post().uri("/register"), body)).await
}

fn desk(outcome: impl Fn(helpdesk_domain::AccountCreation) -> UserCreation + Send + 'static) -> Desk {
    let mut desk = Desk::without_sessions();
    desk.passwords.expect_hash().returning(|_| Ok(password_hash()));
    desk.users.expect_create().returning(move |creation| Ok(outcome(creation)));
    desk
}

#[actix_web::test]
async fn whoever_registers_is_a_customer() {
    let desk = desk(|creation| {
        assert_eq!(creation.credential(), &FirstCredential::Password(password_hash()));
        assert_eq!((creation.new_user().role, creation.teams()), (Role::Customer, JoinedTeams::Nowhere));
        UserCreation::Created(creation.into_user(user_id(7)).0)
    });
    let answer = register(&desk.api().await, GOOD).await;
    assert_eq!((answer.status, answer.header("location")), (201, Some("/me")));
    let expected = json!({ "id": 7, "email": "ada@example.com", "name": "Ada Lovelace", "role": "customer" });
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn where_registration_is_closed_there_is_no_such_thing() {
    let mut desk = Desk::without_sessions();
    desk.settings = Settings::default();
    let api = desk.api().await;
    let nowhere = api.send(TestRequest::post().uri("/nowhere")).await;
    assert_eq!((nowhere.status, nowhere.code().as_str()), (404, "not_found"));
    let nowhere = nowhere.without_request_id();
    let post = || TestRequest::post().uri("/register");
    for request in [
        post(),
        with_json(post(), GOOD),
        with_json(post(), "{"),
        with_json(post(), &"x".repeat(300_000)),
        post().set_payload("x").insert_header(("content-type", "text/plain")),
        post().insert_header(("content-length", "99999999")),
        post().insert_header(("authorization", "Bearer forged")),
        post().method("OPTIONS".parse().unwrap()),
    ] {
        assert_eq!(api.send(request).await.without_request_id(), nowhere);
    }
}

#[actix_web::test]
async fn an_address_that_is_taken_is_409() {
    let desk = desk(|_| UserCreation::EmailTaken);
    let answer = register(&desk.api().await, GOOD).await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "email_taken"));
}

#[actix_web::test]
async fn registrations_are_limited() {
    // Neither the hasher nor the store is asked.
    let mut desk = Desk::without_sessions();
    desk.guesses = MockGuessLimits::new();
    desk.guesses.expect_begin_registration().return_const(Err(Duration::from_mins(1)));
    let answer = register(&desk.api().await, GOOD).await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "too_many_attempts"));
    assert_eq!(answer.header("retry-after"), Some("60"));
}

#[actix_web::test]
async fn every_faulty_field_is_named_without_its_value() {
    let api = Desk::without_sessions().api().await;
    for (body, faults) in [
        (
            json!({ "email": "x", "name": "", "password": "hunter2" }),
            "email:invalid_email name:required password:too_short",
        ),
        (
            json!({ "email": "hunter2hunter2@example.com", "name": "A", "password": "hunter2hunter2" }),
            "password:too_guessable",
        ),
    ] {
        let answer = register(&api, &body.to_string()).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (422, faults));
        assert!(!String::from_utf8_lossy(&answer.body).contains("hunter2"));
    }
    for (member, field) in [("role", "admin"), ("is_active", "true"), ("team_ids", "1")] {
        let mut body: serde_json::Value = serde_json::from_str(GOOD).unwrap();
        body[member] = json!(field);
        let answer = register(&api, &body.to_string()).await;
        let fault = format!("{member}:unknown_field");
        assert_eq!((answer.status, answer.faults_in_short()), (400, fault));
    }
}
