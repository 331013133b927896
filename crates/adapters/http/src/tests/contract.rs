//! The operations of the OpenAPI document against what is served.

use std::collections::BTreeSet;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use helpdesk_domain::Role;
use serde_json::Value;

use super::support::{Desk, signed_in};
use crate::openapi;

/// The operations with POST or PUT that take no body.
const WITHOUT_BODY: &[&str] = &[
    "POST /logout",
    "POST /admin/users/{id}/password-reset",
    "PUT /admin/teams/{id}/members/{user_id}",
    "POST /agent/tickets/{id}/claim",
    "POST /agent/tickets/{id}/release",
];

/// The operations that need no token: those by which one comes to have one, those for operators, and what the API says about
/// itself. This list must only shrink.
const OPEN: &[&str] = &[
    "POST /login",
    "POST /token/refresh",
    "POST /invitations/accept",
    "POST /register",
    "GET /health/live",
    "GET /health/ready",
    "GET /meta/ticket-workflow",
    "GET /openapi.json",
];

/// The operations for every signed-in account: about itself, and nothing else. This list must only shrink.
const FOR_ANY_ACCOUNT: &[&str] = &[
    "POST /logout",
    "GET /me",
    "PUT /me",
    "PUT /me/password",
    "GET /me/sessions",
    "DELETE /me/sessions/{id}",
];

/// The operations that ask nothing that could fail.
const ALWAYS_DONE: &[&str] = &["GET /health/live", "GET /meta/ticket-workflow", "GET /openapi.json"];

/// Every operation: method, path, and what the document says of it.
fn operations() -> Vec<(Method, String, Value)> {
    let document = openapi().unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            operations.push((method, path.clone(), operation.clone()));
        }
    }
    operations
}

fn is_open(method: &Method, path: &str) -> bool {
    OPEN.contains(&format!("{method} {path}").as_str())
}

fn is_for_any_account(method: &Method, path: &str) -> bool {
    FOR_ANY_ACCOUNT.contains(&format!("{method} {path}").as_str())
}

fn request(method: &Method, path: &str) -> TestRequest {
    let path = path.replace("{id}", "5").replace("{user_id}", "7");
    TestRequest::with_uri(&path).method(method.clone())
}

/// A response, perhaps one that several operations share.
fn response<'a>(document: &'a Value, response: &'a Value) -> &'a Value {
    match response["$ref"].as_str() {
        Some(reference) => document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => response,
    }
}

#[test]
fn every_operation_is_here() {
    let names: Vec<String> =
        operations().iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    let expected = [
        "GET /admin/audit",
        "GET /admin/export/tickets",
        "GET /admin/teams",
        "POST /admin/teams",
        "GET /admin/teams/{id}",
        "PUT /admin/teams/{id}",
        "DELETE /admin/teams/{id}",
        "GET /admin/teams/{id}/members",
        "PUT /admin/teams/{id}/members/{user_id}",
        "DELETE /admin/teams/{id}/members/{user_id}",
        "GET /admin/tickets",
        "POST /admin/tickets/bulk",
        "GET /admin/tickets/{id}",
        "PUT /admin/tickets/{id}",
        "GET /admin/tickets/{id}/comments",
        "POST /admin/tickets/{id}/comments",
        "GET /admin/tickets/{id}/history",
        "GET /admin/users",
        "POST /admin/users",
        "GET /admin/users/{id}",
        "PUT /admin/users/{id}",
        "POST /admin/users/{id}/password-reset",
        "GET /agent/queue",
        "GET /agent/tickets",
        "POST /agent/tickets/bulk",
        "GET /agent/tickets/{id}",
        "PUT /agent/tickets/{id}",
        "GET /agent/tickets/{id}/comments",
        "POST /agent/tickets/{id}/comments",
        "POST /agent/tickets/{id}/claim",
        "GET /agent/tickets/{id}/history",
        "POST /agent/tickets/{id}/release",
        "GET /customer/tickets",
        "POST /customer/tickets",
        "GET /customer/tickets/{id}",
        "PUT /customer/tickets/{id}",
        "GET /customer/tickets/{id}/comments",
        "POST /customer/tickets/{id}/comments",
        "GET /customer/tickets/{id}/history",
        "GET /health/live",
        "GET /health/ready",
        "POST /invitations/accept",
        "POST /login",
        "POST /logout",
        "GET /me",
        "PUT /me",
        "PUT /me/password",
        "GET /me/sessions",
        "DELETE /me/sessions/{id}",
        "GET /meta/ticket-workflow",
        "GET /openapi.json",
        "POST /register",
        "POST /token/refresh",
    ];
    assert_eq!(names.iter().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(expected));
}

