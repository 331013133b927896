//! Access tokens: JSON Web Tokens (RFC 7519) of the profile of RFC 9068, hardened as RFC 8725 asks.

mod claims;
#[cfg(test)]
mod forgeries;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::Ts;
use helpdesk_ports::{AccessClaims, AccessTokens, Cause, InvalidToken, Random, TokenFault};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use sha2::{Digest as _, Sha256};

use self::claims::Claims;
use crate::JwtSecret;
use crate::hex::hex;

/// Who issues the tokens: the claim `iss`.
pub const ISSUER: &str = "helpdesk";
/// Who the tokens are for: the claim `aud`.
pub const AUDIENCE: &str = "helpdesk";
/// By how much the clocks of two machines may differ.
pub const LEEWAY: Duration = Duration::from_secs(30);

const ALGORITHM: Algorithm = Algorithm::HS256;
/// The media type of RFC 9068, which keeps tokens of other kinds out.
const TYPE: &str = "at+jwt";
/// Longer than any token that we issue, by far.
const MAX_TOKEN_BYTES: usize = 4096;

/// Signs and verifies with HS256 and nothing else. Everything that does not change from token to token is built once.
pub struct JwtAccessTokens {
    header: Header,
    signing: EncodingKey,
    /// By `kid`. The header of a token chooses among these keys and can name no other.
    verifying: HashMap<String, DecodingKey>,
    validation: Validation,
    random: Arc<dyn Random>,
}

impl JwtAccessTokens {
    /// Signs with this secret; the randomness is for the claim `jti`.
    pub fn new(secret: &JwtSecret, random: Arc<dyn Random>) -> Self {
        let kid = fingerprint(secret);
        let mut header = Header::new(ALGORITHM);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(kid.clone());
        Self {
            header,
            signing: EncodingKey::from_secret(secret.as_bytes()),
            verifying: HashMap::from([(kid, DecodingKey::from_secret(secret.as_bytes()))]),
            validation: validation(),
            random,
        }
    }

    /// The key for a token with this header. Besides its type and key it must say what our own headers say and nothing
    /// more: a `crit`, `jku`, `jwk` or `x5u` has no business there.
    fn key_for(&self, mut header: Header) -> Option<&DecodingKey> {
        let kid = header.kid.take()?;
        let typ = header.typ.take()?;
        let mut expected = Header::new(ALGORITHM);
        expected.typ = None;
        // Media types are compared without regard to case (RFC 2045, section 5.1).
        (header == expected && typ.eq_ignore_ascii_case(TYPE)).then(|| self.verifying.get(&kid))?
    }
}

impl AccessTokens for JwtAccessTokens {
    fn issue(&self, claims: &AccessClaims) -> Result<String, TokenFault> {
        let mut id = [0; 16];
        self.random.fill(&mut id);
        let claims =
            Claims::of(claims, hex(&id)).ok_or_else(|| fault("a token cannot begin or end before 1970"))?;
        encode(&self.header, &claims, &self.signing).map_err(fault)
    }

    fn verify(&self, token: &str, now: Ts) -> Result<AccessClaims, InvalidToken> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(InvalidToken);
        }
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        let key = self.key_for(header).ok_or(InvalidToken)?;
        let claims = decode::<Claims>(token, key, &self.validation).map_err(|_| InvalidToken)?.claims;
        claims.valid_at(now).ok_or(InvalidToken)
    }
}

/// What the library checks: algorithm, signature, issuer, audience, and that the registered claims are there.
fn validation() -> Validation {
    let mut validation = Validation::new(ALGORITHM);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    // It would ask the system's clock; times are checked by `Claims::valid_at`, against the caller's.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// Names a key without telling anything of it.
fn fingerprint(secret: &JwtSecret) -> String {
    let digest =
        Sha256::new().chain_update(b"helpdesk/jwt-kid/v1\0").chain_update(secret.as_bytes()).finalize();
    hex(&digest[..8])
}

fn fault(error: impl std::fmt::Display) -> TokenFault {
    TokenFault(Cause::new(error))
}
