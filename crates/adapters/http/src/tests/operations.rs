//! Health, and what is measured.

use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::test::{TestRequest, call_service, init_service};
use helpdesk_domain::Role;
use helpdesk_ports::{Cause, StoreError};

use super::support::Desk;
use crate::HttpConfig;
use crate::application::{self, Shared};
use crate::state::AppState;

#[actix_web::test]
async fn an_instance_is_ready_while_its_store_is_and_it_is_not_about_to_stop() {
    let mut desk = Desk::new();
    desk.store.expect_ready().times(1).returning(|| Ok(()));
    let api = desk.api().await;
    let get = |path: &'static str| api.send(TestRequest::with_uri(path));
    assert_eq!(get("/health/ready").await.json(), serde_json::json!({ "status": "ready" }));
    api.state.drain();
    let answer = get("/health/ready").await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "draining"));
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(get("/health/live").await.json(), serde_json::json!({ "status": "live" }));
}

#[actix_web::test]
async fn an_instance_whose_store_fails_lives_and_is_not_ready() {
    for error in [StoreError::Unavailable(Cause::new("gone")), StoreError::Fault(Cause::new("newer schema"))]
    {
        let mut desk = Desk::new();
        desk.store.expect_ready().returning(move || Err(error.clone()));
        let api = desk.api().await;
        let answer = api.send(TestRequest::with_uri("/health/ready")).await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "store_unavailable"));
        assert_eq!(api.send(TestRequest::with_uri("/health/live")).await.status, 200);
    }
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_not_by_what_callers_make_up() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| Ok(None));
    let api = desk.api().await;
    for id in 1..=3 {
        api.get(Role::Agent, &format!("/agent/tickets/{id}")).await;
        api.get(Role::Agent, &format!("/made/up/{id}")).await;
    }
    api.send(TestRequest::with_uri("/login").method("MADEUP".parse().unwrap())).await;

    let management =
        init_service(application::management(Shared::management(api.state.clone()).unwrap())).await;
    let request = TestRequest::with_uri("/metrics").insert_header(("accept", "text/plain")).to_request();
    let response = call_service(&management, request).await;
    assert_eq!(response.status().as_u16(), 200);
    let text = to_bytes(response.into_body()).await.unwrap();
    let text = std::str::from_utf8(&text).unwrap();
    for line in [
        r#"helpdesk_http_requests_total{method="GET",route="/agent/tickets/{id}",status="404"} 3"#,
        r#"helpdesk_http_requests_total{method="GET",route="-",status="404"} 3"#,
        r#"helpdesk_http_requests_total{method="-",route="/login",status="405"} 1"#,
        r#"helpdesk_http_request_duration_seconds_count{method="GET",route="/agent/tickets/{id}"} 3"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[actix_web::test]
async fn the_management_address_has_no_api_and_the_api_no_metrics() {
    let mut desk = Desk::new();
    desk.store.expect_ready().returning(|| Ok(()));
    let state = Arc::new(AppState::new(desk.dependencies(), &HttpConfig::default()).unwrap());
    let management = init_service(application::management(Shared::management(state).unwrap())).await;
    for (path, status) in [
        ("/health/live", 200),
        ("/health/ready", 200),
        ("/login", 404),
        ("/openapi.json", 404),
        ("/docs", 404),
        ("/docs/page.js", 404),
    ] {
        let response = call_service(&management, TestRequest::with_uri(path).to_request()).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
    assert_eq!(Desk::new().api().await.send(TestRequest::with_uri("/metrics")).await.status, 404);
}

#[actix_web::test]
async fn anybody_may_read_the_workflow_that_is_enforced() {
    use helpdesk_domain::{ActorKind, Refusal, Status, workflow};

    let answer =
        Desk::without_sessions().api().await.send(TestRequest::with_uri("/meta/ticket-workflow")).await;
    let json = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!(json["statuses"], serde_json::json!(["open", "in_progress", "pending", "resolved", "closed"]));
    assert_eq!(json["priorities"], serde_json::json!(["low", "normal", "high", "urgent"]));
    assert_eq!(json["reopened_by_reply"], serde_json::json!(["pending", "resolved"]));
    let rows = json["transitions"].as_array().unwrap();
    for by in [ActorKind::Agent, ActorKind::Customer, ActorKind::Admin, ActorKind::System] {
        for &from in Status::ALL {
            for &to in Status::ALL.iter().filter(|&&to| to != from) {
                let mut published = rows.iter().filter(|row| {
                    row["role"] == by.as_str()
                        && row["from"] == from.as_str()
                        && row["to"].as_array().unwrap().contains(&to.as_str().into())
                });
                let is_allowed = workflow::check(by, from, to) == Ok::<(), Refusal>(());
                assert_eq!(published.next().is_some(), is_allowed, "{by:?} {from} {to}");
            }
        }
    }
}
