//! Where a request comes from, as a handler is told.

use std::sync::Arc;

use actix_web::FromRequest as _;
use actix_web::test::TestRequest;
use actix_web::web::Data;
use helpdesk_domain::UserAgent;

use super::support::Desk;
use crate::HttpConfig;
use crate::extract::Client;
use crate::state::AppState;

async fn client(trusted: &str, peer: &str, request: TestRequest) -> helpdesk_domain::Client {
    let config = HttpConfig { trusted_proxies: trusted.parse().unwrap(), ..HttpConfig::default() };
    let state = Arc::new(AppState::new(Desk::new().dependencies(), &config).unwrap());
    let peer = format!("{peer}:50000").parse().unwrap();
    let request = request.app_data(Data::from(state)).peer_addr(peer).to_http_request();
    Client::extract(&request).await.unwrap().0
}

#[actix_web::test]
async fn the_header_counts_from_trusted_proxies_alone() {
    let request = || {
        TestRequest::default()
            .append_header(("x-forwarded-for", "1.1.1.1, 198.51.100.1"))
            .append_header(("X-Forwarded-For", "10.0.0.2"))
            .append_header(("forwarded", "for=8.8.8.8"))
    };
    for (trusted, peer, expected) in [
        ("", "10.0.0.1", "10.0.0.1"),
        ("10.0.0.2", "10.0.0.1", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.1", "10.0.0.2"),
        ("10.0.0.0/8", "10.0.0.1", "198.51.100.1"),
        ("10.0.0.0/8", "[::ffff:10.0.0.1]", "198.51.100.1"),
        ("10.0.0.0/8", "192.0.2.1", "192.0.2.1"),
    ] {
        assert_eq!(client(trusted, peer, request()).await.address.to_string(), expected, "{trusted} {peer}");
    }
}

#[actix_web::test]
async fn what_sent_the_request_is_told_where_it_says_so() {
    let with = TestRequest::default().insert_header(("user-agent", "curl/8.5.0"));
    let user_agent = client("", "192.0.2.1", with).await.user_agent;
    assert_eq!(user_agent.as_ref().map(UserAgent::as_str), Some("curl/8.5.0"));
    assert_eq!(client("", "192.0.2.1", TestRequest::default()).await.user_agent, None);
}
