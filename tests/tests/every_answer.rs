//! What every answer has, whoever asks for what: walked from the OpenAPI document.

use std::collections::BTreeSet;

use helpdesk_tests::{Answer, Client, PASSWORD, RawConnection, StoreKind, World, on_both_stores};
use serde_json::{Value, json};

const NOTHING_ALLOWED: &str = "default-src 'none'; frame-ancestors 'none'";
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/// The headers that the contract promises on every answer; `page` has a policy of its own.
#[track_caller]
fn assert_promised(what: &str, answer: &Answer) {
    let has = |name: &str, value: &str| assert_eq!(answer.header(name), Some(value), "{what}: {answer:?}");
    has("cache-control", "no-store");
    has("x-content-type-options", "nosniff");
    if what.ends_with("/docs") && answer.status == 200 {
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
    } else {
        has("content-security-policy", NOTHING_ALLOWED);
    }
    let id = answer.header("x-request-id").unwrap_or_default();
    assert!(
        (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    );
    for absent in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(answer.header(absent), None, "{what}");
    }
    let mut names = BTreeSet::new();
    for (name, _) in &answer.headers {
        assert!(names.insert(name), "{what}: {name} twice");
    }
    if answer.status >= 400 && !answer.body.is_empty() {
        answer.problem(answer.status);
    }
    if matches!(answer.status, 204 | 304) {
        assert_eq!((answer.body.len(), answer.header("content-length")), (0, None), "{what}");
    }
    assert_eq!(
        answer.status == 405 || answer.status == 204 && what.starts_with("OPTIONS"),
        answer.header("allow").is_some(),
        "{what}"
    );
}

/// Every path of the document, with ids that are there.
fn paths(document: &Value, ticket: i64, team: i64, user: i64) -> Vec<String> {
    let paths = document["paths"].as_object().unwrap().keys().map(|path| {
        let id = match path.split('/').nth(2) {
            Some("teams") => team,
            Some("users") => user,
            _ => ticket,
        };
        path.replace("{id}", &id.to_string()).replace("{user_id}", &user.to_string())
    });
    let files = [
        "/docs",
        "/docs/page.js",
        "/docs/page.css",
        "/docs/icon.svg",
        "/docs/swagger-ui.css",
        "/docs/swagger-ui-bundle.js",
    ];
    paths.chain(files.map(str::to_owned)).chain(["/".to_owned(), "/nowhere".to_owned()]).collect()
}

/// The headers of an answer that do not differ from request to request.
fn lasting(answer: &Answer) -> Vec<&(String, String)> {
    answer.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id")).collect()
}

