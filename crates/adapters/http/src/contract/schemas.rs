//! The schemas of the document, each compiled when it is first asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

/// The name by which schemas refer to the document that they are parts of.
const DOCUMENT: &str = "urn:helpdesk:openapi";

pub(super) struct Schemas {
    registry: Registry<'static>,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Schemas {
    #[expect(clippy::expect_used, reason = "for tests, whose failure this is to be")]
    pub(super) fn of(document: &Value) -> Self {
        let registry = Registry::new().add(DOCUMENT, document.clone()).expect("a document of schemas");
        Self {
            registry: registry.prepare().expect("references that lead somewhere"),
            compiled: Mutex::default(),
        }
    }

    /// Whether a value is as the schema says that stands at this place of the document.
    pub(super) fn check(&self, place: &str, value: &Value) -> Result<(), String> {
        let faults: Vec<String> = self
            .validator(place)?
            .iter_errors(value)
            .map(|error| format!("{error} (at {:?})", error.instance_path().to_string()))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
    }

    fn validator(&self, place: &str) -> Result<Arc<Validator>, String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(place) {
            return Ok(validator.clone());
        }
        // Of what is in paths, these two do not stand for themselves in a fragment (RFC 3986, section 3.5).
        let fragment = place.replace('{', "%7B").replace('}', "%7D");
        let schema = json!({ "$ref": format!("{DOCUMENT}#{fragment}") });
        let validator = jsonschema::options()
            .offline()
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| format!("the schema at {place}: {error}"))?;
        let validator = Arc::new(validator);
        compiled.insert(place.to_owned(), validator.clone());
        Ok(validator)
    }
}
