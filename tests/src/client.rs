//! A small HTTP client for tests.

use std::time::Duration;

use helpdesk_http::contract::{Contract, Exchange};
use serde_json::Value;
use ureq::http::Request;

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];

/// What the inside of the server would say, and no caller may ever read.
const INSIDES: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE ",
    "sqlite",
    "SQLite",
    "postgres",
    "Postgres",
    "diesel",
    "r2d2",
    "panicked",
    ".rs:",
    "backtrace",
    "constraint",
    "/tmp",
    "/home",
    "/root",
    "127.0.0.1",
];

/// A client, perhaps with a token.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    address: String,
    token: Option<String>,
    /// What a proxy in front of the server would say of where the requests come from.
    forwarded_for: Option<String>,
    /// Whether every answer is compared with the document.
    is_checked: bool,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, names in lower case, sorted, as sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

fn agent(patience: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(patience))
        .max_redirects(0)
        .build()
        .into()
}

impl Client {
    /// One that is not signed in. It panics over an answer that is not as the OpenAPI document says.
    pub fn new(address: &str) -> Self {
        let agent = agent(Duration::from_mins(1));
        Self { agent, address: address.to_owned(), token: None, forwarded_for: None, is_checked: true }
    }

    /// One of the management address, of which no document is published.
    pub fn of_management(address: &str) -> Self {
        Self { is_checked: false, ..Self::new(address) }
    }

    /// The same on connections of its own, which gives up after this time.
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self { agent: agent(patience), ..self.clone() }
    }

    /// The same with a token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same without one.
    #[must_use]
    pub fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// The same, sending `X-Forwarded-For`: a test that is a proxy comes from as many addresses as it likes.
    #[must_use]
    pub fn forwarded_for(&self, address: &str) -> Self {
        Self { forwarded_for: Some(address.to_owned()), ..self.clone() }
    }

    /// The token, if it has one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Sends a request with these headers besides the token's.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
        self.try_send(method, path, headers, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// The same, where it may be that no answer comes.
    ///
    /// # Errors
    /// Whatever kept a whole answer from coming.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(address) = &self.forwarded_for {
            request = request.header("X-Forwarded-For", address);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = match body {
            Some(body) => self.agent.run(request.body(body.to_vec()).expect("a request")),
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut response = response?;
        let mut headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        headers.sort();
        let body = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        let answer = Answer { status: response.status().as_u16(), headers, body };
        if self.is_checked {
            answer.check(method, path);
        }
        Ok(answer)
    }

    /// GET.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    /// POST of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.json("POST", path, body)
    }

    /// PUT of JSON.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.json("PUT", path, body)
    }

    /// POST of nothing.
    pub fn post_nothing(&self, path: &str) -> Answer {
        self.send("POST", path, &[], None)
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None)
    }

    /// POST of JSON, where it may be that no answer comes.
    ///
    /// # Errors
    /// Whatever kept a whole answer from coming.
    pub fn try_post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        self.try_send("POST", path, JSON, Some(body.to_string().as_bytes()))
    }

    fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(method, path, JSON, Some(body.to_string().as_bytes()))
    }
}

impl Answer {
    /// Compares it with what is documented of the operation.
    fn check(&self, method: &str, path: &str) {
        let Self { status, headers, body } = self;
        let exchange = Exchange { method, target: path, status: *status, headers, body };
        Contract::of_the_api().check(&exchange).unwrap_or_else(|fault| panic!("{fault}"));
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON, after checking the status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// The `code` of a problem, after checking its form and status.
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        for member in ["type", "title", "detail", "request_id"] {
            assert!(problem[member].is_string(), "{member} is missing: {problem}");
        }
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"));
        let text = self.text();
        for inside in INSIDES {
            assert!(!text.contains(inside), "{inside:?} in {text}");
        }
        let may_be_retried = matches!(status, 429 | 503);
        assert_eq!(may_be_retried, self.header("retry-after").is_some(), "{:?}", self.headers);
        problem["code"].as_str().expect("a code").to_owned()
    }

    /// The one faulty field of a 422, and what is wrong with it.
    #[track_caller]
    pub fn fault(&self) -> (String, String) {
        assert_eq!(self.problem(422), "validation_failed");
        let problem = self.json();
        let [error] = problem["errors"].as_array().expect("errors").as_slice() else {
            panic!("not one fault: {problem}");
        };
        let member = |name: &str| error[name].as_str().expect("a text").to_owned();
        (member("field"), member("code"))
    }

    /// After how many seconds it makes sense to try again.
    #[track_caller]
    pub fn retry_after(&self) -> u64 {
        let text = self.header("retry-after").expect("a time to retry");
        text.parse().unwrap_or_else(|_| panic!("no seconds: {text}"))
    }

    /// Checks that nothing was to be said.
    #[track_caller]
    pub fn expect_nothing(&self) {
        assert_eq!((self.status, self.text().as_str()), (204, ""));
    }

    /// Checks that the token was not taken, and that this is said as RFC 6750 has it.
    #[track_caller]
    pub fn expect_dead_token(&self) {
        assert_eq!(self.problem(401), "invalid_token");
        assert_eq!(self.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    }

    /// Everything that could differ from another answer, less what may: the date and the request id.
    pub fn comparable(&self) -> String {
        let id = self.header("x-request-id").unwrap_or_default();
        let headers: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
            .collect();
        format!("{} {headers:?} {}", self.status, self.text().replace(id, "<request id>"))
    }
}