#[test]
fn every_guarded_operation_documents_its_guard() {
    let document = openapi().unwrap();
    for (method, path, operation) in operations() {
        let name = format!("{method} {path}");
        let responses = operation["responses"].as_object().unwrap();
        assert_eq!(is_open(&method, &path), operation.get("security").is_none(), "{name}");
        if !is_open(&method, &path) {
            assert_eq!(operation["security"], serde_json::json!([{ "bearer": [] }]), "{name}");
            for status in ["401", "429", "503"] {
                assert!(responses.contains_key(status), "{name}: {status}");
            }
            let is_for_one_role = !is_for_any_account(&method, &path);
            assert_eq!(responses.contains_key("403"), is_for_one_role, "{name}: 403");
            for header in ["Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"] {
                assert!(
                    response(&document, &responses["429"])["headers"][header].is_object(),
                    "{name}: {header}"
                );
            }
        }
    }
}

#[test]
fn every_operation_is_documented_whole() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let name = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{name}: operationId");
        for text in ["summary", "description"] {
            assert!(operation[text].as_str().is_some_and(|text| !text.is_empty()), "{name}: {text}");
        }
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}: tag");
        let responses = operation["responses"].as_object().unwrap();
        let mut expected = vec!["406"];
        if !ALWAYS_DONE.contains(&name.as_str()) {
            expected.push("500");
        }
        let has_body = matches!(method, Method::POST | Method::PUT) && !WITHOUT_BODY.contains(&name.as_str());
        assert_eq!(operation["requestBody"].is_object(), has_body, "{name}: body");
        if has_body {
            expected.extend(["400", "408", "413", "415", "422"]);
        }
        if path.contains("{id}") {
            expected.push("404");
        }
        for status in expected {
            assert!(responses.contains_key(status), "{name}: {status}");
        }
    }
}

#[actix_web::test]
async fn anonymous_calls_get_401_from_every_guarded_operation() {
    let api = Desk::new().api().await;
    for (method, path, _) in operations() {
        if is_open(&method, &path) {
            continue;
        }
        let answer = api.send(request(&method, &path)).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"), "{method} {path}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[actix_web::test]
async fn every_group_is_for_its_own_role_alone() {
    let api = Desk::new().api().await;
    for (method, path, _) in operations() {
        for &role in Role::ALL {
            if is_open(&method, &path)
                || is_for_any_account(&method, &path)
                || path.starts_with(&format!("/{role}/"))
            {
                continue;
            }
            let answer = api.send(signed_in(role, request(&method, &path))).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, "forbidden"),
                "{role}: {method} {path}"
            );
        }
    }
}

#[actix_web::test]
async fn a_method_that_a_path_lacks_is_405_and_options_names_those_it_has() {
    let api = Desk::new().api().await;
    let all = operations();
    for path in all.iter().map(|(_, path, _)| path).collect::<BTreeSet<_>>() {
        let mut has: BTreeSet<String> =
            all.iter().filter(|(_, other, _)| other == path).map(|(method, ..)| method.to_string()).collect();
        if has.contains("GET") {
            has.insert("HEAD".to_owned());
        }
        has.insert("OPTIONS".to_owned());
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "options"] {
            if has.contains(method) && method != "OPTIONS" {
                continue;
            }
            let answer = api.send(request(&method.parse().unwrap(), path)).await;
            if method == "OPTIONS" {
                assert_eq!((answer.status, answer.body.len()), (204, 0), "{path}");
            } else {
                assert_eq!(answer.status, 405, "{method} {path}");
                assert_eq!(answer.code(), "method_not_allowed", "{method} {path}");
            }
            let allow =
                answer.header("allow").unwrap().split(", ").map(str::to_owned).collect::<BTreeSet<_>>();
            assert_eq!(allow, has, "{method} {path}");
        }
    }
}
