//! Tokens that were verified lately. Whoever calls has its token with it each time, and whether its signature is good can only have
//! one answer under the same keys: so it is worked out once. When it begins and ends is asked each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::claims::Claims;

/// How many are known at the most, which is about how many people call within a quarter of an hour. Then all are forgotten.
const MOST: usize = 4096;

/// What a token is known by: so what lies here gives no token away.
pub(super) type TokenDigest = [u8; 32];

pub(super) fn digest(token: &str) -> TokenDigest {
    Sha256::digest(token).into()
}

/// What verified tokens say.
#[derive(Default)]
pub(super) struct Verified(Mutex<HashMap<TokenDigest, Arc<Claims>>>);

impl Verified {
    pub(super) fn claims_of(&self, token: &TokenDigest) -> Option<Arc<Claims>> {
        self.lock().get(token).cloned()
    }

    pub(super) fn keep(&self, token: TokenDigest, claims: Claims) {
        let mut verified = self.lock();
        if verified.len() >= MOST {
            verified.clear();
        }
        verified.insert(token, Arc::new(claims));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TokenDigest, Arc<Claims>>> {
        // What is in it is whole in any case.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use helpdesk_ports::{AccessTokens as _, InvalidToken};

    use super::super::JwtAccessTokens;
    use super::super::tests::{NOW, SECRET, at, claims};
    use super::*;
    use crate::test_random::Counting;
    use crate::{JwtSecrets, KeyRing};

    fn tokens() -> (Arc<KeyRing>, JwtAccessTokens) {
        let ring = Arc::new(KeyRing::new(&JwtSecrets::parse(SECRET).unwrap()));
        (ring.clone(), JwtAccessTokens::new(ring, Arc::new(Counting::default())))
    }

    #[test]
    fn a_known_token_still_ends_and_lends_itself_to_no_other() {
        let (ring, tokens) = tokens();
        let token = tokens.issue(&claims()).unwrap();
        for _ in 0..2 {
            assert_eq!(tokens.verify(&token, at(NOW)), Ok(claims()));
        }
        assert!(ring.current().verified.claims_of(&digest(&token)).is_some());
        assert_eq!(tokens.verify(&token, at(NOW + 86_400)), Err(InvalidToken));
        assert_eq!(tokens.verify(&token, at(NOW - 86_400)), Err(InvalidToken));
        for place in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[place] ^= 1;
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(tokens.verify(&forged, at(NOW)), Err(InvalidToken), "{place}");
            assert!(ring.current().verified.claims_of(&digest(&forged)).is_none());
        }
        assert_eq!(tokens.verify(&token, at(NOW)), Ok(claims()));
    }

    #[test]
    fn what_is_known_is_bounded_and_goes_with_its_keys() {
        let (ring, tokens) = tokens();
        let verified = Verified::default();
        for n in 0..=MOST {
            verified.keep(digest(&n.to_string()), Claims::of(&claims(), n.to_string()).unwrap());
        }
        assert_eq!(verified.lock().len(), 1);
        let token = tokens.issue(&claims()).unwrap();
        assert_eq!(tokens.verify(&token, at(NOW)), Ok(claims()));
        ring.replace(&JwtSecrets::parse("T4wz8Qn!xK2vLc6Rb9Jm3Yd7Fh5Gs1Pe").unwrap());
        assert_eq!(tokens.verify(&token, at(NOW)), Err(InvalidToken));
    }
}
