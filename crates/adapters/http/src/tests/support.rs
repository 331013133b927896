//! A help desk on mocks, and a caller.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{Payload, Service as _};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Bytes;
use helpdesk_domain::{Role, SessionId, Ts, UserId};
use helpdesk_ports::{
    AccessClaims, Admission, Clock, InvalidToken, MockAccessTokens, MockAuditRepository,
    MockExportRepository, MockGuessLimits, MockIdempotencyRepository, MockImportRepository, MockOpaqueTokens,
    MockPasswordHasher, MockPasswordScreen, MockSessionRepository, MockStoreAdmin, MockTeamRepository,
    MockTicketRepository, MockUserRepository, Random, Standing, StoreSecret, Stores, TokenDigest,
};
use helpdesk_use_cases::{HelpDesk, Ports, Settings};
use serde_json::Value;

use super::samples::now;
use crate::HttpConfig;
use crate::application::{self, Published, Shared};
use crate::contract::{Contract, Exchange, Observed};
use crate::state::{AppState, Dependencies};

/// The token that the desk makes whenever it makes one, and its digest.
pub(super) const NEW_TOKEN: &str = "new-token";
pub(super) const NEW_DIGEST: TokenDigest = TokenDigest([7; 32]);
/// A token that somebody may show, and its digest.
pub(super) const SHOWN_TOKEN: &str = "shown-token";
pub(super) const SHOWN_DIGEST: TokenDigest = TokenDigest([8; 32]);

/// A clock that moves by a millisecond whenever it is looked at.
#[derive(Default)]
struct TickingClock(Mutex<Duration>);

impl Clock for TickingClock {
    fn now(&self) -> Ts {
        now()
    }

    fn monotonic(&self) -> Duration {
        let mut time = self.0.lock().unwrap();
        *time += Duration::from_millis(1);
        *time
    }
}

/// Random enough: every buffer is another one.
#[derive(Default)]
struct CountingRandom(Mutex<u8>);

impl Random for CountingRandom {
    fn fill(&self, buffer: &mut [u8]) {
        let mut next = self.0.lock().unwrap();
        *next = next.wrapping_add(1);
        buffer.fill(*next);
    }
}

/// The ports of a help desk, to be prepared by a test. Tokens are of the form `role.id`, or
/// `role.id.session`, and good. Nothing is limited, no password is common, and registration is open, unless the test says so.
pub(super) struct Desk {
    pub(super) tickets: MockTicketRepository,
    pub(super) users: MockUserRepository,
    pub(super) sessions: MockSessionRepository,
    pub(super) store: MockStoreAdmin,
    pub(super) teams: MockTeamRepository,
    pub(super) audit: MockAuditRepository,
    pub(super) idempotency: MockIdempotencyRepository,
    pub(super) exports: MockExportRepository,
    pub(super) passwords: MockPasswordHasher,
    pub(super) password_screen: MockPasswordScreen,
    pub(super) guesses: MockGuessLimits,
    pub(super) settings: Settings,
    access_tokens: MockAccessTokens,
    opaque_tokens: MockOpaqueTokens,
}

fn claims(token: &str, now: Ts) -> Option<AccessClaims> {
    let (role, rest) = token.split_once('.')?;
    let (id, session) = rest.split_once('.').unwrap_or((rest, "1"));
    Some(AccessClaims {
        user: id.parse().ok()?,
        role: role.parse().ok()?,
        session: SessionId::from_bits(session.parse().ok()?),
        token_version: 0,
        issued_at: now,
        expires_at: now,
    })
}

