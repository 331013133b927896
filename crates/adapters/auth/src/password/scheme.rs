//! How a password becomes a stored text, and back into a yes or no. Pure and slow: for the hashing threads alone.
//!
//! Scheme 1: NFKC, then bcrypt over the base64 of HMAC-SHA-256 with a fixed label as its key. bcrypt reads 72 bytes at
//! the most and stops at a NUL; the 44 characters of the digest are neither longer nor can they hold one, so that every
//! byte of every password counts. The label keeps the digests of this system apart from those of any other that hashes
//! passwords with SHA-256 first: a digest stolen elsewhere is no password here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helpdesk_domain::{NewPassword, PASSWORD_MAX_CHARS};
use helpdesk_ports::{Cause, Fingerprint, HashError, PasswordHash, Random};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization as _;

use super::rounds::{self, DIGEST_BYTES, SALT_BYTES};

/// The version of the scheme that [`hash`] applies.
pub(super) const SCHEME: i16 = 1;

const LABEL: &[u8] = b"helpdesk/password/v1";
const FINGERPRINT_LABEL: &[u8] = b"helpdesk/password-fingerprint/v1";

/// A hash that belongs to no account, for candidates without one. It is no password's: its digest is random.
pub(super) fn dummy(cost: u32, random: &dyn Random) -> String {
    let (mut salt, mut digest) = ([0; SALT_BYTES], [0; DIGEST_BYTES]);
    random.fill(&mut salt);
    random.fill(&mut digest);
    rounds::written(cost, &salt, &digest)
}

/// Hashes a new password.
pub(super) fn hash(
    password: &NewPassword,
    cost: u32,
    random: &dyn Random,
) -> Result<PasswordHash, HashError> {
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt);
    let parts = rounds::hash(&digest(password.expose())?, cost, &salt).map_err(fault)?;
    Ok(PasswordHash { scheme: SCHEME, text: parts.format_for_version(bcrypt::Version::TwoB) })
}

/// The fingerprint of a request and the password in it. The salt is of the rest, so that it is always the same for the same
/// request, and another one for every other; what comes out is as slow to try passwords on as a hash.
pub(super) fn bind(rest: &Fingerprint, password: &NewPassword, cost: u32) -> Result<Fingerprint, HashError> {
    let (salt, _) = rest.0.split_first_chunk::<SALT_BYTES>().ok_or_else(|| fault("no salt"))?;
    let slow = rounds::hash(&digest(password.expose())?, cost, salt).map_err(fault)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(FINGERPRINT_LABEL).map_err(fault)?;
    mac.update(&rest.0);
    mac.update(slow.format_for_version(bcrypt::Version::TwoB).as_bytes());
    Ok(Fingerprint(mac.finalize().into_bytes().into()))
}

/// Whether the candidate is the hashed password. It takes as long whether there is a hash or not, and whether the
/// candidate could be a password at all or not.
pub(super) fn verify(candidate: &str, hash: Option<&PasswordHash>, dummy: &str) -> Result<bool, HashError> {
    let text = match hash {
        None => dummy,
        Some(hash) if hash.scheme == SCHEME => &hash.text,
        Some(hash) => return Err(fault(format_args!("password scheme {} is unknown", hash.scheme))),
    };
    let (hashed, possible) = stand_in(candidate);
    let digest = digest(hashed)?;
    let equal = rounds::verify(&digest, text).map_err(fault)?;
    Ok(equal && possible && hash.is_some())
}

/// What is hashed for a candidate, and whether a password of its form can have been set at all. For one that cannot, a
/// known text stands in, so that a huge one costs no more than a wrong one. Too short ones are left to the hash.
fn stand_in(candidate: &str) -> (&str, bool) {
    // Four bytes a character at the most, so that a huge one is not even counted.
    let possible = candidate.len() <= 4 * PASSWORD_MAX_CHARS
        && candidate.chars().count() <= PASSWORD_MAX_CHARS
        && !candidate.contains('\0');
    if possible { (candidate, true) } else { ("", false) }
}

/// What bcrypt is given: 44 ASCII characters, none of them NUL.
fn digest(password: &str) -> Result<String, HashError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(LABEL).map_err(fault)?;
    let mut utf8 = [0; 4];
    for character in password.nfkc() {
        mac.update(character.encode_utf8(&mut utf8).as_bytes());
    }
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

fn fault(error: impl std::fmt::Display) -> HashError {
    HashError::Fault(Cause::new(error))
}

#[cfg(test)]
mod tests {
    use helpdesk_domain::Email;

    use super::*;
    use crate::test_random::Counting;

    const COST: u32 = 4;

    fn password(raw: &str) -> NewPassword {
        NewPassword::parse(raw, &Email::parse("ada@example.com").unwrap()).unwrap()
    }

    fn hashed(raw: &str) -> PasswordHash {
        hash(&password(raw), COST, &Counting::default()).unwrap()
    }

