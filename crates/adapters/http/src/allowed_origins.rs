//! Which pages of other origins may call the API from a browser (the CORS protocol of the Fetch standard).
//!
//! An origin is listed exactly or it is not: there are no patterns, since whoever can make a page at any name that a pattern admits
//! would call the API with it.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use actix_web::http::header::{HeaderMap, HeaderValue, ORIGIN};

/// The origins whose pages may call the API; none by default. Parsed from origins with commas in between, such as
/// `https://desk.example.com, http://localhost:5173`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedOrigins(Vec<String>);

/// Why a list of origins was refused. `Display` says it to the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOrigins(String);

impl fmt::Display for InvalidOrigins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidOrigins {}

impl FromStr for AllowedOrigins {
    type Err = InvalidOrigins;

    fn from_str(text: &str) -> Result<Self, InvalidOrigins> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        text.split(',').map(|element| origin(element.trim())).collect::<Result<_, _>>().map(Self)
    }
}

impl AllowedOrigins {
    /// Whether there are any.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The origin of the page that a request comes from, if it is listed.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let mut given = headers.get_all(ORIGIN);
        let origin = given.next().filter(|_| given.next().is_none())?;
        self.0.iter().any(|listed| listed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
    }
}

/// An origin as browsers write it. One that is written otherwise would never match, so the operator is told how it is written.
fn origin(text: &str) -> Result<String, InvalidOrigins> {
    let refuse = |reason: String| Err(InvalidOrigins(format!("{text:?} {reason}")));
    if text == "*" || text == "null" {
        return refuse("would let in pages that nobody knows; name each origin".to_owned());
    }
    let parts = text.split_once("://").filter(|_| !text.contains(char::is_whitespace));
    let Some((scheme, authority)) = parts else {
        return refuse("is no origin; write one as in https://desk.example.com".to_owned());
    };
    if let Some((origin, _)) = authority.split_once(['/', '?', '#']) {
        return refuse(format!("has something behind the origin; say {scheme}://{origin}"));
    }
    let lower = text.to_ascii_lowercase();
    if lower != text {
        return refuse(format!("is not as browsers write it; say {lower}"));
    }
    let (host, port) = host_and_port(authority);
    if !is_scheme(scheme) || !is_host(host) {
        return refuse("is no origin; write one as in https://desk.example.com".to_owned());
    }
    match port {
        None => Ok(text.to_owned()),
        Some(port) if usual_port(scheme) == Some(port) => {
            refuse(format!("names the usual port, which browsers leave out; say {scheme}://{host}"))
        }
        Some(port) if port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port) => {
            Ok(text.to_owned())
        }
        Some(_) => refuse("has a port that is none".to_owned()),
    }
}

fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        // The colons of an address of IPv6 are in brackets.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_scheme(scheme: &str) -> bool {
    // Pages of applications have schemes of their own. A file's page has no origin.
    scheme != "file"
        && scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok_and(|parsed| parsed.to_string() == address);
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    host.split('.').all(is_label)
}

fn usual_port(scheme: &str) -> Option<&'static str> {
    match scheme {
        "http" => Some("80"),
        "https" => Some("443"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(list: &str, origins: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for origin in origins {
            headers.append(ORIGIN, HeaderValue::from_static(origin));
        }
        let allowed: AllowedOrigins = list.parse().unwrap();
        allowed.of(&headers).map(|origin| origin.to_str().unwrap().to_owned())
    }

    #[test]
    fn an_origin_is_listed_exactly_or_not_at_all() {
        const LIST: &str =
            "https://desk.example.com, http://localhost:5173,http://[::1]:8080,capacitor://localhost";
        for listed in [
            "https://desk.example.com",
            "http://localhost:5173",
            "http://[::1]:8080",
            "capacitor://localhost",
        ] {
            assert_eq!(of(LIST, &[listed]).as_deref(), Some(listed));
        }
        for other in [
            "",
            "null",
            "http://desk.example.com",
            "https://desk.example.com:8443",
            "https://desk.example.com.evil.example",
            "https://evil.desk.example.com",
            "https://deskxexample.com",
            "https://DESK.example.com",
            "https://desk.example.com/",
            "http://localhost",
            "http://localhost:51730",
        ] {
            assert_eq!(of(LIST, &[other]), None, "{other}");
        }
        assert_eq!(of(LIST, &[]), None);
        assert_eq!(of(LIST, &["https://desk.example.com", "https://desk.example.com"]), None);
        assert_eq!(of("", &["https://desk.example.com"]), None);
    }

    #[test]
    fn nonsense_among_the_origins_is_refused_and_said() {
        for none in ["", " "] {
            assert_eq!(none.parse(), Ok(AllowedOrigins::default()));
        }
        for (bad, said) in [
            ("*", "name each origin"),
            ("null", "name each origin"),
            ("https://*.example.com", "is no origin"),
            ("desk.example.com", "is no origin"),
            ("https://", "is no origin"),
            ("https://desk example.com", "is no origin"),
            ("https://user@desk.example.com", "is no origin"),
            ("https://dësk.example.com", "is no origin"),
            ("https://desk..example.com", "is no origin"),
            ("https://desk.example.com.", "is no origin"),
            ("file://desk", "is no origin"),
            ("1s://desk", "is no origin"),
            ("http://[::1", "is no origin"),
            ("http://[0:0:0:0:0:0:0:1]", "is no origin"),
            ("https://desk.example.com/", "say https://desk.example.com"),
            ("https://desk.example.com/app?x", "say https://desk.example.com"),
            ("https://Desk.Example.com", "say https://desk.example.com"),
            ("https://desk.example.com:443", "say https://desk.example.com"),
            ("http://localhost:80", "say http://localhost"),
            ("http://localhost:0", "port"),
            ("http://localhost:", "port"),
            ("http://localhost:080", "port"),
            ("http://localhost:65536", "port"),
            ("https://desk.example.com,", "is no origin"),
            ("https://desk.example.com http://localhost:5173", "is no origin"),
        ] {
            let error = bad.parse::<AllowedOrigins>().unwrap_err().to_string();
            assert!(error.contains(said) && !error.contains('\n'), "{bad}: {error}");
        }
    }
}
