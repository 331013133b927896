//! Whether answers are as the document says. For tests, which see many answers (feature `contract`): what serves does not check
//! itself.

mod answer;
mod schemas;

use std::sync::OnceLock;

use actix_web::http::{Method, Uri};
use serde_json::Value;

pub use answer::Exchange;
use answer::{Checked, Documented};
use schemas::Schemas;

use crate::application::Published;
use crate::openapi;
use crate::register;
use crate::route_table::{Match, Media};

/// The document, made ready to compare answers with it.
pub struct Contract {
    document: Value,
    published: Published,
    schemas: Schemas,
}

/// A documented answer that was seen: what tests have to see of each operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Observed {
    /// The operation: method and pattern of the path.
    pub operation: String,
    /// The status.
    pub status: u16,
    /// The `code`, if it is a problem.
    pub code: Option<String>,
}

impl Contract {
    /// That of the API. It is read once in a process.
    ///
    /// # Panics
    /// If the document cannot be generated, or a schema in it is none.
    #[expect(clippy::expect_used, reason = "for tests, whose failure this is to be")]
    pub fn of_the_api() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| {
            let document = openapi::openapi().expect("a document");
            let (schemas, published) = (Schemas::of(&document), Published::api().expect("a document"));
            Self { document, published, schemas }
        })
    }

    /// Every answer that is documented.
    pub fn documented(&self) -> Vec<Observed> {
        let mut all = Vec::new();
        for (path, item) in members(&self.document["paths"]) {
            for (method, operation) in members(item) {
                let operation_name = format!("{} {path}", method.to_uppercase());
                for (status, _) in members(&operation["responses"]) {
                    let observed = |code| Observed {
                        operation: operation_name.clone(),
                        status: status.parse().unwrap_or_default(),
                        code,
                    };
                    let documented = Documented::find(&self.document, path, method, status);
                    match documented.and_then(|documented| documented.codes()) {
                        None => all.push(observed(None)),
                        Some(codes) => all.extend(codes.map(|code| observed(Some(code)))),
                    }
                }
            }
        }
        all
    }

    /// Compares an answer with what is documented of its operation. Where there is no operation, it has to say so as every error is
    /// said; of such an answer nothing is observed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, exchange: &Exchange<'_>) -> Result<Option<Observed>, String> {
        self.compare(exchange).map_err(|fault| {
            let Exchange { method, target, status, body, .. } = exchange;
            let body = String::from_utf8_lossy(body);
            format!("{method} {target} is not answered as documented: {fault}\n{status} {body:.2000}")
        })
    }

    fn compare(&self, exchange: &Exchange<'_>) -> Checked<Option<Observed>> {
        let uri: Uri = exchange.target.parse().map_err(|error| format!("no target: {error}"))?;
        // Decoded as the framework does it.
        let path = actix_web::dev::Url::new(uri);
        let method = Method::from_bytes(exchange.method.as_bytes()).map_err(|error| error.to_string())?;
        match self.published.routes().find(path.path(), &method) {
            Match::Operation { pattern, media: Media::OneOf(types) }
                if self.document["paths"].get(pattern).is_none() =>
            {
                // A file, of which the document says nothing.
                answer::check_file(exchange, types, &self.schemas)?;
                Ok(None)
            }
            Match::Operation { pattern, .. } => {
                let is_head = method == Method::HEAD;
                let name = if is_head { "get".to_owned() } else { method.as_str().to_lowercase() };
                let status = exchange.status.to_string();
                let documented = Documented::find(&self.document, pattern, &name, &status);
                let documented = documented.ok_or("the status is not documented")?;
                let code = documented.check(exchange, is_head, &self.schemas)?;
                let operation = format!("{} {pattern}", name.to_uppercase());
                Ok(Some(Observed { operation, status: exchange.status, code }))
            }
            Match::OtherMethod { allow, .. } if method == Method::OPTIONS && exchange.status == 204 => {
                answer::check_methods(exchange, Some(allow))?;
                Ok(None)
            }
            Match::Server => {
                answer::check_methods(exchange, None)?;
                Ok(None)
            }
            Match::OtherMethod { pattern, allow } => {
                let code = answer::check_problem(exchange, &self.schemas)?;
                // Where there is no registration, there is nothing of it, whatever the method.
                let is_hidden = pattern == register::PATH && code == "not_found";
                let is_told = code == "method_not_allowed" && exchange.header("allow") == Some(allow);
                if is_hidden || is_told { Ok(None) } else { Err(format!("not 405 with Allow: {allow}")) }
            }
            Match::Nothing => match answer::check_problem(exchange, &self.schemas)?.as_str() {
                "not_found" => Ok(None),
                other => Err(format!("there is nothing here, and the code is {other}")),
            },
        }
    }

    /// Whether a value is as the schema says that stands at this place (a JSON pointer) of the document.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_value(&self, place: &str, value: &Value) -> Result<(), String> {
        self.schemas.check(place, value)
    }

    /// The document.
    pub fn document(&self) -> &Value {
        &self.document
    }
}

/// The members of an object; of anything else, none.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
