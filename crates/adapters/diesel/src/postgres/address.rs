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
    // As libpq reads it: credentials end at the first @ before any /.
    let credentials = rest.find(['@', '/']).filter(|&end| rest[end..].starts_with('@'));
    let after_credentials = credentials.map_or(rest, |end| &rest[end + 1..]);
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

#[cfg(test)]
mod tests {
    use super::*;

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
