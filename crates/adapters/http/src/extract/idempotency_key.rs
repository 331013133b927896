//! `Idempotency-Key`

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest};
use helpdesk_ports::{Cause, IdempotencyKeyError};
use helpdesk_use_cases::OnceRequest;

use crate::idempotency::{Created, Fingerprinter};
use crate::problem::{ApiError, ErrorCode, FieldError};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The key that the caller has given to the request, as it was sent.
pub(crate) struct IdempotencyKey(HttpRequest);

/// A key, and the request that it was given to.
pub(crate) struct KeyedRequest {
    key: helpdesk_ports::IdempotencyKey,
    request: HttpRequest,
}

impl FromRequest for IdempotencyKey {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.clone())))
    }
}

impl IdempotencyKey {
    /// The key, if there is one. One that is none is never passed over: whoever sends it relies on it.
    pub(crate) fn read(self) -> Result<Option<KeyedRequest>, ApiError> {
        let mut lines = self.0.headers().get_all(&IDEMPOTENCY_KEY);
        let Some(first) = lines.next() else {
            return Ok(None);
        };
        let only = if lines.next().is_some() { Err(IdempotencyKeyError) } else { Ok(first) };
        let key = only.and_then(|line| helpdesk_ports::IdempotencyKey::parse(line.as_bytes()));
        match key {
            Ok(key) => Ok(Some(KeyedRequest { key, request: self.0 })),
            Err(error) => {
                let said = format!("{error}, given once");
                let fault = FieldError::new(IDEMPOTENCY_KEY.as_str(), "invalid_value", said.clone());
                let error = ApiError::with_errors(ErrorCode::BadRequest, vec![fault]);
                Err(error.with_detail(format!("The header Idempotency-Key {said}.")))
            }
        }
    }
}

impl KeyedRequest {
    /// What a use case is told of it; `body` is the text of the request's body, which was read.
    pub(crate) fn once<V: 'static>(
        self,
        fingerprints: &Fingerprinter,
        body: &[u8],
        answer: impl Fn(V) -> Result<Created, ApiError> + Send + Sync + 'static,
    ) -> OnceRequest<V> {
        let fingerprint = fingerprints.of(self.request.method().as_str(), self.request.path(), body);
        let keep = move |value| {
            let created = answer(value).map_err(|error| Cause::new(error.cause().unwrap_or_default()))?;
            created.into_kept()
        };
        OnceRequest { key: self.key, fingerprint, answer: Arc::new(keep) }
    }
}
