//! The keys of access tokens, which can change while tokens are signed and verified.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::{DecodingKey, EncodingKey, Header};

use super::verified::Verified;
use super::{ALGORITHM, TYPE};
use crate::JwtSecrets;

/// The keys in use: one signs, all verify. Whoever holds a handle sees new ones with the next token.
pub struct KeyRing(RwLock<Arc<Keys>>);

impl KeyRing {
    /// Begins with these.
    pub fn new(secrets: &JwtSecrets) -> Self {
        Self(RwLock::new(Arc::new(Keys::of(secrets))))
    }

    /// Takes these instead, all at once: no token meets the one set's signing key and the other's verifying ones.
    pub fn replace(&self, secrets: &JwtSecrets) {
        let keys = Arc::new(Keys::of(secrets));
        // What is written is whole in any case, so a poisoned lock means nothing.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// The keys of this moment. The lock is held for as long as it takes to copy a pointer.
    pub(super) fn current(&self) -> Arc<Keys> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One set of keys, and everything about them that does not change from token to token.
pub(super) struct Keys {
    pub(super) header: Header,
    pub(super) signing: EncodingKey,
    /// By `kid`. The header of a token chooses among these keys and can name no other.
    verifying: HashMap<String, DecodingKey>,
    /// What they have verified. It goes with them: under other keys nothing is known of a token.
    pub(super) verified: Verified,
}

impl Keys {
    fn of(secrets: &JwtSecrets) -> Self {
        let newest = secrets.newest();
        let mut header = Header::new(ALGORITHM);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(newest.kid());
        Self {
            header,
            signing: EncodingKey::from_secret(newest.as_bytes()),
            // From old to new: should two ever share a fingerprint, what is signed now can be verified.
            verifying: secrets
                .all()
                .rev()
                .map(|secret| (secret.kid(), DecodingKey::from_secret(secret.as_bytes())))
                .collect(),
            verified: Verified::default(),
        }
    }

    /// The key for a token with this header. Besides its type and key it must say what our own headers say and nothing
    /// more: a `crit`, `jku`, `jwk` or `x5u` has no business there.
    pub(super) fn key_for(&self, mut header: Header) -> Option<&DecodingKey> {
        let kid = header.kid.take()?;
        let typ = header.typ.take()?;
        let mut expected = Header::new(ALGORITHM);
        expected.typ = None;
        // Media types are compared without regard to case (RFC 2045, section 5.1).
        (header == expected && typ.eq_ignore_ascii_case(TYPE)).then(|| self.verifying.get(&kid))?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use helpdesk_ports::{AccessTokens, InvalidToken};
    use jsonwebtoken::decode_header;

    use super::super::JwtAccessTokens;
    use super::super::tests::{NOW, SECRET, at, claims};
    use super::*;
    use crate::test_random::Counting;

    const NEW: &str = "T4wz8Qn!xK2vLc6Rb9Jm3Yd7Fh5Gs1Pe";

    fn secrets(lines: &[&str]) -> JwtSecrets {
        JwtSecrets::parse(&lines.join("\n")).unwrap()
    }

    fn ring(lines: &[&str]) -> (Arc<KeyRing>, JwtAccessTokens) {
        let ring = Arc::new(KeyRing::new(&secrets(lines)));
        (ring.clone(), JwtAccessTokens::new(ring, Arc::new(Counting::default())))
    }

    fn issued(tokens: &JwtAccessTokens) -> (String, String) {
        let token = tokens.issue(&claims()).unwrap();
        let kid = decode_header(&token).unwrap().kid.unwrap();
        (token, kid)
    }

    #[test]
    fn the_newest_signs_and_all_verify() {
        let (old, _) = issued(&ring(&[SECRET]).1);
        let (_, both) = ring(&[NEW, SECRET]);
        let (new, kid) = issued(&both);
        assert_eq!(kid, secrets(&[NEW]).newest().kid());
        assert_eq!(both.verify(&old, at(NOW)), Ok(claims()));
        assert_eq!(both.verify(&new, at(NOW)), Ok(claims()));
        // Under a name that is in no map there is no key, though this one signed.
        assert_eq!(ring(&[SECRET]).1.verify(&new, at(NOW)), Err(InvalidToken));
    }

    #[test]
    fn a_key_to_come_verifies_before_it_signs() {
        let (new, _) = issued(&ring(&[NEW]).1);
        let (_, waiting) = ring(&[SECRET, NEW]);
        assert_eq!(issued(&waiting).1, secrets(&[SECRET]).newest().kid());
        assert_eq!(waiting.verify(&new, at(NOW)), Ok(claims()));
    }

    #[test]
    fn whoever_shares_the_ring_sees_its_new_keys_at_once() {
        let (ring, tokens) = ring(&[SECRET]);
        let tokens: Arc<dyn AccessTokens> = Arc::new(tokens);
        let elsewhere = tokens.clone();
        let old = tokens.issue(&claims()).unwrap();

        ring.replace(&secrets(&[NEW, SECRET]));
        let new = tokens.issue(&claims()).unwrap();
        for token in [&old, &new] {
            assert_eq!(elsewhere.verify(token, at(NOW)), Ok(claims()));
        }

        ring.replace(&secrets(&[NEW]));
        assert_eq!(elsewhere.verify(&old, at(NOW)), Err(InvalidToken));
        assert_eq!(elsewhere.verify(&new, at(NOW)), Ok(claims()));

        ring.replace(&secrets(&[SECRET]));
        assert_eq!(elsewhere.verify(&old, at(NOW)), Ok(claims()));
        assert_eq!(elsewhere.verify(&new, at(NOW)), Err(InvalidToken));
    }

    #[test]
    fn a_name_chooses_a_key_and_proves_nothing() {
        // Signed with the one key under the name of the other, both of which are there.
        let (_, both) = ring(&[NEW, SECRET]);
        let (token, _) = issued(&both);
        let keys = Keys::of(&secrets(&[SECRET]));
        let (_, rest) = token.split_once('.').unwrap();
        let (header, _) = issued(&ring(&[SECRET]).1);
        let (header, _) = header.split_once('.').unwrap();
        assert_eq!(both.verify(&format!("{header}.{rest}"), at(NOW)), Err(InvalidToken));
        for kid in ["", "../keys", NEW, SECRET] {
            let header = Header { kid: Some(kid.to_owned()), ..keys.header.clone() };
            assert!(keys.key_for(header).is_none(), "{kid}");
        }
        assert!(keys.key_for(keys.header.clone()).is_some());
    }

    #[test]
    fn while_the_keys_change_every_token_is_good() {
        let (ring, tokens) = ring(&[SECRET, NEW]);
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        for _ in 0..500 {
                            let token = tokens.issue(&claims()).unwrap();
                            assert_eq!(tokens.verify(&token, at(NOW)), Ok(claims()));
                        }
                    })
                })
                .collect();
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    ring.replace(&secrets(&[NEW, SECRET]));
                    ring.replace(&secrets(&[SECRET, NEW]));
                }
            });
            let outcomes: Vec<_> = workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
            done.store(true, Ordering::Relaxed);
            assert!(outcomes.iter().all(Result::is_ok));
        });
    }
}
