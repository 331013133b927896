//! Access tokens as an attacker who knows, or does not know, the secret would make them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::Value;

use crate::server::JWT_SECRET;

fn part(token: &str, index: usize) -> Vec<u8> {
    let part = token.split('.').nth(index).expect("three parts");
    URL_SAFE_NO_PAD.decode(part).expect("base64url")
}

/// What a token says.
pub fn claims_of(token: &str) -> Value {
    serde_json::from_slice(&part(token, 1)).expect("JSON")
}

/// The header of a token.
pub fn header_of(token: &str) -> Header {
    serde_json::from_slice(&part(token, 0)).expect("a header")
}

/// A token with this header and these claims, signed with a secret.
pub fn sign(header: &Header, claims: &Value, secret: &str) -> String {
    encode(header, claims, &EncodingKey::from_secret(secret.as_bytes())).expect("a token")
}

/// The same token as if it had been issued an hour earlier.
pub fn expired(token: &str) -> String {
    let mut claims = claims_of(token);
    for claim in ["iat", "nbf", "exp"] {
        claims[claim] = (claims[claim].as_i64().expect("a time") - 3600).into();
    }
    sign(&header_of(token), &claims, JWT_SECRET)
}
