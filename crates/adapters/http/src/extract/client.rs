//! Where a request comes from, and what sent it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderName, USER_AGENT};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use helpdesk_domain::UserAgent;

use crate::problem::{ApiError, ErrorCode};
use crate::state::AppState;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whoever sent a request, signed in or not. No request fails for it: what cannot be read counts as not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client(pub(crate) helpdesk_domain::Client);

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
        ready(Ok(Self(helpdesk_domain::Client { address, user_agent: user_agent(headers) })))
    }
}

/// What the caller says it is. It may be made up, and is text for people alone.
fn user_agent(headers: &HeaderMap) -> Option<UserAgent> {
    UserAgent::clean(&String::from_utf8_lossy(headers.get(USER_AGENT)?.as_bytes()))
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
            user_agent(&headers).map(|name| name.as_str().to_owned())
        };
        assert_eq!(user_agent(&HeaderMap::new()), None);
        assert_eq!(of(b"curl/8.5.0").unwrap(), "curl/8.5.0");
        assert_eq!(of(b" a\tb\xc2\x85c ").unwrap(), "a b c");
        assert_eq!(of(b"a\xffb").unwrap(), "a\u{fffd}b");
        assert_eq!(of("ä".repeat(300).as_bytes()).unwrap(), "ä".repeat(200));
        for nothing in [&b""[..], b"  ", b"\t", b"\xc2\x85"] {
            assert_eq!(of(nothing), None, "{nothing:?}");
        }
    }
}
