//! One answer against what is documented of it.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::members;
use super::schemas::Schemas;

const PROBLEM_JSON: &str = "application/problem+json";
/// Of which the schema is that of a line.
const LINES_OF_JSON: &str = "application/x-ndjson";

/// What is found, or what is wrong.
pub(super) type Checked<T> = Result<T, String>;

/// A request, as far as it matters, and its answer.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, as it was sent, perhaps with a query.
    pub target: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// Its body.
    pub body: &'a [u8],
}

impl<'a> Exchange<'a> {
    /// A header of the answer.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn media_type(&self) -> Option<&'a str> {
        self.header("content-type").map(|value| value.split(';').next().unwrap_or_default().trim())
    }

    fn json(&self) -> Checked<Value> {
        let body = self.decoded()?;
        serde_json::from_slice(&body).map_err(|error| format!("the body is no JSON: {error}"))
    }

    fn lines_of_json(&self) -> Checked<Vec<Value>> {
        let body = self.decoded()?;
        let read =
            |line: &[u8]| serde_json::from_slice(line).map_err(|error| format!("a line is no JSON: {error}"));
        body.split_inclusive(|byte| *byte == b'\n').map(read).collect()
    }

    /// The body without its coding.
    fn decoded(&self) -> Checked<Cow<'a, [u8]>> {
        match self.header("content-encoding") {
            None => Ok(Cow::Borrowed(self.body)),
            Some("gzip") => {
                let mut plain = Vec::new();
                let read = GzDecoder::new(self.body).read_to_end(&mut plain);
                read.map(|_| Cow::Owned(plain)).map_err(|error| format!("the body is no gzip: {error}"))
            }
            Some(other) => Err(format!("its coding is {other:?}")),
        }
    }
}

/// The headers that say something only where it is documented that they may.
const TELLING: &[&str] = &["etag", "link", "location", "retry-after", "www-authenticate"];

/// A response of the document.
pub(super) struct Documented<'a> {
    document: &'a Value,
    /// Where it stands.
    place: String,
    response: &'a Value,
}

/// What stands at a place of the document, and where it is in truth: there may be a reference to it.
fn at(document: &Value, place: String) -> Option<(String, &Value)> {
    let found = document.pointer(&place)?;
    match found["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(other) => Some((other.to_owned(), document.pointer(other)?)),
        None => Some((place, found)),
    }
}

