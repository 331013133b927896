//! Refresh tokens: opaque, 256 random bits.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helpdesk_ports::{Random, RefreshTokens, TokenDigest};
use sha2::{Digest as _, Sha256};

/// Makes refresh tokens: 32 random bytes in base64url without padding (43 characters).
pub struct OpaqueRefreshTokens {
    random: Arc<dyn Random>,
}

impl OpaqueRefreshTokens {
    /// With this source of randomness.
    pub fn new(random: Arc<dyn Random>) -> Self {
        Self { random }
    }

    /// What a store keeps of a token, whoever made it: the SHA-256 of its text. A plain hash is enough, because 256
    /// random bits cannot be guessed.
    pub fn digest(token: &str) -> TokenDigest {
        TokenDigest(Sha256::digest(token).into())
    }
}

impl RefreshTokens for OpaqueRefreshTokens {
    fn generate(&self) -> (String, TokenDigest) {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let digest = Self::digest(&token);
        (token, digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::hex;
    use crate::test_random::Counting;

    #[test]
    fn a_token_is_256_random_bits_and_its_digest_is_that_of_its_text() {
        let tokens = OpaqueRefreshTokens::new(Arc::new(Counting::default()));
        let (first, digest) = tokens.generate();
        assert_eq!(first, "A".repeat(43));
        assert_eq!(digest, OpaqueRefreshTokens::digest(&first));
        let (second, other) = tokens.generate();
        assert_eq!(second, URL_SAFE_NO_PAD.encode([1; 32]));
        assert_ne!(other, digest);
    }

    #[test]
    fn the_digest_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            hex(&OpaqueRefreshTokens::digest("abc").0),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
