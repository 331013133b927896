//! Every answer that the document lists is provoked: each status of each operation, and each code. What is listed and cannot be
//! provoked is not true, and fails here; what is answered and not listed fails wherever it is seen.

mod requests;
mod scene;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use futures_util::stream;
use helpdesk_domain::Role;

use self::requests::{Sample, invalid, sample};
use self::scene::Scene;
use super::support::{json, signed_in};
use crate::HttpConfig;
use crate::contract::{Contract, Observed};

/// What makes the server answer so.
struct Provocation {
    scene: Scene,
    request: TestRequest,
    /// A body that comes in a way of its own.
    body: Option<Payload>,
    config: HttpConfig,
    /// How often it is sent; the last answer counts.
    times: usize,
}

impl Provocation {
    fn new(scene: Scene, request: TestRequest) -> Self {
        Self { scene, request, body: None, config: HttpConfig::default(), times: 1 }
    }
}

/// A body of which a part comes, and then this.
fn broken_body(rest: Option<PayloadError>) -> Payload {
    let begin = stream::iter([Ok(Bytes::from_static(b"{"))]);
    match rest {
        Some(error) => {
            Payload::Stream { payload: Box::pin(stream::StreamExt::chain(begin, stream::iter([Err(error)]))) }
        }
        None => Payload::Stream { payload: Box::pin(stream::StreamExt::chain(begin, stream::pending())) },
    }
}

fn with_query(sample: &Sample, query: &str) -> TestRequest {
    Sample { path: format!("{}?{query}", sample.path), ..sample.clone() }.request()
}

/// How to get this answer.
fn provocation(answer: &Observed) -> Provocation {
    let good = sample(&answer.operation);
    let with_body = |body: &str| Sample { body: Some(body.to_owned()), ..good.clone() }.request();
    let in_scene = |scene| Provocation::new(scene, good.request());
    let sent = |request| Provocation::new(Scene::Well, request);
    let Some(code) = answer.code.as_deref() else {
        return match answer.status {
            304 => sent(good.request().insert_header(("if-none-match", "*"))),
            _ => in_scene(Scene::Well),
        };
    };
    match code {
        "bad_request" => {
            let body = Some(broken_body(Some(PayloadError::Incomplete(None))));
            Provocation { body, ..in_scene(Scene::Well) }
        }
        "malformed_json" => sent(with_body("[]")),
        "invalid_body" => sent(with_body(r#"{"unknown":1}"#)),
        "invalid_query" => sent(with_query(&good, "unknown=1")),
        "invalid_cursor" => sent(with_query(&good, "cursor=AAAA")),
        "unauthenticated" => sent(Sample { role: None, ..good.clone() }.request()),
        "invalid_token" if good.role.is_none() => in_scene(Scene::Nothing),
        "invalid_token" => sent(good.request().insert_header(("authorization", "Bearer forged"))),
        "invalid_credentials" => in_scene(Scene::WrongPassword),
        "forbidden" => {
            let other = if good.role == Some(Role::Agent) { Role::Customer } else { Role::Agent };
            sent(Sample { role: Some(other), ..good.clone() }.request())
        }
        "not_permitted" => sent(with_body(r#"{"status":"pending"}"#)),
        "not_found" if answer.operation == "POST /register" => in_scene(Scene::NoRegistration),
        "not_found" => in_scene(Scene::Nothing),
        "not_acceptable" => sent(good.request().insert_header(("accept", "text/html"))),
        "request_timeout" => Provocation { body: Some(broken_body(None)), ..in_scene(Scene::Well) },
        "ticket_closed" => in_scene(Scene::Closed),
        // Only an admin does anything with a closed ticket, which is to open it.
        "invalid_transition" => Provocation::new(Scene::Closed, with_body(r#"{"status":"pending"}"#)),
        "already_claimed" => in_scene(Scene::OfAnotherAgent),
        "email_taken" | "team_name_taken" => in_scene(Scene::Taken),
        "last_admin" => Provocation::new(Scene::OneAdmin, good.clone().or(r#"{"is_active":false}"#)),
        "team_not_empty" => in_scene(Scene::NotEmpty),
        "default_team" => in_scene(Scene::DefaultTeam),
        "version_mismatch" => {
            sent(good.request().insert_header(("if-match", "\"1-AAAAAAAAAAAAAAAAAAAAAA\"")))
        }
        "idempotency_key_reused" => {
            let request = good.request().insert_header(("idempotency-key", "another-requests"));
            Provocation::new(Scene::KeyReused, request)
        }
        "payload_too_large" => sent(good.request().insert_header(("content-length", "300000"))),
        "unsupported_media_type" => sent(good.request().insert_header(("content-type", "text/plain"))),
        "validation_failed" => match invalid(&answer.operation) {
            Some(body) => sent(with_body(body)),
            // Nothing in the request says so.
            None => in_scene(Scene::NoAgent),
        },
        "too_many_attempts" => in_scene(Scene::TooManyGuesses),
        "rate_limited" => {
            let request_limit = Some("1/1".parse().unwrap());
            let config = HttpConfig { request_limit, ..HttpConfig::default() };
            Provocation { config, times: 2, ..in_scene(Scene::Well) }
        }
        "internal_error" => in_scene(Scene::Faulty),
        "store_unavailable" => in_scene(Scene::Away),
        "busy" => in_scene(Scene::Busy),
        "draining" => in_scene(Scene::Draining),
        other => panic!("nobody has said how to provoke {other}"),
    }
}

async fn provoke(answer: &Observed) -> Option<Observed> {
    let Provocation { scene, request, body, config, times } = provocation(answer);
    let waits = answer.code.as_deref() == Some("request_timeout");
    let api = scene.desk().api_with(&config).await;
    if scene == Scene::Draining {
        api.state.drain();
    }
    if waits {
        // The clock of timers jumps to the next one as soon as nothing else is left to do.
        tokio::time::pause();
    }
    for _ in 1..times {
        api.send(sample(&answer.operation).request()).await;
    }
    let observed = api.observe(request, body).await.1;
    if waits {
        tokio::time::resume();
    }
    observed
}

/// Provokes all that is documented of the operations whose path begins so.
async fn provoke_all(is_meant: impl Fn(&str) -> bool) {
    let documented: Vec<Observed> = Contract::of_the_api()
        .documented()
        .into_iter()
        .filter(|answer| answer.operation.split_once(' ').is_some_and(|(_, path)| is_meant(path)))
        .collect();
    assert!(documented.len() > 50, "{} answers", documented.len());
    let mut unseen = Vec::new();
    for answer in documented {
        let observed = provoke(&answer).await;
        if observed.as_ref() != Some(&answer) {
            unseen.push(format!("{answer:?}\n    but got {observed:?}"));
        }
    }
    assert!(unseen.is_empty(), "documented, and not what is answered:\n{}", unseen.join("\n"));
}

#[actix_web::test]
async fn everything_documented_for_admins_is_answered() {
    provoke_all(|path| path.starts_with("/admin/")).await;
}

#[actix_web::test]
async fn everything_documented_for_agents_is_answered() {
    provoke_all(|path| path.starts_with("/agent/")).await;
}

#[actix_web::test]
async fn everything_documented_for_customers_is_answered() {
    provoke_all(|path| path.starts_with("/customer/")).await;
}

#[actix_web::test]
async fn everything_documented_for_all_is_answered() {
    provoke_all(|path| !["/admin/", "/agent/", "/customer/"].iter().any(|group| path.starts_with(group)))
        .await;
}
