//! Access tokens: JSON Web Tokens (RFC 7519) of the profile of RFC 9068, hardened as RFC 8725 asks.

mod claims;
#[cfg(test)]
mod forgeries;
mod keys;
#[cfg(test)]
mod tests;
mod verified;

use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::Ts;
use helpdesk_ports::{AccessClaims, AccessTokens, Cause, InvalidToken, Random, TokenFault};
use jsonwebtoken::{Algorithm, Validation, decode, decode_header, encode};

use self::claims::Claims;
pub use self::keys::KeyRing;
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

/// Signs and verifies with HS256 and nothing else.
pub struct JwtAccessTokens {
    keys: Arc<KeyRing>,
    validation: Validation,
    random: Arc<dyn Random>,
}

impl JwtAccessTokens {
    /// Signs and verifies with what is on this ring, at each token anew; the randomness is for the claim `jti`.
    pub fn new(keys: Arc<KeyRing>, random: Arc<dyn Random>) -> Self {
        Self { keys, validation: validation(), random }
    }
}

impl AccessTokens for JwtAccessTokens {
    fn issue(&self, claims: &AccessClaims) -> Result<String, TokenFault> {
        let mut id = [0; 16];
        self.random.fill(&mut id);
        let claims =
            Claims::of(claims, hex(&id)).ok_or_else(|| fault("a token cannot begin or end before 1970"))?;
        let keys = self.keys.current();
        encode(&keys.header, &claims, &keys.signing).map_err(fault)
    }

    fn verify(&self, token: &str, now: Ts) -> Result<AccessClaims, InvalidToken> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(InvalidToken);
        }
        let keys = self.keys.current();
        let digest = verified::digest(token);
        if let Some(claims) = keys.verified.claims_of(&digest) {
            return claims.valid_at(now).ok_or(InvalidToken);
        }
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        let key = keys.key_for(header).ok_or(InvalidToken)?;
        let claims = decode::<Claims>(token, key, &self.validation).map_err(|_| InvalidToken)?.claims;
        let valid = claims.valid_at(now).ok_or(InvalidToken)?;
        keys.verified.keep(digest, claims);
        Ok(valid)
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

fn fault(error: impl std::fmt::Display) -> TokenFault {
    TokenFault(Cause::new(error))
}