on_both_stores! {
    /// Signed in as each role and as nobody, with every method that there is or is not, with and without a body.
    fn every_answer_has_the_headers_of_all_answers(store) {
        let world = World::with(store, &[("HELPDESK_REGISTRATION", "on"), ("HELPDESK_REGISTRATION_LIMIT", "off")]);
        let (customer, agent) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let (ticket, team) = (world.open_ticket(&customer, "A ticket"), world.team("A team"));
        world.assign(ticket, &agent);
        let nobody = world.server.client();
        let paths = paths(&nobody.get("/openapi.json").expect(200), ticket, team, customer.id);
        let mut statuses = BTreeSet::new();
        for (name, client) in [("nobody", &nobody), ("ada", &customer.client), ("grace", &agent.client), ("admin", &world.admin.client)] {
            for path in &paths {
                for method in METHODS {
                    // Signing out, or taking the password away, would end the walk.
                    if method == "POST" && (path == "/logout" || path.ends_with("/password-reset")) {
                        continue;
                    }
                    let body = matches!(method, "POST" | "PUT" | "PATCH").then_some(&b"{}"[..]);
                    for header in [("Content-Type", "application/json"), ("Content-Type", "text/plain"), ("Accept", "text/csv")] {
                        let answer = client.send(method, path, &[header], body);
                        assert!(answer.status < 500, "{name}: {method} {path}: {}", answer.text());
                        assert_promised(&format!("{method} {path}"), &answer);
                        statuses.insert(answer.status);
                    }
                }
            }
        }
        let expected = [200, 204, 400, 401, 403, 404, 405, 406, 415, 422];
        for status in expected {
            assert!(statuses.contains(&status), "no {status} was among them: {statuses:?}");
        }
    }

    fn the_rarer_answers_have_them_too(store) {
        let limits = [("HELPDESK_SIGN_IN_LIMIT_PAIR", "1/1"), ("HELPDESK_REQUEST_LIMIT", "40/1")];
        let world = World::with(store, &limits);
        let customer = world.join("ada", "customer");
        let ticket = format!("/customer/tickets/{}", world.open_ticket(&customer, "A ticket"));
        let read = customer.get(&ticket);
        let tag = read.header("etag").unwrap();
        let json = ("Content-Type", "application/json");
        let close = br#"{"status": "closed"}"#;
        let large = vec![b' '; 300 * 1024];
        let mut raw = RawConnection::open(world.server.address());
        raw.send("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n");
        let login = |password: &str| world.server.client().post("/login", &json!({"email": "ada@example.com", "password": password}));
        login("a wrong password that is long");
        for (status, answer) in [
            (304, customer.send("GET", &ticket, &[("If-None-Match", tag)], None)),
            (304, customer.send("HEAD", &ticket, &[("If-None-Match", tag)], None)),
            (412, customer.send("PUT", &ticket, &[json, ("If-Match", "\"9-aaaaaaaaaaaaaaaaaaaaaa\"")], Some(close))),
            (413, customer.send("POST", "/customer/tickets", &[json], Some(&large))),
            (429, login(PASSWORD)),
            (201, customer.post("/customer/tickets", &json!({"subject": "S", "description": "D"}))),
            (200, customer.put(&ticket, &json!({"status": "closed"}))),
            (409, customer.post(&format!("{ticket}/comments"), &json!({"body": "Too late"}))),
            (404, raw.answer()),
        ] {
            assert_eq!(answer.status, status, "{}", answer.text());
            assert_promised("GET it", &answer);
        }
        let limited = (0..40).map(|_| customer.get("/me")).find(|answer| answer.status == 429).expect("a limit");
        assert_promised("GET it", &limited);
        assert!(limited.header("ratelimit-limit").is_some());
    }
}

/// `HEAD` is answered as `GET` is, with the length of the body and without the body.
#[test]
fn a_head_is_that_of_its_get() {
    let world = World::with(StoreKind::Sqlite, &[("HELPDESK_COMPRESSION", "on")]);
    let (customer, agent) = (world.join("ada", "customer"), world.join("grace", "agent"));
    let (ticket, team) = (world.open_ticket(&customer, "A ticket"), world.team("A team"));
    world.assign(ticket, &agent);
    let document = world.server.client().get("/openapi.json").expect(200);
    let mut seen = 0;
    for client in [&world.server.client(), &customer.client, &agent.client, &world.admin.client] {
        for path in paths(&document, ticket, team, customer.id) {
            for coding in ["identity", "gzip"] {
                // On one connection each, since what stands behind a head would be taken for the next answer.
                let [get, head] =
                    ["GET", "HEAD"].map(|method| on_the_wire(&world, client, method, &path, coding));
                assert_eq!((get.status, lasting(&get)), (head.status, lasting(&head)), "{path}");
                seen += usize::from(get.status == 200);
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

/// Sends a request and, behind it, another one: an answer that is not as long as it says would garble the second.
fn on_the_wire(world: &World, client: &Client, method: &str, path: &str, coding: &str) -> Answer {
    let token = client.token().map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let mut connection = RawConnection::open(world.server.address());
    connection
        .send(format!("{method} {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {coding}\r\n{token}\r\n"));
    let answer = if method == "HEAD" { connection.head_answer() } else { connection.answer() };
    connection.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(connection.answer().json(), json!({"status": "live"}), "{method} {path}");
    answer
}