/// A key as a part of a JSON pointer (RFC 6901).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl<'a> Documented<'a> {
    /// What an operation answers with this status, if that is documented.
    pub(super) fn find(document: &'a Value, path: &str, method: &str, status: &str) -> Option<Self> {
        let place = format!("/paths/{}/{method}/responses/{status}", escaped(path));
        let (place, response) = at(document, place)?;
        Some(Self { document, place, response })
    }

    /// The codes that it stands for, if it is a problem.
    pub(super) fn codes(&self) -> Option<impl Iterator<Item = String> + use<'a>> {
        let schema = &self.response["content"][PROBLEM_JSON]["schema"];
        let codes = schema["properties"]["code"]["enum"].as_array()?;
        Some(codes.iter().filter_map(|code| code.as_str().map(str::to_owned)))
    }

    /// Compares the answer with it, and gives its code if it is a problem.
    pub(super) fn check(
        &self,
        exchange: &Exchange<'_>,
        is_head: bool,
        schemas: &Schemas,
    ) -> Checked<Option<String>> {
        self.check_headers(exchange, schemas)?;
        let content = self.response["content"].as_object().filter(|content| !content.is_empty());
        let Some(content) = content else {
            let has_body = !exchange.body.is_empty();
            return if has_body { Err("there is to be no body".to_owned()) } else { Ok(None) };
        };
        let media_type = exchange.media_type().unwrap_or_default();
        if !content.contains_key(media_type) {
            return Err(format!("its media type is {media_type:?}"));
        }
        if is_head {
            return if exchange.body.is_empty() { Ok(None) } else { Err("HEAD has a body".to_owned()) };
        }
        let place = format!("{}/content/{}/schema", self.place, escaped(media_type));
        if media_type == LINES_OF_JSON {
            return exchange
                .lines_of_json()?
                .iter()
                .try_for_each(|line| schemas.check(&place, line))
                .map(|()| None);
        }
        if !media_type.ends_with("json") {
            return Ok(None);
        }
        let body = exchange.json()?;
        schemas.check(&place, &body)?;
        (media_type == PROBLEM_JSON).then(|| code_of(exchange, &body)).transpose()
    }

    fn check_headers(&self, exchange: &Exchange<'_>, schemas: &Schemas) -> Checked<()> {
        let documented = &self.response["headers"];
        for (name, _) in members(documented) {
            let place = format!("{}/headers/{name}", self.place);
            let (place, header) = at(self.document, place).ok_or("a header is not documented")?;
            match exchange.header(&name.to_lowercase()) {
                Some(value) => {
                    let is_number = header["schema"]["type"] == "integer";
                    let number = value.parse::<u64>().ok().filter(|_| is_number);
                    let value = number.map_or_else(|| json!(value), |number| json!(number));
                    schemas
                        .check(&format!("{place}/schema"), &value)
                        .map_err(|fault| format!("{name}: {fault}"))?;
                }
                None if header["required"] == true => return Err(format!("{name} is missing")),
                None => {}
            }
        }
        let is_documented =
            |name: &str| members(documented).any(|(known, _)| known.eq_ignore_ascii_case(name));
        match TELLING.iter().find(|name| exchange.header(name).is_some() && !is_documented(name)) {
            Some(name) => Err(format!("{name} is not documented")),
            None => Ok(()),
        }
    }
}

/// Whether the answer is a problem, as one is that belongs to no operation. Gives its code.
pub(super) fn check_problem(exchange: &Exchange<'_>, schemas: &Schemas) -> Checked<String> {
    let media_type = exchange.media_type();
    if media_type != Some(PROBLEM_JSON) {
        return Err(format!("its media type is {media_type:?}"));
    }
    if exchange.method == "HEAD" {
        // It says what it is by its status alone.
        return Ok(if exchange.status == 405 { "method_not_allowed" } else { "not_found" }.to_owned());
    }
    let body = exchange.json()?;
    schemas.check("/components/schemas/Problem", &body)?;
    code_of(exchange, &body)
}

/// Whether the answer is the file, or says that the caller does not take such files.
pub(super) fn check_file(exchange: &Exchange<'_>, types: &[String], schemas: &Schemas) -> Checked<()> {
    let mut types = types.iter().map(|media_type| media_type.split(';').next().unwrap_or_default());
    match exchange.status {
        200 if types.any(|media_type| exchange.media_type() == Some(media_type)) => Ok(()),
        406 => check_problem(exchange, schemas).map(drop),
        _ => Err(format!("it is neither the file nor 406: {:?}", exchange.media_type())),
    }
}

/// Whether the answer to OPTIONS names these methods and says nothing more.
pub(super) fn check_methods(exchange: &Exchange<'_>, allow: Option<&str>) -> Checked<()> {
    if exchange.status == 204 && exchange.body.is_empty() && exchange.header("allow") == allow {
        return Ok(());
    }
    Err(format!("not 204 with Allow: {allow:?}"))
}

/// The code of a problem, which says of itself what the answer says of it.
fn code_of(exchange: &Exchange<'_>, problem: &Value) -> Checked<String> {
    if problem["status"] != exchange.status {
        return Err("it names another status".to_owned());
    }
    if problem["request_id"].as_str() != exchange.header("x-request-id") {
        return Err("it names another request".to_owned());
    }
    problem["code"].as_str().map(str::to_owned).ok_or_else(|| "it has no code".to_owned())
}
