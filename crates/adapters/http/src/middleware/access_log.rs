//! The line that each request leaves in the log.

use std::fmt;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use helpdesk_domain::UserId;

/// What a line says. Each value is from a closed set, a number, or a checked request id: nothing that a caller made up can
/// reach the log, and a line is always one line.
pub(super) struct Line<'a> {
    pub(super) method: &'static str,
    pub(super) route: &'a str,
    pub(super) status: StatusCode,
    pub(super) took: Duration,
    pub(super) request_id: &'a str,
    pub(super) user: Option<UserId>,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, route, status, took, request_id, user } = self;
        let (status, micros) = (status.as_u16(), took.as_micros());
        write!(
            f,
            "method={method} route={route} status={status} time_us={micros} request_id={request_id} user="
        )?;
        match user {
            Some(user) => user.fmt(f),
            None => f.write_str("-"),
        }
    }
}

/// The method's name if it is a usual one: a caller can send any word.
pub(super) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "-",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_same_fields_whoever_calls() {
        let mut line = Line {
            method: method_name(&Method::PUT),
            route: "/agent/tickets/{id}",
            status: StatusCode::OK,
            took: Duration::from_micros(812),
            request_id: "abc-1",
            user: UserId::new(12).ok(),
        };
        assert_eq!(
            line.to_string(),
            "method=PUT route=/agent/tickets/{id} status=200 time_us=812 request_id=abc-1 user=12"
        );
        line.user = None;
        line.method = method_name(&Method::from_bytes(b"EVIL").unwrap());
        assert_eq!(
            line.to_string(),
            "method=- route=/agent/tickets/{id} status=200 time_us=812 request_id=abc-1 user=-"
        );
    }
}