impl Desk {
    /// One where nobody has signed in: whether a token is good is not asked of the store before the test says so.
    pub(super) fn without_sessions() -> Self {
        let mut access_tokens = MockAccessTokens::new();
        access_tokens.expect_verify().returning(|token, now| claims(token, now).ok_or(InvalidToken));
        access_tokens.expect_issue().returning(|claims| Ok(format!("{}.{}", claims.role, claims.user)));
        let mut opaque_tokens = MockOpaqueTokens::new();
        opaque_tokens.expect_generate().returning(|| (NEW_TOKEN.to_owned(), NEW_DIGEST));
        opaque_tokens
            .expect_digest()
            .returning(|token| if token == SHOWN_TOKEN { SHOWN_DIGEST } else { TokenDigest([0; 32]) });
        let mut password_screen = MockPasswordScreen::new();
        password_screen.expect_is_common().return_const(false);
        let mut guesses = MockGuessLimits::new();
        guesses.expect_begin().return_const(Admission::Admitted);
        guesses.expect_take_back().return_const(());
        guesses.expect_begin_registration().return_const(Ok(()));
        Self {
            tickets: MockTicketRepository::new(),
            users: MockUserRepository::new(),
            sessions: MockSessionRepository::new(),
            store: MockStoreAdmin::new(),
            teams: MockTeamRepository::new(),
            audit: MockAuditRepository::new(),
            idempotency: MockIdempotencyRepository::new(),
            exports: MockExportRepository::new(),
            passwords: MockPasswordHasher::new(),
            password_screen,
            guesses,
            settings: Settings { registration_is_open: true, ..Settings::default() },
            access_tokens,
            opaque_tokens,
        }
    }

    /// One where accounts 10 (customer), 20 (agent) and 30 (admin) have signed in.
    pub(super) fn new() -> Self {
        let mut desk = Self::without_sessions();
        desk.sessions.expect_standing().returning(|user, _| Ok(standing_of(user)));
        desk
    }

    pub(super) fn dependencies(self) -> Dependencies {
        let store = Arc::new(self.store);
        let clock: Arc<dyn Clock> = Arc::new(TickingClock::default());
        let random: Arc<dyn Random> = Arc::new(CountingRandom::default());
        let ports = Ports {
            stores: Stores {
                tickets: Arc::new(self.tickets),
                users: Arc::new(self.users),
                sessions: Arc::new(self.sessions),
                teams: Arc::new(self.teams),
                audit: Arc::new(self.audit),
                idempotency: Arc::new(self.idempotency),
                exports: Arc::new(self.exports),
                imports: Arc::new(MockImportRepository::new()),
                admin: store.clone(),
            },
            clock: clock.clone(),
            random: random.clone(),
            passwords: Arc::new(self.passwords),
            password_screen: Arc::new(self.password_screen),
            guesses: Arc::new(self.guesses),
            access_tokens: Arc::new(self.access_tokens),
            opaque_tokens: Arc::new(self.opaque_tokens),
        };
        let help_desk = HelpDesk::new(ports, self.settings);
        let store_secret = StoreSecret([9; 32]);
        Dependencies { help_desk: Arc::new(help_desk), store, store_secret, clock, random }
    }

    /// The API on it.
    pub(super) async fn api(self) -> Api {
        self.api_with(&HttpConfig::default()).await
    }

    /// The API on it, with these settings.
    pub(super) async fn api_with(self, config: &HttpConfig) -> Api {
        let state = Arc::new(AppState::new(self.dependencies(), config).unwrap());
        let service = Rc::new(init_service(application::api(Shared::api(state.clone(), published()))).await);
        let call: Call = Box::new(move |request, body| {
            let service = service.clone();
            Box::pin(async move {
                let mut request = request.to_request();
                if let Some(body) = body {
                    *request.payload() = body;
                }
                let (method, target) = (request.method().to_string(), request.uri().to_string());
                let response = match service.call(request).await {
                    Ok(response) => response.into_parts().1,
                    // What the protocol layer does with an error.
                    Err(error) => error.as_response_error().error_response(),
                };
                let answer = Answer::of(response).await;
                let observed = answer.check(&method, &target);
                (answer, observed)
            })
        });
        Api { call, state }
    }
}

/// Made once: it is the same for every desk.
fn published() -> Published {
    static PUBLISHED: OnceLock<Published> = OnceLock::new();
    PUBLISHED.get_or_init(|| Published::api().unwrap()).clone()
}

fn standing_of(user: UserId) -> Option<Standing> {
    let role = match user.get() {
        10 => Role::Customer,
        20 => Role::Agent,
        30 => Role::Admin,
        _ => return None,
    };
    let expires_at = now().after(Duration::from_mins(1));
    Some(Standing {
        role,
        is_active: true,
        token_version: 0,
        session_token_version: 0,
        expires_at,
        idle_expires_at: expires_at,
        is_revoked: false,
    })
}

