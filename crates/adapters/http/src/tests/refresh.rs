//! `POST /token/refresh`

use actix_web::test::TestRequest;
use helpdesk_domain::{Role, UserAgent};
use helpdesk_ports::{Cause, Refreshed, StoreError};

use super::samples::{session, user, user_id};
use super::support::{Answer, Api, Desk, NEW_DIGEST, SHOWN_DIGEST, SHOWN_TOKEN, json};

async fn refresh(api: &Api, token: &str) -> Answer {
    let body = serde_json::json!({ "refresh_token": token }).to_string();
    let request = TestRequest::post().uri("/token/refresh").insert_header(("user-agent", "curl/8.5.0"));
    api.send(json(request, &body)).await
}

fn desk(outcome: Result<Refreshed, StoreError>) -> Desk {
    let mut desk = Desk::without_sessions();
    desk.sessions.expect_refresh().returning(move |_| outcome.clone());
    desk
}

#[actix_web::test]
async fn a_refresh_token_gives_the_next_pair() {
    let mut desk = Desk::without_sessions();
    desk.sessions.expect_refresh().times(1).returning(|shown| {
        assert_eq!((shown.token, shown.successor), (SHOWN_DIGEST, NEW_DIGEST));
        assert_eq!(shown.client.user_agent.as_ref().map(UserAgent::as_str), Some("curl/8.5.0"));
        let user = user(20, Role::Agent);
        Ok(Refreshed::Rotated { session: Box::new(session(1, &user)), user })
    });
    let answer = refresh(&desk.api().await, SHOWN_TOKEN).await;
    let expected = serde_json::json!({
        "access_token": "agent.20",
        "token_type": "Bearer",
        "expires_in": 900,
        "refresh_token": "new-token",
        "user": { "id": 20, "email": "user20@example.com", "name": "Ada Lovelace", "role": "agent" },
    });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn unknown_replayed_and_long_are_one_answer_byte_for_byte() {
    let dead = refresh(&desk(Ok(Refreshed::Dead)).api().await, SHOWN_TOKEN).await;
    assert_eq!((dead.status, dead.code().as_str()), (401, "invalid_token"));
    assert_eq!(dead.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    let dead = dead.without_request_id();
    let session = session(1, &user(20, Role::Agent)).id;
    let replayed = desk(Ok(Refreshed::Replayed { user: user_id(20), session }));
    assert_eq!(refresh(&replayed.api().await, SHOWN_TOKEN).await.without_request_id(), dead);
    // A long one is not even looked up.
    let long = refresh(&Desk::without_sessions().api().await, &"x".repeat(201)).await;
    assert_eq!(long.without_request_id(), dead);
    for token in ["", " ", "é", "customer.10"] {
        let answer = refresh(&desk(Ok(Refreshed::Dead)).api().await, token).await;
        assert_eq!(answer.without_request_id(), dead, "{token:?}");
    }
}

#[actix_web::test]
async fn a_body_of_another_form_is_refused() {
    let api = Desk::without_sessions().api().await;
    let answer = refresh(&api, "canary\0").await;
    assert_eq!((answer.status, answer.faults_in_short().as_str()), (422, "refresh_token:invalid_character"));
    assert!(!String::from_utf8_lossy(&answer.body).contains("canary"));
    for (body, fault) in [
        ("{}", "refresh_token:required"),
        (r#"{"refresh_token":null}"#, "refresh_token:invalid_type"),
        (r#"{"refresh_token":"x","access_token":"y"}"#, "access_token:unknown_field"),
    ] {
        let answer = api.send(json(TestRequest::post().uri("/token/refresh"), body)).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, fault), "{body}");
    }
}

#[actix_web::test]
async fn a_store_that_is_away_is_503() {
    let gone = desk(Err(StoreError::Unavailable(Cause::new("gone"))));
    let answer = refresh(&gone.api().await, SHOWN_TOKEN).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "store_unavailable"));
}
