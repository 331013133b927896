//! bcrypt, computed in small steps between which other threads may go first.
//!
//! The crate `bcrypt` computes a hash in one go, a quarter of a second. Where the kernel preempts as little as it may, whoever computes
//! keeps the processor until the next tick of the clock, some milliseconds, whatever the priorities are; on a small machine, that is
//! what a request waits for that comes while somebody signs in. So the rounds are counted here, on the same cipher (the crate
//! `blowfish`), and the processor is offered in between. How a hash is written and read stays with `bcrypt`, and the tests compare
//! what comes out with its own.

use std::time::{Duration, Instant};

use base64::Engine as _;
use bcrypt::{BASE_64, BcryptError, HashParts};
use blowfish::Blowfish;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The costs that bcrypt knows: 2⁴ to 2³¹ rounds.
pub(super) const COSTS: std::ops::RangeInclusive<u32> = 4..=31;

pub(super) const SALT_BYTES: usize = 16;
/// What is kept of the 24 bytes that come out.
pub(super) const DIGEST_BYTES: usize = 23;
/// How much is read of a password and the NUL behind it.
const KEY_BYTES: usize = 72;

/// How many rounds follow each other, about a tenth of a millisecond, before the processor is offered. With many more, requests wait
/// noticeably longer.
const ROUNDS_AT_ONCE: u32 = 2;

/// For how long a hash lets others go first. What a thread is charged that offers the processor, kernels disagree about; on a machine that is
/// busy all the time it could be left with nothing, and whoever signs in is to wait for seconds at the most.
const POLITE_FOR: Duration = Duration::from_secs(1);

/// What is encrypted in the end, and how many times (Provos and Mazières, A Future-Adaptable Password Scheme, 1999).
const PLAIN: [[[u8; 4]; 2]; 3] = [[*b"Orph", *b"eanB"], [*b"ehol", *b"derS"], [*b"cryD", *b"oubt"]];
const ENCRYPTIONS: u32 = 64;

/// Hashes a password.
///
/// # Errors
/// [`BcryptError`] for more than 71 bytes, of which not all would count, and for a cost that bcrypt does not know.
pub(super) fn hash(password: &str, cost: u32, salt: &[u8; SALT_BYTES]) -> Result<HashParts, BcryptError> {
    if !COSTS.contains(&cost) {
        return Err(BcryptError::CostNotAllowed(cost));
    }
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    let (bytes, used) = (password.as_bytes(), password.len() + 1);
    let Some(key) = key.get_mut(..used) else { return Err(BcryptError::Truncation(used)) };
    // The NUL behind it is there already.
    key[..bytes.len()].copy_from_slice(bytes);
    written(cost, salt, &digest(key, cost, salt)).parse()
}

/// Whether this is the password that was hashed; the digests are compared in constant time.
///
/// # Errors
/// [`BcryptError`] as [`hash`], and for a text that is no hash.
pub(super) fn verify(password: &str, hashed: &str) -> Result<bool, BcryptError> {
    let parts: HashParts = hashed.parse()?;
    let again = hash(password, parts.get_cost(), &parts.get_salt_raw())?;
    // As `parts` writes itself: the text may name an older version of bcrypt.
    Ok(parts.to_string().as_bytes().ct_eq(again.to_string().as_bytes()).into())
}

/// A hash as it is stored.
pub(super) fn written(cost: u32, salt: &[u8; SALT_BYTES], digest: &[u8; DIGEST_BYTES]) -> String {
    format!("$2b${cost:02}${}{}", BASE_64.encode(salt), BASE_64.encode(digest))
}

fn digest(key: &[u8], cost: u32, salt: &[u8; SALT_BYTES]) -> [u8; DIGEST_BYTES] {
    let mut cipher = Blowfish::bc_init_state();
    cipher.salted_expand_key(salt, key);
    #[expect(clippy::disallowed_methods, reason = "how long others really had the processor")]
    let begun = Instant::now();
    for round in 0..1_u32 << cost {
        if round % ROUNDS_AT_ONCE == 0 && begun.elapsed() < POLITE_FOR {
            std::thread::yield_now();
        }
        cipher.bc_expand_key(key);
        cipher.bc_expand_key(salt);
    }
    let encrypted = PLAIN.map(|block| {
        let once = |halves, _| cipher.bc_encrypt(halves);
        (0..ENCRYPTIONS).fold(block.map(u32::from_be_bytes), once).map(u32::to_be_bytes)
    });
    let mut kept = [0; DIGEST_BYTES];
    kept.copy_from_slice(&encrypted.as_flattened().as_flattened()[..DIGEST_BYTES]);
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_hashes_are_known_again() {
        // Published with jBCrypt, of an older version and with costs of 6 and 8.
        for (password, hashed) in [
            ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
            ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
            ("abcdefghijklmnopqrstuvwxyz", "$2a$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz."),
        ] {
            assert!(verify(password, hashed).unwrap(), "{password:?}");
            assert!(!verify(&format!("{password}."), hashed).unwrap(), "{password:?}");
            // What differs between the versions is none of what is computed.
            for version in ["$2b$", "$2x$", "$2y$"] {
                assert!(
                    verify(password, &hashed.replace("$2a$", version)).unwrap(),
                    "{version} {password:?}"
                );
            }
        }
    }

    #[test]
    fn what_would_not_count_whole_is_refused() {
        let salt = [7; SALT_BYTES];
        for length in [69, 70, 71] {
            let (whole, cut) = ("x".repeat(length), "x".repeat(length - 1));
            let ours = hash(&whole, 4, &salt).unwrap();
            assert_eq!(ours, bcrypt::non_truncating_hash_with_salt(&whole, 4, salt).unwrap(), "{length}");
            assert!(!verify(&cut, &ours.to_string()).unwrap(), "the last of {length}");
        }
        let refused = hash(&"x".repeat(72), 4, &salt);
        assert!(matches!(refused, Err(BcryptError::Truncation(73))), "{refused:?}");
    }

    #[test]
    fn costs_that_bcrypt_does_not_know_are_refused() {
        for cost in [0, 3, 32, u32::MAX] {
            let refused = hash("x", cost, &[7; SALT_BYTES]);
            assert!(matches!(refused, Err(BcryptError::CostNotAllowed(_))), "{cost}: {refused:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// The crate is the measure, in both directions.
        #[test]
        fn it_is_bcrypt(password in "(?s).{0,17}", cost in 4_u32..=6, salt: [u8; SALT_BYTES]) {
            let theirs = bcrypt::non_truncating_hash_with_salt(&password, cost, salt).unwrap();
            prop_assert_eq!(&hash(&password, cost, &salt).unwrap(), &theirs);
            prop_assert!(verify(&password, &theirs.to_string()).unwrap());
            let other = format!("{password}x");
            prop_assert!(!verify(&other, &theirs.to_string()).unwrap());
        }
    }
}