/// The token of the signed-in account of this role.
pub(super) fn token(role: Role) -> String {
    let id = match role {
        Role::Customer => 10,
        Role::Agent => 20,
        Role::Admin => 30,
    };
    format!("{role}.{id}")
}

/// An answer, and which of the documented ones it is.
type Answered = (Answer, Option<Observed>);
type Call = Box<dyn Fn(TestRequest, Option<Payload>) -> Pin<Box<dyn Future<Output = Answered>>>>;

/// The API, to be called.
pub(super) struct Api {
    call: Call,
    pub(super) state: Arc<AppState>,
}

impl Api {
    /// Sends a request. Whatever it is about, the answer has to be as the document says.
    pub(super) async fn send(&self, request: TestRequest) -> Answer {
        self.observe(request, None).await.0
    }

    /// The same, perhaps with a body that comes in a way of its own, and tells which of the documented answers it is.
    pub(super) async fn observe(&self, request: TestRequest, body: Option<Payload>) -> Answered {
        (self.call)(request, body).await
    }

    pub(super) async fn get(&self, role: Role, path: &str) -> Answer {
        self.send(signed_in(role, TestRequest::get().uri(path))).await
    }

    pub(super) async fn post(&self, role: Role, path: &str, body: &str) -> Answer {
        self.send(json(signed_in(role, TestRequest::post().uri(path)), body)).await
    }

    pub(super) async fn delete(&self, role: Role, path: &str) -> Answer {
        self.send(signed_in(role, TestRequest::delete().uri(path))).await
    }

    pub(super) async fn put(&self, role: Role, path: &str, body: &str) -> Answer {
        self.send(json(signed_in(role, TestRequest::put().uri(path)), body)).await
    }
}

pub(super) fn signed_in(role: Role, request: TestRequest) -> TestRequest {
    request.insert_header(("authorization", format!("Bearer {}", token(role))))
}

pub(super) fn json(request: TestRequest, body: &str) -> TestRequest {
    request.insert_header(("content-type", "application/json")).set_payload(body.to_owned())
}

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Answer {
    async fn of(response: actix_web::HttpResponse<BoxBody>) -> Self {
        let status: StatusCode = response.status();
        let headers = headers_of(response.headers());
        let body = to_bytes(response.into_body()).await.unwrap();
        Self { status: status.as_u16(), headers, body }
    }

    /// Compares it with the document.
    fn check(&self, method: &str, target: &str) -> Option<Observed> {
        // Where bytes are written the body of an answer to HEAD is left out, which is not part of this.
        let body: &[u8] = if method == "HEAD" { &[] } else { &self.body };
        let exchange = Exchange { method, target, status: self.status, headers: &self.headers, body };
        Contract::of_the_api().check(&exchange).unwrap_or_else(|fault| panic!("{fault}"))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(header, _)| header == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert_eq!(found.next(), None, "{name} twice");
        value
    }

    pub(super) fn header_names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// The `code` of a problem.
    pub(super) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let json = self.json();
        assert_eq!(json["status"], self.status);
        assert_eq!(json["request_id"].as_str(), self.header("x-request-id"));
        json["code"].as_str().unwrap().to_owned()
    }

    /// The faulty fields of a problem, with what is wrong with each.
    pub(super) fn faults(&self) -> Vec<(String, String)> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
    }

    /// The same, written `field:code` and separated by spaces.
    pub(super) fn faults_in_short(&self) -> String {
        let named: Vec<String> =
            self.faults().iter().map(|(field, code)| format!("{field}:{code}")).collect();
        named.join(" ")
    }

    /// The same answer without what differs from request to request.
    pub(super) fn without_request_id(mut self) -> Self {
        let id = self.header("x-request-id").unwrap().to_owned();
        self.headers.retain(|(name, _)| name != "x-request-id");
        let body = std::str::from_utf8(&self.body).unwrap().replace(&id, "");
        self.body = body.into();
        self
    }
}

fn headers_of(headers: &HeaderMap) -> Vec<(String, String)> {
    let pair =
        |(name, value): (&actix_web::http::header::HeaderName, &actix_web::http::header::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
    let mut list: Vec<_> = headers.iter().map(pair).collect();
    list.sort();
    list
}