    fn matches(candidate: &str, hash: &PasswordHash) -> bool {
        verify(candidate, Some(hash), "never read").unwrap()
    }

    #[test]
    fn the_stored_form_is_what_the_scheme_says() {
        let stored = hashed("correct horse battery");
        assert_eq!(stored.scheme, 1);
        // Computed apart from this code, step by step: the stored form of existing accounts must never move.
        assert_eq!(digest("correct horse battery").unwrap(), "qFH5ew/RPfK84J1KPqHrpEPDOHqXIJmBH5gRIXL3sCM=");
        assert!(stored.text.starts_with("$2b$04$") && stored.text.len() == 60, "{}", stored.text);
        assert!(bcrypt::verify("qFH5ew/RPfK84J1KPqHrpEPDOHqXIJmBH5gRIXL3sCM=", &stored.text).unwrap());
    }

    #[test]
    fn every_hash_has_a_salt_of_its_own() {
        let random = Counting::default();
        let same = password("correct horse battery");
        let first = hash(&same, COST, &random).unwrap();
        let second = hash(&same, COST, &random).unwrap();
        assert_ne!(first.text, second.text);
        assert!(matches("correct horse battery", &first) && matches("correct horse battery", &second));
    }

    #[test]
    fn spellings_that_look_the_same_are_the_same() {
        // Composed and decomposed; a full-width letter and a ligature, which some keyboards make.
        assert!(matches("cafe\u{301} and more of it", &hashed("caf\u{e9} and more of it")));
        assert!(matches("Ｆish and ﬁns and so on", &hashed("Fish and fins and so on")));
        assert!(!matches("fish and fins and so on", &hashed("Fish and fins and so on")));
    }

    #[test]
    fn every_byte_counts_at_every_length() {
        // 72 bytes is where bcrypt alone stops reading.
        for length in 60..=128 {
            let right = "x".repeat(length);
            let stored = hashed(&right);
            assert!(matches(&right, &stored), "{length}");
            assert!(!matches(&right[1..], &stored), "one less than {length}");
            assert!(!matches(&format!("{}y", &right[1..]), &stored), "last of {length}");
            assert!(!matches(&format!("{right}x"), &stored), "one more than {length}");
        }
    }

    #[test]
    fn a_nul_ends_nothing() {
        let stored = hashed("correct horse battery");
        for candidate in
            ["correct horse battery\0", "correct horse battery\0more", "\0correct horse battery", "\0"]
        {
            assert!(!matches(candidate, &stored), "{candidate:?}");
        }
    }

    #[test]
    fn what_cannot_be_a_password_never_matches_what_stands_in_for_it() {
        // The stand-in's own hash: even then the answer is no.
        let parts = bcrypt::hash_with_salt(digest("").unwrap(), COST, [7; SALT_BYTES]).unwrap();
        let stored = PasswordHash { scheme: SCHEME, text: parts.to_string() };
        for candidate in ["x".repeat(129), "é".repeat(129), "x".repeat(200 * 1024), "\0".to_owned()] {
            assert_eq!(stand_in(&candidate), ("", false), "{} bytes", candidate.len());
            assert!(!matches(&candidate, &stored), "{} bytes", candidate.len());
        }
    }

    #[test]
    fn what_can_be_a_password_is_hashed_itself() {
        for candidate in ["", "short", "é".repeat(128).as_str(), "\u{10ffff}".repeat(128).as_str()] {
            assert_eq!(stand_in(candidate), (candidate, true));
        }
    }

    #[test]
    fn without_an_account_the_answer_is_no_whatever_the_dummy_holds() {
        let right = hashed("correct horse battery");
        assert_eq!(verify("correct horse battery", None, &right.text), Ok(false));
    }

    #[test]
    fn the_dummy_is_a_hash_of_the_same_cost() {
        let text = dummy(COST, &Counting::default());
        let parts: bcrypt::HashParts = text.parse().unwrap();
        assert_eq!((parts.get_cost(), parts.to_string()), (COST, text.clone()));
        assert_eq!(verify("correct horse battery", None, &text), Ok(false));
    }

    #[test]
    fn an_unknown_scheme_or_a_damaged_hash_is_a_fault() {
        let stored = hashed("correct horse battery");
        for (scheme, text) in [
            (0, stored.text.clone()),
            (2, stored.text.clone()),
            (SCHEME, String::new()),
            (SCHEME, stored.text[..59].to_owned()),
            (SCHEME, stored.text.replace("$2b$", "$1b$")),
            (SCHEME, stored.text.replace("$04$", "$99$")),
        ] {
            let damaged = PasswordHash { scheme, text };
            let outcome = verify("correct horse battery", Some(&damaged), "never read");
            assert!(matches!(outcome, Err(HashError::Fault(_))), "{scheme} {}: {outcome:?}", damaged.text);
        }
    }
}
