//! How many requests an account may make.

use actix_web::test::TestRequest;
use helpdesk_domain::Role;

use super::support::{Answer, Api, Desk};
use crate::HttpConfig;

fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| Ok(None));
    desk.store.expect_ready().returning(|| Ok(()));
    desk
}

async fn limited(desk: Desk) -> Api {
    let request_limit = Some("3/1".parse().unwrap());
    desk.api_with(&HttpConfig { request_limit, ..HttpConfig::default() }).await
}

async fn get(api: &Api, token: &str, path: &str) -> Answer {
    let request = TestRequest::with_uri(path).insert_header(("authorization", format!("Bearer {token}")));
    api.send(request).await
}

/// `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`.
fn limit(answer: &Answer) -> [Option<&str>; 3] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| answer.header(name))
}

#[actix_web::test]
async fn nothing_is_limited_by_default() {
    let api = desk().api().await;
    for _ in 0..100 {
        let answer = api.get(Role::Agent, "/agent/tickets/5").await;
        assert_eq!((answer.status, limit(&answer)), (404, [None; 3]));
    }
}

#[actix_web::test]
async fn the_sessions_of_an_account_share_one_limit() {
    let api = limited(desk()).await;
    // Whatever is answered counts and says so: not found, not for the role, not valid.
    for (token, path, status, remaining, reset) in [
        ("agent.20.1", "/agent/tickets/5", 404, "2", "60"),
        ("agent.20.2", "/admin/tickets", 403, "1", "120"),
        ("agent.20.1", "/me/sessions?limit=x", 400, "0", "180"),
    ] {
        let answer = get(&api, token, path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(limit(&answer), [Some("3"), Some(remaining), Some(reset)], "{path}");
        assert_eq!(answer.header("retry-after"), None);
    }
    for token in ["agent.20.1", "agent.20.2", "agent.20.3"] {
        let answer = get(&api, token, "/agent/tickets/5").await;
        assert_eq!((answer.status, answer.code().as_str()), (429, "rate_limited"));
        assert_eq!(limit(&answer), [Some("3"), Some("0"), Some("180")]);
        assert_eq!(answer.header("retry-after"), Some("60"));
    }
    let other = get(&api, "customer.10", "/customer/tickets/5").await;
    assert_eq!((other.status, limit(&other)[1]), (404, Some("2")));
}

#[actix_web::test]
async fn what_no_account_asks_is_not_counted() {
    let api = limited(desk()).await;
    for _ in 0..10 {
        for (path, status) in
            [("/health/live", 200), ("/health/ready", 200), ("/openapi.json", 200), ("/x", 404)]
        {
            let answer = get(&api, "agent.20", path).await;
            assert_eq!((answer.status, limit(&answer)), (status, [None; 3]), "{path}");
        }
        for token in ["forged", "admin.20", "agent.99"] {
            let answer = get(&api, token, "/agent/tickets/5").await;
            assert_eq!((answer.status, limit(&answer)), (401, [None; 3]), "{token}");
        }
    }
    assert_eq!(limit(&get(&api, "agent.20", "/agent/tickets/5").await)[1], Some("2"));
}

#[actix_web::test]
async fn a_defect_does_not_hide_how_the_account_stands() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| panic!("a defect"));
    let answer = limited(desk).await.get(Role::Agent, "/agent/tickets/5").await;
    assert_eq!((answer.status, limit(&answer)), (500, [Some("3"), Some("2"), Some("60")]));
}
