//! 401, 403 and what comes of a store that cannot say.

use actix_web::test::TestRequest;
use helpdesk_domain::Role;
use helpdesk_ports::{Cause, StoreError};

use super::support::{Desk, json, signed_in, token};

#[actix_web::test]
async fn a_token_that_is_no_good_is_told_from_none() {
    let api = Desk::new().api().await;
    let get = || TestRequest::with_uri("/agent/tickets");
    for value in ["Bearer", "Bearer forged", "bearer agent.20 x", "Bearer agent.99", "Bearer admin.20"] {
        let answer = api.send(get().insert_header(("authorization", value))).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "invalid_token"), "{value}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    }
    for value in ["Basic YTpi", "Digest x", "agent.20"] {
        let answer = api.send(get().insert_header(("authorization", value))).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"), "{value}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let good = ("authorization", format!("Bearer {}", token(Role::Agent)));
    let twice = get().append_header(good.clone()).append_header(good);
    assert_eq!(api.send(twice).await.code(), "invalid_token");
}

#[actix_web::test]
async fn the_guard_comes_before_path_query_and_body() {
    let api = Desk::new().api().await;
    for path in [
        "/agent/tickets/0",
        "/agent/tickets/%00",
        "/agent/tickets?limit=bad",
        "/agent/tickets/5/comments?x=1",
    ] {
        assert_eq!(api.send(TestRequest::with_uri(path)).await.status, 401, "{path}");
        assert_eq!(api.get(Role::Customer, path).await.status, 403, "{path}");
    }
    let put = || TestRequest::put().uri("/agent/tickets/zero").set_payload("no json");
    assert_eq!(api.send(put()).await.status, 401);
    assert_eq!(api.send(signed_in(Role::Admin, put())).await.status, 403);
}

#[actix_web::test]
async fn ones_own_account_is_for_every_role_and_for_nobody_without_a_token() {
    let api = Desk::new().api().await;
    let put = || TestRequest::put().uri("/me/password").set_payload("no json");
    assert_eq!(api.send(put()).await.code(), "unauthenticated");
    for value in ["Bearer forged", "Bearer agent.99", "Bearer admin.20"] {
        let answer = api.send(put().insert_header(("authorization", value))).await;
        assert_eq!(answer.code(), "invalid_token", "{value}");
    }
    for &role in Role::ALL {
        assert_eq!(api.send(signed_in(role, put())).await.code(), "unsupported_media_type", "{role}");
        // No session is asked for: what is no id has none.
        assert_eq!(api.delete(role, "/me/sessions/x").await.code(), "not_found", "{role}");
    }
}

#[actix_web::test]
async fn a_store_that_cannot_say_who_calls_is_503() {
    let mut desk = Desk::without_sessions();
    let lost = || StoreError::Unavailable(Cause::new("connection refused at 10.0.0.1"));
    desk.sessions.expect_standing().returning(move |_, _| Err(lost()));
    let api = desk.api().await;
    let answer = api.post(Role::Customer, "/customer/tickets", "{}").await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "store_unavailable"));
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert!(!String::from_utf8_lossy(&answer.body).contains("10.0.0.1"));
}

#[actix_web::test]
async fn a_session_that_is_gone_is_401() {
    let mut desk = Desk::without_sessions();
    desk.sessions.expect_standing().returning(|_, _| Ok(None));
    let api = desk.api().await;
    let request = json(signed_in(Role::Customer, TestRequest::post().uri("/customer/tickets")), "{}");
    assert_eq!(api.send(request).await.code(), "invalid_token");
}
