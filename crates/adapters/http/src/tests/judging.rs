//! The comparison of answers with the document: it has to notice what is wrong.

use serde_json::{Value, json};

use crate::contract::{Contract, Exchange, Observed};

const REQUEST_ID: &str = "0123456789abcdef";

/// An answer to `GET /me`, and what it would be found to be.
struct Sample {
    method: &'static str,
    target: &'static str,
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sample {
    fn new(method: &'static str, target: &'static str, status: u16, media_type: &str, body: &Value) -> Self {
        let headers = [("content-type", media_type), ("x-request-id", REQUEST_ID)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { method, target, status, headers, body: body.to_string().into_bytes() }
    }

    fn account(body: &Value) -> Self {
        Self::new("GET", "/me", 200, "application/json", body)
    }

    fn problem(target: &'static str, status: u16, code: &str) -> Self {
        let body = json!({
            "type": "about:blank", "title": "T", "status": status, "detail": "D", "code": code, "request_id": REQUEST_ID,
        });
        Self::new("GET", target, status, "application/problem+json", &body)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    fn judged(&self) -> Result<Option<Observed>, String> {
        let Self { method, target, status, headers, body } = self;
        Contract::of_the_api().check(&Exchange { method, target, status: *status, headers, body })
    }

    fn fault(&self) -> String {
        self.judged().unwrap_err()
    }
}

fn good() -> Value {
    json!({ "id": 7, "email": "ada@example.com", "name": "Ada", "role": "agent" })
}

fn observed(status: u16, code: Option<&str>) -> Observed {
    Observed { operation: "GET /me".to_owned(), status, code: code.map(str::to_owned) }
}

#[test]
fn what_is_documented_is_told() {
    assert_eq!(Sample::account(&good()).judged(), Ok(Some(observed(200, None))));
    let challenged = Sample::problem("/me", 401, "invalid_token")
        .with("www-authenticate", "Bearer error=\"invalid_token\"");
    assert_eq!(challenged.judged(), Ok(Some(observed(401, Some("invalid_token")))));
    let nothing = Sample { method: "HEAD", body: Vec::new(), ..Sample::account(&good()) };
    assert_eq!(nothing.judged(), Ok(Some(observed(200, None))));
    assert_eq!(Sample::problem("/nowhere", 404, "not_found").judged(), Ok(None));
    assert_eq!(
        Sample::problem("/login", 405, "method_not_allowed").with("allow", "POST, OPTIONS").judged(),
        Ok(None)
    );
    let options = Sample { method: "OPTIONS", status: 204, body: Vec::new(), ..Sample::account(&good()) };
    assert_eq!(options.with("allow", "GET, HEAD, PUT, OPTIONS").judged(), Ok(None));
}

#[test]
fn a_body_of_another_form_is_noticed() {
    for (member, value, fault) in [
        ("id", json!("7"), "integer"),
        ("id", json!(0), "minimum"),
        ("role", json!("root"), "admin"),
        ("password_hash", json!("x"), "password_hash"),
    ] {
        let mut body = good();
        body[member] = value;
        let said = Sample::account(&body).fault();
        assert!(said.contains(fault), "{member}: {said}");
    }
    let mut body = good();
    body.as_object_mut().unwrap().remove("name");
    assert!(Sample::account(&body).fault().contains("name"));
    assert!(Sample { body: b"{".to_vec(), ..Sample::account(&good()) }.fault().contains("no JSON"));
}

#[test]
fn a_time_in_another_form_is_noticed() {
    let page = |at: &str| {
        let session = json!({
            "id": "0123456789abcdef0123456789abcdef", "created_at": at, "last_used_at": at, "expires_at": at,
            "idle_expires_at": at, "address": null, "user_agent": null, "is_current": true,
        });
        Sample::new(
            "GET",
            "/me/sessions?limit=1",
            200,
            "application/json",
            &json!({ "data": [session], "next_cursor": null }),
        )
    };
    assert!(page("2026-01-31T09:15:00.000000Z").judged().is_ok());
    for at in [
        "2026-01-31T09:15:00Z",
        "2026-01-31T09:15:00.000000+00:00",
        "2026-13-31T09:15:00.000000Z",
        "1769850900",
    ] {
        assert!(page(at).judged().is_err(), "{at}");
    }
}

#[test]
fn another_status_code_or_media_type_is_noticed() {
    assert!(Sample { status: 201, ..Sample::account(&good()) }.fault().contains("status is not documented"));
    assert!(Sample::account(&good()).with("content-type", "text/html").fault().contains("text/html"));
    let of = |status, code| Sample::problem("/me", status, code).with("www-authenticate", "Bearer");
    assert!(of(401, "invalid_credentials").fault().contains("unauthenticated"));
    assert!(of(409, "email_taken").fault().contains("status is not documented"));
    let other = Sample { status: 500, ..Sample::problem("/me", 503, "internal_error") };
    assert!(other.judged().is_err(), "it says 503 of itself");
    let named_so = Sample::problem("/me", 500, "internal_error").with("x-request-id", "another");
    assert!(named_so.fault().contains("another request"));
    let gone = Sample { status: 204, method: "POST", target: "/logout", ..Sample::account(&good()) };
    assert!(gone.fault().contains("no body"));
}

#[test]
fn a_header_that_is_missing_wrong_or_unexpected_is_noticed() {
    assert!(Sample::account(&good()).without("x-request-id").fault().contains("X-Request-Id is missing"));
    assert!(Sample::account(&good()).with("x-request-id", "a b").fault().contains("X-Request-Id"));
    assert!(Sample::account(&good()).with("etag", "\"1-x\"").fault().contains("etag is not documented"));
    assert!(Sample::problem("/me", 401, "invalid_token").fault().contains("WWW-Authenticate is missing"));
    let away = |seconds: &str| Sample::problem("/me", 503, "store_unavailable").with("retry-after", seconds);
    assert!(away("1").judged().is_ok());
    for seconds in ["0", "-1", "soon", "1.5"] {
        assert!(away(seconds).fault().contains("Retry-After"), "{seconds}");
    }
}

#[test]
fn where_nothing_is_that_has_to_be_said() {
    assert!(Sample::new("GET", "/nowhere", 200, "application/json", &good()).judged().is_err());
    assert!(Sample::problem("/nowhere", 403, "forbidden").judged().is_err());
    assert!(Sample::problem("/login", 405, "method_not_allowed").judged().is_err(), "without Allow");
    assert!(Sample::problem("/login", 405, "method_not_allowed").with("allow", "GET").judged().is_err());
    assert!(Sample::problem("/login", 404, "not_found").judged().is_err());
    let options = || Sample { method: "OPTIONS", status: 204, body: Vec::new(), ..Sample::account(&good()) };
    assert!(options().with("allow", "GET").judged().is_err());
    assert!(options().judged().is_err(), "without Allow");
    let talkative = Sample { body: b"{}".to_vec(), ..options().with("allow", "GET, HEAD, PUT, OPTIONS") };
    assert!(talkative.judged().is_err());
    // A registration that is closed is not there, whatever the method.
    assert_eq!(Sample::problem("/register", 404, "not_found").judged(), Ok(None));
}

#[test]
fn every_line_of_an_export_is_looked_at() {
    let export = |body: &str| {
        let kind = "application/x-ndjson";
        let sample = Sample::new("GET", "/admin/export/tickets", 200, kind, &json!(null));
        let named = sample.with("content-disposition", "attachment; filename=\"tickets.ndjson\"");
        Sample { body: body.into(), ..named }.judged()
    };
    let document = Contract::of_the_api().document();
    let content = &document["paths"]["/admin/export/tickets"]["get"]["responses"]["200"]["content"];
    let line = content["application/x-ndjson"]["example"].to_string();
    assert!(export(&format!("{line}\n{line}\n")).is_ok());
    assert!(export(&format!("{line}\n{{\"unknown\":1}}\n")).is_err());
    assert!(export(&format!("{line}\nno JSON\n")).unwrap_err().contains("a line is no JSON"));
}
