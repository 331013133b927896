//! What tells a request from another one under the same key.

use helpdesk_ports::{Fingerprint, StoreSecret};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::store_key::keyed;

const LABEL: &[u8] = b"helpdesk fingerprint 1\0";
/// The one field that is left out. The store holds the fingerprint and what it is keyed with, side by side; so whoever had both
/// could try passwords on it, far faster than on their hash. The use case binds the password to it, at the cost of a hash.
const PASSWORD: &str = "password";

/// Makes fingerprints: of method and path, and of what the body says, in whatever order and with whatever space between.
#[derive(Clone)]
pub(crate) struct Fingerprinter(Hmac<Sha256>);

impl Fingerprinter {
    pub(crate) fn new(secret: &StoreSecret) -> Self {
        Self(keyed(secret, LABEL))
    }

    /// The fingerprint of a request whose body was read already.
    pub(crate) fn of(&self, method: &str, path: &str, body: &[u8]) -> Fingerprint {
        let mut mac = self.0.clone();
        // Neither holds a NUL: so no two requests come to the same bytes.
        for part in [method, path] {
            mac.update(part.as_bytes());
            mac.update(b"\0");
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(mut fields)) => {
                fields.remove(PASSWORD);
                fields.sort_keys();
                mac.update(Value::Object(fields).to_string().as_bytes());
            }
            // Never of a body that was read; then it is as good as any other text.
            Ok(_) | Err(_) => mac.update(body),
        }
        Fingerprint(mac.finalize().into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_ports::STORE_SECRET_BYTES;

    fn of(method: &str, path: &str, body: &str) -> Fingerprint {
        Fingerprinter::new(&StoreSecret([1; STORE_SECRET_BYTES])).of(method, path, body.as_bytes())
    }

    #[test]
    fn it_is_of_everything_that_is_asked_for() {
        let one = of("POST", "/a", r#"{"a":1,"b":"x"}"#);
        for same in [r#"{"a":1,"b":"x"}"#, r#"{ "b" : "x", "a" : 1 }"#, "{\"a\":1,\n\"b\":\"\\u0078\"}"] {
            assert_eq!(of("POST", "/a", same), one, "{same}");
        }
        for other in [
            of("PUT", "/a", r#"{"a":1,"b":"x"}"#),
            of("POST", "/b", r#"{"a":1,"b":"x"}"#),
            of("POST", "/a", r#"{"a":1,"b":"X"}"#),
            of("POST", "/a", r#"{"a":1,"b":"x "}"#),
            of("POST", "/a", r#"{"a":1}"#),
            of("POST", "/a", r#"{"a":1,"b":"x","c":null}"#),
            of("POST", "/a", r#"{"a":"1","b":"x"}"#),
        ] {
            assert_ne!(other, one);
        }
        let keyed = Fingerprinter::new(&StoreSecret([2; STORE_SECRET_BYTES]));
        assert_ne!(
            keyed.of("POST", "/a", br#"{"a":1,"b":"x"}"#),
            one,
            "whoever lacks the secret, makes another"
        );
    }

    #[test]
    fn nothing_of_a_password_is_in_it() {
        let with = |password: &str| of("POST", "/a", &format!("{{\"a\":1,\"password\":\"{password}\"}}"));
        assert_eq!(with("first"), with("second"));
        assert_eq!(with("first"), of("POST", "/a", r#"{"a":1}"#));
    }
}
