//! Query strings, read strictly: what is not understood is refused by name, never ignored.

use std::convert::Infallible;
use std::fmt::{Display, Write as _};
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::problem::{ApiError, ErrorCode, FieldError};

/// More parameters than any list has. A query string has room for tens of thousands, and every fault is to be named.
const MAX_PARAMETERS: usize = 32;

/// The query string, as it was sent.
pub(crate) struct QueryString(String);

impl FromRequest for QueryString {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.query_string().to_owned())))
    }
}

impl QueryString {
    #[cfg(test)]
    pub(crate) fn of(raw: &str) -> Self {
        Self(raw.to_owned())
    }

    /// Takes it apart into parameters (`application/x-www-form-urlencoded`, WHATWG URL, section 5.1, but strict about
    /// percent-encoding and UTF-8).
    pub(crate) fn read(&self) -> Result<QueryReader, ApiError> {
        let undecodable = || {
            ApiError::new(ErrorCode::InvalidQuery)
                .with_detail("The query string must be percent-encoded UTF-8 without NUL.")
        };
        if self.0.split('&').nth(MAX_PARAMETERS).is_some() {
            let error = ApiError::new(ErrorCode::InvalidQuery);
            return Err(error.with_detail(format!("There are more than {MAX_PARAMETERS} parameters.")));
        }
        let mut parameters = Vec::new();
        let mut faults = Vec::new();
        for pair in self.0.split('&').filter(|_| !self.0.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(undecodable)?;
            if let Some(value) = decode(value) {
                parameters.push((name, value));
            } else {
                faults.push(FieldError::new(
                    name,
                    "invalid_value",
                    "must be percent-encoded UTF-8 without NUL",
                ));
            }
        }
        Ok(QueryReader { parameters, taken: Vec::new(), faults })
    }
}

/// The text behind a percent-encoded one, if it is well-formed and holds no NUL.
fn decode(raw: &str) -> Option<String> {
    let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

fn encode_into(target: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b',') {
            target.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(target, "%{byte:02X}");
        }
    }
}

/// The parameters of a query string. Each is asked for by name; what nobody asked for is a fault.
pub(crate) struct QueryReader {
    parameters: Vec<(String, String)>,
    taken: Vec<&'static str>,
    faults: Vec<FieldError>,
}

impl QueryReader {
    /// The value of a parameter, if it is there and good. A fault is kept for [`QueryReader::finish`].
    pub(crate) fn take<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.taken.push(name);
        let mut values = self.parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let value = values.next()?;
        if values.next().is_some() {
            self.faults.push(FieldError::new(name, "repeated_parameter", "must be given once"));
            return None;
        }
        parse(value)
            .map_err(|error| self.faults.push(FieldError::new(name, "invalid_value", error.to_string())))
            .ok()
    }

    /// Like [`QueryReader::take`], for values separated by commas.
    pub(crate) fn take_list<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        self.take(name, |value| value.split(',').map(parse).collect::<Result<Vec<T>, E>>())
            .unwrap_or_default()
    }

    /// Refuses the request if any parameter is unknown, repeated or has a bad value, and names each.
    pub(crate) fn finish(mut self) -> Result<Self, ApiError> {
        for (name, _) in &self.parameters {
            if !self.taken.contains(&name.as_str()) {
                let fault =
                    FieldError::new(name.clone(), "unknown_parameter", "is not a parameter of this list");
                if !self.faults.contains(&fault) {
                    self.faults.push(fault);
                }
            }
        }
        if self.faults.is_empty() {
            Ok(self)
        } else {
            Err(ApiError::with_errors(ErrorCode::InvalidQuery, self.faults))
        }
    }

    /// The same query with another cursor, as a relative reference from the list's path.
    pub(crate) fn with_cursor(&self, path: &str, cursor: &str) -> String {
        let mut reference = format!("{path}?");
        for (name, value) in self.parameters.iter().filter(|(name, _)| name != "cursor") {
            encode_into(&mut reference, name);
            reference.push('=');
            encode_into(&mut reference, value);
            reference.push('&');
        }
        reference.push_str("cursor=");
        encode_into(&mut reference, cursor);
        reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Result<u64, &'static str> {
        text.parse().map_err(|_| "must be a number")
    }

    type Faults = Vec<(String, String)>;

    fn read(raw: &str) -> Result<(Option<u64>, Vec<u64>), Faults> {
        let faults = |error: ApiError| {
            assert_eq!(error.code(), ErrorCode::InvalidQuery);
            let json = serde_json::to_value(crate::problem::Problem::of(&error, "r")).unwrap();
            let errors = json["errors"].as_array().cloned().unwrap_or_default();
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            errors.iter().map(|e| (text(&e["field"]), text(&e["code"]))).collect::<Vec<_>>()
        };
        let mut reader = QueryString::of(raw).read().map_err(faults)?;
        let one = reader.take("one", digits);
        let many = reader.take_list("many", digits);
        reader.finish().map_err(faults)?;
        Ok((one, many))
    }

    #[test]
    fn parameters_are_decoded_and_parsed() {
        assert_eq!(read(""), Ok((None, vec![])));
        assert_eq!(read("one=7"), Ok((Some(7), vec![])));
        assert_eq!(read("%6Fne=%37&many=1%2c2,3"), Ok((Some(7), vec![1, 2, 3])));
    }

    #[test]
    fn every_fault_is_named() {
        let named = |raw: &str| read(raw).unwrap_err();
        let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(named("one=x"), [pair("one", "invalid_value")]);
        assert_eq!(named("one"), [pair("one", "invalid_value")]);
        assert_eq!(named("one=1&one=1"), [pair("one", "repeated_parameter")]);
        assert_eq!(named("two=1&two=2"), [pair("two", "unknown_parameter")]);
        assert_eq!(named("one=1&&many=1"), [pair("", "unknown_parameter")]);
        assert_eq!(named("many=1,,2"), [pair("many", "invalid_value")]);
        assert_eq!(
            named("One=1&one=x&many=y"),
            [pair("one", "invalid_value"), pair("many", "invalid_value"), pair("One", "unknown_parameter")]
        );
    }

    #[test]
    fn only_so_many_parameters_are_looked_at() {
        let unknown = |count: usize| read(&vec!["x"; count].join("&")).unwrap_err().len();
        assert_eq!(unknown(MAX_PARAMETERS), 1);
        assert_eq!(unknown(MAX_PARAMETERS + 1), 0);
        assert_eq!(unknown(100_000), 0);
    }

    #[test]
    fn what_cannot_be_decoded_is_refused() {
        for raw in ["one=%", "one=%4", "one=%zz", "one=%00", "one=%ff", "one=%ed%a0%80"] {
            assert_eq!(read(raw), Err(vec![("one".to_owned(), "invalid_value".to_owned())]), "{raw}");
        }
        assert_eq!(read("%c3%28=1"), Err(vec![]), "a name that is none cannot be named");
    }

    #[test]
    fn the_next_page_has_the_same_query() {
        let reader = QueryString::of("status=open,In%20Progress&cursor=old&q=%22a%26b%22").read().unwrap();
        assert_eq!(
            reader.with_cursor("/agent/tickets", "new_-"),
            "/agent/tickets?status=open,In%20Progress&q=%22a%26b%22&cursor=new_-"
        );
    }
}
