//! What every answer has, and what every request leaves behind.

use std::sync::{Mutex, Once};

use actix_web::test::TestRequest;
use helpdesk_domain::Role;
use helpdesk_ports::{Cause, StoreError};

use super::support::{Answer, Desk, json, signed_in};

fn assert_common_headers(answer: &Answer) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(answer.header(name), Some(value));
    }
    assert_eq!(answer.header("server"), None);
    assert!(answer.header("x-request-id").is_some());
}

#[actix_web::test]
async fn every_answer_has_the_headers_of_all_answers() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| panic!("a defect"));
    desk.tickets.expect_list().returning(|_, _| Err(StoreError::Unavailable(Cause::new("gone"))));
    let api = desk.api().await;
    let put = |body: &str| json(signed_in(Role::Agent, TestRequest::put().uri("/agent/tickets/5")), body);
    for (request, status) in [
        (TestRequest::with_uri("/health/live"), 200),
        (TestRequest::with_uri("/agent/tickets"), 401),
        (signed_in(Role::Admin, TestRequest::with_uri("/agent/tickets")), 403),
        (TestRequest::with_uri("/nowhere"), 404),
        (TestRequest::delete().uri("/login"), 405),
        (TestRequest::with_uri("/health/live").insert_header(("accept", "text/html")), 406),
        (put("{}").insert_header(("content-length", "300000")), 413),
        (put("{}").insert_header(("content-type", "text/plain")), 415),
        (put(r#"{"status":"x"}"#), 422),
        (put("{"), 400),
        (signed_in(Role::Agent, TestRequest::with_uri("/agent/tickets/5")), 500),
        (signed_in(Role::Agent, TestRequest::with_uri("/agent/tickets")), 503),
    ] {
        let answer = api.send(request).await;
        assert_eq!(answer.status, status);
        assert_common_headers(&answer);
        if status >= 400 {
            assert_eq!(answer.json()["type"], "about:blank");
            answer.code();
        }
    }
}

#[actix_web::test]
async fn a_panic_is_a_500_that_tells_nothing() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| panic!("secret inside"));
    let answer = desk.api().await.get(Role::Agent, "/agent/tickets/5").await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "internal_error"));
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
}

#[actix_web::test]
async fn the_callers_request_id_comes_back_if_it_is_harmless() {
    let api = Desk::new().api().await;
    let get = |id: &str| TestRequest::with_uri("/nowhere").insert_header(("x-request-id", id));
    let answer = api.send(get("My-Id-1")).await;
    assert_eq!(answer.header("x-request-id"), Some("My-Id-1"));
    assert_eq!(answer.json()["request_id"], "My-Id-1");
    for bad in ["", "a b", "a=b", "a\tb", "<x>", &"x".repeat(65)] {
        let answer = api.send(get(bad)).await;
        let made = answer.header("x-request-id").unwrap();
        assert!(made.len() == 32 && made.bytes().all(|b| b.is_ascii_hexdigit()), "{bad:?} → {made}");
    }
}

#[actix_web::test]
async fn the_head_of_a_resource_is_that_of_its_get() {
    let api = Desk::new().api().await;
    let get = api.send(TestRequest::with_uri("/health/live")).await.without_request_id();
    let head = api.send(TestRequest::with_uri("/health/live").method("HEAD".parse().unwrap())).await;
    // The body goes where bytes are written, which is not part of this test.
    assert_eq!(head.without_request_id(), get);
}

#[actix_web::test]
async fn a_path_is_the_same_however_it_is_encoded() {
    let api = Desk::new().api().await;
    assert_eq!(api.send(TestRequest::with_uri("/health/%6Cive")).await.status, 200);
    assert_eq!(
        api.send(TestRequest::with_uri("/%68ealth/ready").method("PUT".parse().unwrap())).await.status,
        405
    );
}

/// Keeps what is logged.
struct Recorder(Mutex<Vec<String>>);

impl log::Log for Recorder {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.0.lock().unwrap().push(format!("{} {} {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

static RECORDER: Recorder = Recorder(Mutex::new(Vec::new()));

/// The lines that mention this request.
fn lines_about(request_id: &str) -> Vec<String> {
    RECORDER.0.lock().unwrap().iter().filter(|line| line.contains(request_id)).cloned().collect()
}

#[actix_web::test]
async fn every_request_leaves_one_line_and_no_secret() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        log::set_logger(&RECORDER).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
    let mut desk = Desk::new();
    let cause = || Cause::new("lost\nmethod=GET route=/forged");
    desk.tickets.expect_find().returning(move |_, _, _| Err(StoreError::Fault(cause())));
    let api = desk.api().await;

    let forged = TestRequest::with_uri("/no%0Awhere?token=canary-1").insert_header(("x-request-id", "log-1"));
    api.send(forged).await;
    let expected = "INFO helpdesk::http method=GET route=- status=404 time_us=1000 request_id=log-1 user=-";
    assert_eq!(lines_about("log-1"), [expected]);

    let body = r#"{"email":"canary-2@example.com","password":"canary-2\u0000"}"#;
    api.send(json(TestRequest::post().uri("/login"), body).insert_header(("x-request-id", "log-2"))).await;
    let lines = lines_about("log-2");
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("INFO helpdesk::http method=POST route=/login status=422 "), "{lines:?}");

    for (index, (method, path, body)) in [
        ("POST", "/token/refresh", r#"{"refresh_token":"canary-4\u0000"}"#),
        ("POST", "/invitations/accept", r#"{"token":"canary-5\u0000","password":"canary-5 canary-5"}"#),
        ("POST", "/register", r#"{"email":"canary-6","name":"canary-6","password":"canary-6"}"#),
        (
            "PUT",
            "/me/password",
            r#"{"current_password":"canary-7\u0000","new_password":"canary-7 canary-7"}"#,
        ),
        ("POST", "/admin/users", r#"{"email":"canary-8","name":"","role":"","password":"canary-8"}"#),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("log-secret-{index}");
        let request = TestRequest::with_uri(path).method(method.parse().unwrap());
        let request = signed_in(Role::Admin, request).insert_header(("user-agent", "canary-9"));
        api.send(json(request, body).insert_header(("x-request-id", id.as_str()))).await;
        let lines = lines_about(&id);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains(&format!(" route={path} status=422 ")), "{lines:?}");
    }

    let read = TestRequest::with_uri("/agent/tickets/5?canary-3").insert_header(("x-request-id", "log-3"));
    api.send(signed_in(Role::Agent, read)).await;
    let lines = lines_about("log-3");
    assert_eq!(
        lines[0],
        r#"ERROR helpdesk::http request_id=log-3 status=500 cause="the store failed: lost\nmethod=GET route=/forged""#
    );
    assert!(lines[1].starts_with("INFO helpdesk::http method=GET route=/agent/tickets/{id} status=500 "));
    assert!(lines[1].ends_with(" request_id=log-3 user=20"));
    assert_eq!(lines.len(), 2);

    let all = RECORDER.0.lock().unwrap().join("\n");
    assert!(!all.contains("canary"), "{all}");
    assert!(!all.contains("agent.20"), "the token is logged");
}
