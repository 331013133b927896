//! Where a request comes from, and what sent it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderName, USER_AGENT};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use helpdesk_domain::ClientAddress;

use crate::problem::{ApiError, ErrorCode};
use crate::state::AppState;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The most characters of a `User-Agent` that are kept: what tells one device from another stands in the first hundred.
const USER_AGENT_MAX_CHARS: usize = 200;

/// Whoever sent a request, signed in or not. No request fails for it: what cannot be read counts as not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Where the request comes from, by the rules of [`TrustedProxies`](crate::TrustedProxies).
    pub(crate) address: ClientAddress,
    /// What the caller says it is, in one line without control characters. It may be made up, and is text for people alone.
    pub(crate) user_agent: Option<String>,
}

impl FromRequest for Client {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(state) = request.app_data::<Data<AppState>>() else {
            return ready(Err(
                ApiError::new(ErrorCode::InternalError).with_cause("the application has no state")
            ));
        };
        let peer = request.peer_addr().map(|peer| peer.ip());
        let headers = request.headers();
        let address = state.trusted_proxies.client_of(peer, headers.get_all(X_FORWARDED_FOR));
        ready(Ok(Self { address, user_agent: user_agent(headers) }))
    }
}

// Sign-in is the first handler to take it; until it does, this keeps the compiler from calling it unused.
const _: fn(&HttpRequest, &mut Payload) -> Ready<Result<Client, ApiError>> = Client::from_request;

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(USER_AGENT)?.as_bytes());
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(USER_AGENT_MAX_CHARS).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn a_user_agent_is_one_short_line() {
        let of = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.append(USER_AGENT, HeaderValue::from_bytes(value).unwrap());
            headers.append(USER_AGENT, HeaderValue::from_static("second"));
            user_agent(&headers)
        };
        assert_eq!(user_agent(&HeaderMap::new()), None);
        assert_eq!(of(b"curl/8.5.0").unwrap(), "curl/8.5.0");
        assert_eq!(of(b" a\tb\xc2\x85c ").unwrap(), "abc");
        assert_eq!(of(b"a\xffb").unwrap(), "a\u{fffd}b");
        assert_eq!(of("ä".repeat(300).as_bytes()).unwrap(), "ä".repeat(200));
        for nothing in [&b""[..], b"  ", b"\t", b"\xc2\x85"] {
            assert_eq!(of(nothing), None, "{nothing:?}");
        }
    }
}
