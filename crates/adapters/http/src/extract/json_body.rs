//! JSON bodies.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use validator::Validate;

use super::json_fault;
use crate::problem::{ApiError, ErrorCode};
use crate::validation;

/// The most bytes that a body may have.
const BODY_LIMIT: usize = 256 * 1024;
/// The most bytes of a body from somebody who is not signed in: enough for any address and password, and too few for many of them
/// to fill the memory.
const ANONYMOUS_BODY_LIMIT: usize = 16 * 1024;
/// How long a body may take to arrive, so that no one holds a connection by sending a byte now and then.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A body that nobody has read yet: a handler reads it when it has it, after its guard.
pub(crate) struct JsonBody {
    request: HttpRequest,
    payload: Payload,
}

impl FromRequest for JsonBody {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self { request: request.clone(), payload: payload.take() }))
    }
}

impl JsonBody {
    /// Reads, parses and validates it. The answer to a faulty value names every faulty field.
    pub(crate) async fn read<T: DeserializeOwned + Validate>(self) -> Result<T, ApiError> {
        Ok(self.read_within(BODY_LIMIT).await?.0)
    }

    /// The same, with the text that it was read from.
    pub(crate) async fn read_with_text<T: DeserializeOwned + Validate>(
        self,
    ) -> Result<(T, BytesMut), ApiError> {
        self.read_within(BODY_LIMIT).await
    }

    /// The same for a caller who is not signed in, who may send less.
    pub(crate) async fn read_from_anyone<T: DeserializeOwned + Validate>(self) -> Result<T, ApiError> {
        Ok(self.read_within(ANONYMOUS_BODY_LIMIT).await?.0)
    }

    async fn read_within<T: DeserializeOwned + Validate>(
        self,
        limit: usize,
    ) -> Result<(T, BytesMut), ApiError> {
        check_headers(self.request.headers(), limit)?;
        let bytes = actix_web::rt::time::timeout(BODY_TIMEOUT, collect(self.payload, limit))
            .await
            .map_err(|_| ApiError::new(ErrorCode::RequestTimeout))??;
        let value: T = parse(&bytes)?;
        value.validate().map_err(validation::error_of)?;
        Ok((value, bytes))
    }
}

/// For `#[serde(default, deserialize_with = "present")]`: a field that may be left out, but where it is given is not
/// `null` (unless `T` itself has a meaning for that).
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// For `#[serde(deserialize_with = "object")]`: a struct inside another, which serde would fill from an array as well.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(Object(PhantomData))
}

fn check_headers(headers: &HeaderMap, limit: usize) -> Result<(), ApiError> {
    let unsupported = || ApiError::new(ErrorCode::UnsupportedMediaType);
    let text = |name| {
        let mut values = headers.get_all(name);
        let value = values.next().map(|value| value.to_str().map_err(|_| unsupported())).transpose()?;
        if values.next().is_some() { Err(unsupported()) } else { Ok(value) }
    };
    if !text(CONTENT_TYPE)?.is_some_and(is_json) {
        return Err(unsupported());
    }
    if text(CONTENT_ENCODING)?.is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity")) {
        return Err(unsupported());
    }
    let announced = text(CONTENT_LENGTH)?.and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    Ok(())
}

