//! The access token of a request (RFC 6750, section 2.1).

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

use crate::problem::{ApiError, ErrorCode};

/// The token of the one `Authorization` header of the scheme `Bearer`. Another scheme is as good as none.
pub(super) fn bearer_token(headers: &HeaderMap) -> Result<&str, ApiError> {
    let mut values = headers.get_all(AUTHORIZATION);
    let value = values.next().ok_or_else(|| ApiError::new(ErrorCode::Unauthenticated))?;
    let invalid = || ApiError::new(ErrorCode::InvalidToken);
    if values.next().is_some() {
        // Which one counts would depend on who reads them: a proxy may have checked the other.
        return Err(invalid());
    }

    let bytes = value.as_bytes();
    let scheme = bytes.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    if !scheme.eq_ignore_ascii_case(b"Bearer") {
        return Err(ApiError::new(ErrorCode::Unauthenticated));
    }
    let token = bytes.get(scheme.len()..).unwrap_or_default().trim_ascii();
    let is_token68 = !token.is_empty()
        && token.iter().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
        });
    std::str::from_utf8(token).ok().filter(|_| is_token68).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn token_of(values: &[&[u8]]) -> Result<String, &'static str> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        bearer_token(&headers).map(str::to_owned).map_err(|error| error.code().as_str())
    }

    #[test]
    fn the_scheme_is_read_in_any_case() {
        for value in ["Bearer a.b-c_d", "bearer a.b-c_d", "BEARER   a.b-c_d ", "Bearer\ta.b-c_d"] {
            assert_eq!(token_of(&[value.as_bytes()]), Ok("a.b-c_d".to_owned()), "{value:?}");
        }
    }

    #[test]
    fn no_token_is_told_from_a_bad_one() {
        let none: [&[&[u8]]; 5] = [&[], &[b"Basic YTpi"], &[b""], &[b"Bearers x"], &[b"\xff\xfe x"]];
        for values in none {
            assert_eq!(token_of(values), Err("unauthenticated"), "{values:?}");
        }
        let bad: [&[&[u8]]; 8] = [
            &[b"Bearer"],
            &[b"Bearer "],
            &[b"Bearer a b"],
            &[b"Bearer a,b"],
            &[b"Bearer a\xc3\xa9"],
            &[b"Bearer \"a\""],
            &[b"Bearer a", b"Bearer a"],
            &[b"Basic YTpi", b"Bearer a"],
        ];
        for values in bad {
            assert_eq!(token_of(values), Err("invalid_token"), "{values:?}");
        }
    }
}
