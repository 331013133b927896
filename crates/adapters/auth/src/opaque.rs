//! Opaque tokens: 256 random bits, which prove by being known.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helpdesk_ports::{OpaqueTokens, Random, TokenDigest};
use sha2::{Digest as _, Sha256};

/// Makes tokens of 32 random bytes in base64url without padding (43 characters). Their digest is the SHA-256 of the text: a
/// plain hash is enough, because 256 random bits cannot be guessed.
pub struct RandomTokens {
    random: Arc<dyn Random>,
}

impl RandomTokens {
    /// With this source of randomness.
    pub fn new(random: Arc<dyn Random>) -> Self {
        Self { random }
    }
}

impl OpaqueTokens for RandomTokens {
    fn generate(&self) -> (String, TokenDigest) {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let digest = self.digest(&token);
        (token, digest)
    }

    fn digest(&self, token: &str) -> TokenDigest {
        TokenDigest(Sha256::digest(token).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::hex;
    use crate::test_random::Counting;

    #[test]
    fn a_token_is_256_random_bits_and_its_digest_is_that_of_its_text() {
        let tokens = RandomTokens::new(Arc::new(Counting::default()));
        let (first, digest) = tokens.generate();
        assert_eq!(first, "A".repeat(43));
        assert_eq!(digest, tokens.digest(&first));
        let (second, other) = tokens.generate();
        assert_eq!(second, URL_SAFE_NO_PAD.encode([1; 32]));
        assert_ne!(other, digest);
    }

    #[test]
    fn the_digest_is_sha_256() {
        let tokens = RandomTokens::new(Arc::new(Counting::default()));
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            hex(&tokens.digest("abc").0),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
