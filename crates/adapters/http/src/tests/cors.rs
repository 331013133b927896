//! Pages of other origins.

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use helpdesk_domain::Role;

use super::support::{Answer, Api, Desk, json, signed_in};
use crate::HttpConfig;

const LISTED: &str = "https://desk.example.com";
const OTHER: &str = "https://desk.example.com.evil.example";

async fn api(desk: Desk) -> Api {
    let allowed_origins = format!("{LISTED}, http://localhost:5173").parse().unwrap();
    desk.api_with(&HttpConfig { allowed_origins, ..HttpConfig::default() }).await
}

fn preflight(path: &str, origin: &str) -> TestRequest {
    TestRequest::with_uri(path)
        .method("OPTIONS".parse().unwrap())
        .insert_header(("origin", origin))
        .insert_header(("access-control-request-method", "PUT"))
        .insert_header(("access-control-request-headers", "authorization,content-type,if-match"))
}

/// The headers of the protocol that an answer has.
fn granted(answer: &Answer) -> BTreeSet<&str> {
    answer.header_names().filter(|name| name.starts_with("access-control-")).collect()
}

#[actix_web::test]
async fn a_listed_page_may_call_and_read() {
    let api = api(Desk::new()).await;
    for origin in [LISTED, "http://localhost:5173"] {
        let answer = api.send(preflight("/agent/tickets/5", origin)).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(answer.header("access-control-allow-methods"), Some("GET, HEAD, PUT, OPTIONS"));
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
        let allowed = answer.header("access-control-allow-headers").unwrap().to_ascii_lowercase();
        let allowed: BTreeSet<&str> = allowed.split(", ").collect();
        let needed =
            ["authorization", "content-type", "if-match", "if-none-match", "idempotency-key", "x-request-id"];
        assert_eq!(allowed, BTreeSet::from(needed));

        // Errors are to be read, too, by whomever they are made.
        let get = |path| TestRequest::with_uri(path).insert_header(("origin", origin));
        for (request, status) in [
            (get("/health/live"), 200),
            (get("/me"), 401),
            (signed_in(Role::Admin, get("/agent/tickets")), 403),
            (get("/nowhere"), 404),
            (get("/login"), 405),
            (get("/health/live").insert_header(("accept", "text/html")), 406),
            (json(get("/login").method("POST".parse().unwrap()), "{"), 400),
        ] {
            let answer = api.send(request).await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{status}");
            assert_eq!(answer.header("vary"), Some("Origin"), "{status}");
            let shown = answer.header("access-control-expose-headers").unwrap().to_ascii_lowercase();
            let shown: BTreeSet<&str> = shown.split(", ").collect();
            for name in ["etag", "location", "link", "retry-after", "x-request-id", "idempotency-replayed"] {
                assert!(shown.contains(name), "{name}");
            }
            for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
                assert!(shown.contains(name), "{name}");
            }
        }
    }
}

#[actix_web::test]
async fn a_page_that_is_not_listed_is_told_nothing() {
    let api = api(Desk::new()).await;
    let get = |origin: &str| TestRequest::with_uri("/health/live").insert_header(("origin", origin));
    for origin in [OTHER, "null", "http://desk.example.com", "https://Desk.example.com", ""] {
        for request in [get(origin), preflight("/agent/tickets/5", origin)] {
            let answer = api.send(request).await;
            assert!(matches!(answer.status, 200 | 204), "{origin}");
            assert_eq!(granted(&answer), BTreeSet::new(), "{origin}");
            assert_eq!(answer.header("vary"), Some("Origin"), "{origin}");
        }
    }
    // A cache in between must not give one page the answer to another, or to nobody's.
    let answer = api.send(TestRequest::with_uri("/health/live")).await;
    assert_eq!((answer.header("vary"), granted(&answer)), (Some("Origin"), BTreeSet::new()));
}

#[actix_web::test]
async fn no_page_is_listed_unless_it_is_said() {
    let api = Desk::new().api().await;
    for request in [
        preflight("/agent/tickets/5", LISTED),
        TestRequest::with_uri("/health/live").insert_header(("origin", LISTED)),
    ] {
        let answer = api.send(request).await;
        assert_eq!((answer.header("vary"), granted(&answer)), (None, BTreeSet::new()));
    }
}

#[actix_web::test]
async fn nobody_is_let_in_with_what_browsers_add_by_themselves() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| panic!("a defect"));
    let api = api(desk).await;
    let get = |path| signed_in(Role::Agent, TestRequest::with_uri(path).insert_header(("origin", LISTED)));
    for request in [preflight("/me", LISTED), get("/me/sessions?x"), get("/agent/tickets/5"), get("/docs")] {
        let answer = api.send(request).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(LISTED));
        assert!(!granted(&answer).contains("access-control-allow-credentials"));
    }
}

#[actix_web::test]
async fn a_question_without_a_page_or_without_a_path_gets_no_permission() {
    let api = api(Desk::new()).await;
    // OPTIONS, but not the protocol's: what the path has is told, and what a page may read.
    let plain = TestRequest::with_uri("/me").method("OPTIONS".parse().unwrap());
    let answer = api.send(plain.insert_header(("origin", LISTED))).await;
    assert_eq!((answer.status, answer.header("allow")), (204, Some("GET, HEAD, PUT, OPTIONS")));
    let only = ["access-control-allow-origin", "access-control-expose-headers"];
    assert_eq!(granted(&answer), BTreeSet::from(only));

    let answer = api.send(preflight("/nowhere", LISTED)).await;
    assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"));
    assert_eq!(granted(&answer), BTreeSet::from(only));
}
