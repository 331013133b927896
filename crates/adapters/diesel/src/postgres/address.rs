//! The database's address.

use crate::OpenError;

/// What an address says unless it says otherwise. A server that is lost is noticed within four seconds: while connecting,
/// while waiting for an answer, and while sending.
const DEFAULTS: &[(&str, &str)] = &[
    ("application_name", "helpdesk"),
    ("connect_timeout", "2"),
    ("keepalives", "1"),
    ("keepalives_idle", "2"),
    ("keepalives_interval", "1"),
    ("keepalives_count", "2"),
    ("tcp_user_timeout", "4000"),
];

/// The address with the [`DEFAULTS`] that it leaves open.
pub(super) fn with_defaults(url: &str) -> Result<String, OpenError> {
    let bad = |what: &str| Err(OpenError::BadSetting(what.to_owned()));
    let Some(rest) = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://")) else {
        return bad("the address must begin with postgres://");
    };
    if url.contains('\0') {
        return bad("the address must not contain NUL");
    }
    let (_, after_credentials) = split_credentials(rest);
    let (place, query) = after_credentials.split_once('?').unwrap_or((after_credentials, ""));
    // A password with a raw @ or / would be read as part of a host's or database's name, and shown in errors.
    if place.contains('@') {
        return bad("an @ or / in the user name or password must be written %40 or %2F");
    }
    let is_given = |key: &str| query.split('&').any(|pair| pair.split('=').next() == Some(key));
    let mut address = url.to_owned();
    let mut separator = if after_credentials.contains('?') { "&" } else { "?" };
    if address.ends_with(['?', '&']) {
        separator = "";
    }
    for (key, value) in DEFAULTS.iter().filter(|(key, _)| !is_given(key)) {
        address.extend([separator, key, "=", value]);
        separator = "&";
    }
    Ok(address)
}

/// What stands before the place, and the rest. As libpq reads it: credentials end at the first @ before any /.
fn split_credentials(rest: &str) -> (&str, &str) {
    match rest.find(['@', '/']) {
        Some(end) if rest[end..].starts_with('@') => (&rest[..end], &rest[end + 1..]),
        _ => ("", rest),
    }
}

/// The parameters that are secrets of their own.
const SECRET_PARAMETERS: &[&str] =
    &["password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"];

/// How libpq begins to tell what became of trying a server. What else it says is of the address, which it likes to repeat
/// whole, password and all.
const OF_A_SERVER: &[&str] = &["connection to server ", "could not translate host name "];

/// Why connecting to the address failed, without any secret of it.
pub(super) fn failure(address: &str, message: &str) -> OpenError {
    if !OF_A_SERVER.iter().any(|beginning| message.starts_with(beginning)) {
        return OpenError::BadSetting(
            "the address is not understood; in the user name and password, write all but letters and digits as %20 and so \
             on, and check the names and values behind the ?"
                .to_owned(),
        );
    }
    let mut shown = message.to_owned();
    for secret in secrets(address) {
        shown = shown.replace(&secret, "***");
    }
    OpenError::Unreachable(OpenError::line(&shown))
}

/// Every secret of the address, as it is written and as it is meant. The longest first, since one may hold another.
fn secrets(address: &str) -> Vec<String> {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    let (credentials, rest) = split_credentials(rest);
    let (_, query) = rest.split_once('?').unwrap_or((rest, ""));
    let parameters = query.split('&').filter_map(|pair| pair.split_once('='));
    let of_parameters = parameters
        .filter(|(key, _)| SECRET_PARAMETERS.contains(&decoded(key).as_str()))
        .map(|(_, value)| value);
    let password = credentials.split_once(':').map(|(_, password)| password);
    let written = password.into_iter().chain(of_parameters);
    let mut secrets: Vec<_> = written
        .flat_map(|secret| [secret.to_owned(), decoded(secret)])
        .filter(|secret| !secret.is_empty())
        .collect();
    secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

/// With every %XX replaced by the byte that it stands for.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let escaped = behind
            .first_chunk::<2>()
            .filter(|digits| first == b'%' && digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_a_failure_holds_no_secret() {
        let address = "postgres://u:se%63ret@db/x?sslpassword=hush%20hush&pass%77ord=other&user=secr";
        let told = "connection to server at \"db\": secret, se%63ret, hush hush, hush%20hush, other and secr";
        assert_eq!(
            failure(address, told),
            OpenError::Unreachable(
                "connection to server at \"db\": ***, ***, ***, ***, *** and secr".to_owned()
            )
        );
        for told in
            ["invalid percent-encoded token: \"secret\"", "secret", "", " connection to server secret"]
        {
            let OpenError::BadSetting(shown) = failure(address, told) else { panic!("{told}") };
            assert!(!shown.contains("secret"), "{shown}");
        }
    }

    #[test]
    fn an_address_is_read_as_it_is_meant() {
        for (written, meant) in
            [("a%20b", "a b"), ("%zz%4", "%zz%4"), ("%C3%A4", "ä"), ("%%41", "%A"), ("%+1", "%+1")]
        {
            assert_eq!(decoded(written), meant);
        }
    }

    const ALL: &str = "application_name=helpdesk&connect_timeout=2&keepalives=1&keepalives_idle=2&keepalives_interval=1\
        &keepalives_count=2&tcp_user_timeout=4000";

    #[test]
    fn what_an_address_leaves_open_is_filled_in() {
        for (url, separator) in [
            ("postgres://db/helpdesk", "?"),
            ("postgresql://u:p%40ss@db:5433/helpdesk", "?"),
            ("postgres://u:what?@db/helpdesk", "?"),
            ("postgres://db/helpdesk?", ""),
            ("postgres://db/helpdesk?sslmode=require", "&"),
            ("postgres:///helpdesk?host=/run/postgresql", "&"),
        ] {
            assert_eq!(with_defaults(url), Ok(format!("{url}{separator}{ALL}")));
        }
    }

    #[test]
    fn what_an_address_says_stands() {
        let address = with_defaults("postgres://db/x?connect_timeout=9&application_name=me").unwrap();
        assert_eq!(address.matches("connect_timeout=").count(), 1);
        assert_eq!(address.matches("application_name=").count(), 1);
        assert!(address.contains("tcp_user_timeout=4000"));
    }

    #[test]
    fn what_libpq_would_read_otherwise_is_refused_without_repeating_it() {
        for url in ["postgres://u:se@cret@db/x", "postgres://u:se/cret@db/x", "mysql://secret@db/x", "secret"]
        {
            let Err(OpenError::BadSetting(message)) = with_defaults(url) else { panic!("{url}") };
            assert!(!message.contains("cret"), "{message}");
        }
    }
}