/// `application/json`, at the most with the one charset that JSON has (RFC 8259, section 8.1).
fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case("application/json")
        && parts.all(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

fn too_large(limit: usize) -> ApiError {
    let detail = format!("The body may have at most {} KiB.", limit / 1024);
    ApiError::new(ErrorCode::PayloadTooLarge).with_detail(detail)
}

async fn collect(mut payload: Payload, limit: usize) -> Result<BytesMut, ApiError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| {
            ApiError::new(ErrorCode::BadRequest).with_detail("The body did not arrive whole.")
        })?;
        // Counted as it comes: a chunked body announces no length.
        if body.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let malformed = || ApiError::new(ErrorCode::MalformedJson);
    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
    // serde would fill a struct from an array, in the order of its fields.
    if !text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{') {
        return Err(malformed());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| json_fault::of_serde(error.path(), error.inner()))?;
    deserializer.end().map_err(|_| malformed())?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;
    use actix_web::http::header::{HeaderName, HeaderValue};
    use actix_web::web::Bytes;
    use futures_util::stream;
    use proptest::prelude::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: String,
        #[serde(default, deserialize_with = "present")]
        flag: Option<bool>,
        #[serde(default, deserialize_with = "present")]
        #[expect(clippy::option_option, reason = "left out and `null` are different things here")]
        number: Option<Option<i64>>,
        #[serde(default, deserialize_with = "present")]
        words: Option<Vec<String>>,
    }

    fn fault(body: impl AsRef<[u8]>) -> (String, serde_json::Value, serde_json::Value) {
        let error = parse::<Sample>(body.as_ref()).unwrap_err();
        let json = serde_json::to_value(Problem::of(&error, "r")).unwrap();
        assert_eq!(json["status"], 400);
        (
            json["code"].as_str().unwrap().to_owned(),
            json["errors"][0]["field"].clone(),
            json["errors"][0]["code"].clone(),
        )
    }

    #[test]
    fn null_is_not_absence() {
        let sample = |body: &str| parse::<Sample>(body.as_bytes()).unwrap();
        assert_eq!(sample(r#" {"name":"a"}"#).number, None);
        assert_eq!(sample(r#"{"name":"a","number":null}"#).number, Some(None));
        assert_eq!(sample(r#"{"name":"a","number":-5}"#).number, Some(Some(-5)));
        assert_eq!(
            fault(r#"{"name":"a","flag":null}"#),
            ("invalid_body".into(), "flag".into(), "invalid_type".into())
        );
        assert_eq!(fault(r#"{"name":null}"#), ("invalid_body".into(), "name".into(), "invalid_type".into()));
    }

    #[test]
    fn every_fault_names_its_field() {
        let table = [
            (r#"{"flag":true}"#, "name", "required"),
            (r#"{"name":"a","id":1}"#, "id", "unknown_field"),
            (r#"{"name":"a","name":"b"}"#, "name", "duplicate_field"),
            (r#"{"name":"a","flag":true,"flag":true}"#, "flag", "duplicate_field"),
            (r#"{"name":{"a":1}}"#, "name", "invalid_type"),
            (r#"{"name":"a","flag":"true"}"#, "flag", "invalid_type"),
            (r#"{"name":"a","number":1.5}"#, "number", "invalid_type"),
            (r#"{"name":"a","number":1e3}"#, "number", "invalid_type"),
            (r#"{"name":"a","number":9223372036854775808}"#, "number", "invalid_type"),
            (r#"{"name":"a","words":["x",{"deep":1}]}"#, "words[1]", "invalid_type"),
        ];
        for (body, field, code) in table {
            assert_eq!(fault(body), ("invalid_body".into(), field.into(), code.into()), "{body}");
        }
    }

    #[test]
    fn a_long_name_is_not_repeated_whole() {
        let body = format!("{{\"name\":\"a\",\"{}\":1}}", "ä".repeat(10_000));
        assert_eq!(fault(body).1.as_str().unwrap().chars().count(), 101);
    }

    #[test]
    fn what_is_no_json_object_is_malformed() {
        let deep = format!("{{\"words\":{}", "[".repeat(10_000));
        let deep_unknown = format!("{{\"x\":{}", "{\"x\":".repeat(10_000));
        assert_eq!(fault(deep).0, "invalid_body");
        assert_eq!(fault(deep_unknown).0, "invalid_body");
        assert_eq!(fault("[".repeat(10_000)).0, "malformed_json");
        for body in [
            &b""[..],
            b"null",
            b"\"name\"",
            b"[\"a\"]",
            b"[]",
            b"{",
            b"{\"name\":\"a\"",
            b"{\"name\":\"a\"} {}",
            b"{\"name\":\"a\",}",
            b"{\"name\":\"\xff\"}",
            b"\xef\xbb\xbf{\"name\":\"a\"}",
            br#"{"name":"\ud800"}"#,
            br#"{"name":"a","number":1e999}"#,
            b"{\"name\":\"a\nb\"}",
        ] {
            assert_eq!(fault(body).0, "malformed_json", "{:?}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn no_value_of_the_body_is_repeated() {
        for body in [
            r#"{"name":"a","flag":"hunter2"}"#,
            r#"{"name":"a","flag":"x, expected hunter2"}"#,
            r#"{"name":"a","flag":"x` at line hunter2"}"#,
            r#"{"name":"a","words":"hunter2"}"#,
            r#"{"name":["hunter2"]}"#,
            r#"{"name":"hunter2","#,
        ] {
            let error = parse::<Sample>(body.as_bytes()).unwrap_err();
            let text =
                serde_json::to_string(&Problem::of(&error, "r")).unwrap() + &format!("{error} {error:?}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }

    proptest! {
        /// Whatever comes, the parser gives a value or a 400.
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Err(error) = parse::<Sample>(&bytes) {
                prop_assert_eq!(error.code().status().as_u16(), 400);
            }
        }

        #[test]
        fn any_object_is_survived(name in ".*", value in ".*") {
            let body = serde_json::json!({ "name": name, "words": [value] }).to_string();
            prop_assert_eq!(parse::<Sample>(body.as_bytes()).unwrap().name, name);
        }
    }

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        let mut headers = HeaderMap::new();
        for (name, value) in list.iter().map(pair) {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn only_plain_json_is_taken() {
        for good in
            ["application/json", "Application/JSON; charset=utf-8", "application/json;charset=\"UTF-8\""]
        {
            assert!(check_headers(&headers(&[("content-type", good)]), BODY_LIMIT).is_ok(), "{good}");
        }
        let status = |list: &[(&'static str, &str)]| {
            check_headers(&headers(list), BODY_LIMIT).unwrap_err().code().status().as_u16()
        };
        for bad in [
            "",
            "text/plain",
            "application/jsonp",
            "application/json; charset=latin1",
            "application/json, text/plain",
            "application/merge-patch+json",
            "application/json; boundary=x",
        ] {
            assert_eq!(status(&[("content-type", bad)]), 415, "{bad}");
        }
        assert_eq!(status(&[]), 415);
        let json = ("content-type", "application/json");
        assert_eq!(status(&[json, json]), 415);
        assert_eq!(status(&[json, ("content-encoding", "gzip")]), 415);
        assert!(check_headers(&headers(&[json, ("content-encoding", "identity")]), BODY_LIMIT).is_ok());
        assert!(check_headers(&headers(&[json, ("content-length", "262144")]), BODY_LIMIT).is_ok());
        assert_eq!(status(&[json, ("content-length", "262145")]), 413);
        assert_eq!(status(&[json, ("content-length", "9223372036854775808")]), 413);
    }

    fn payload(chunks: impl Iterator<Item = Bytes> + 'static) -> Payload {
        Payload::Stream { payload: Box::pin(stream::iter(chunks.map(Ok))) }
    }

    #[actix_web::test]
    async fn a_chunked_body_is_counted_while_it_comes() {
        let chunk = Bytes::from_static(&[b' '; 1024]);
        let whole = collect(payload(std::iter::repeat_n(chunk.clone(), 256)), BODY_LIMIT).await.unwrap();
        assert_eq!(whole.len(), BODY_LIMIT);
        // This one never ends; that an answer comes at all shows that no more was read.
        let error = collect(payload(std::iter::repeat(chunk)), BODY_LIMIT).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::PayloadTooLarge);
    }

    #[derive(Debug, Deserialize, Validate)]
    struct Nothing {}

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_times_out() {
        let request =
            actix_web::test::TestRequest::post().insert_header(("content-type", "application/json"));
        let body = JsonBody {
            request: request.to_http_request(),
            payload: Payload::Stream { payload: Box::pin(stream::pending()) },
        };
        assert_eq!(body.read::<Nothing>().await.unwrap_err().code(), ErrorCode::RequestTimeout);
    }
}
