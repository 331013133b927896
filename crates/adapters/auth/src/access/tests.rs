//! What a good token is. What is none is in `forgeries`.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helpdesk_domain::{MAX_ID, Role, SessionId, Ts, UserId};
use helpdesk_ports::{AccessClaims, AccessTokens, InvalidToken};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{JwtAccessTokens, KeyRing, LEEWAY};
use crate::JwtSecret;
use crate::test_random::Counting;

pub(super) const SECRET: &str = "G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA!";
/// 2023-11-14T22:13:20Z
pub(super) const NOW: i64 = 1_700_000_000;

pub(super) fn at(seconds: i64) -> Ts {
    Ts::from_micros(seconds * 1_000_000).unwrap()
}

pub(super) fn tokens() -> JwtAccessTokens {
    let keys = KeyRing::new(&JwtSecret::parse(SECRET).unwrap().into());
    JwtAccessTokens::new(Arc::new(keys), Arc::new(Counting::default()))
}

pub(super) fn claims() -> AccessClaims {
    AccessClaims {
        user: UserId::new(42).unwrap(),
        role: Role::Agent,
        session: SessionId::from_bits(0xfeed),
        token_version: 7,
        issued_at: at(NOW),
        expires_at: at(NOW + 900),
    }
}

fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn a_token_says_what_the_docs_say() {
    let tokens = tokens();
    let token = tokens.issue(&claims()).unwrap();
    // The fingerprint of the key was computed apart from this code.
    assert_eq!(part(&token, 0), json!({ "alg": "HS256", "typ": "at+jwt", "kid": "d3d358f6ce14e0d0" }));
    assert_eq!(
        part(&token, 1),
        json!({
            "user_id": 42, "role": "agent", "sub": "42", "sid": "0000000000000000000000000000feed", "ver": 7,
            "iss": "helpdesk", "aud": "helpdesk", "iat": NOW, "nbf": NOW, "exp": NOW + 900,
            "jti": "00000000000000000000000000000000",
        })
    );
    let next = tokens.issue(&claims()).unwrap();
    assert_eq!(part(&next, 1)["jti"], "01010101010101010101010101010101");
}

#[test]
fn it_holds_from_its_beginning_to_its_end_give_or_take_the_leeway() {
    let tokens = tokens();
    let token = tokens.issue(&claims()).unwrap();
    let leeway = i64::try_from(LEEWAY.as_secs()).unwrap();
    let micros = |seconds: i64, more: i64| Ts::from_micros(seconds * 1_000_000 + more).unwrap();
    let first = micros(NOW - leeway, 0);
    let last = micros(NOW + 900 + leeway, -1);
    for good in [first, at(NOW), at(NOW + 900), last] {
        assert_eq!(tokens.verify(&token, good), Ok(claims()), "{good}");
    }
    for bad in [
        micros(NOW - leeway, -1),
        micros(NOW + 900 + leeway, 0),
        at(0),
        Ts::from_micros(0).unwrap().after(Duration::MAX),
    ] {
        assert_eq!(tokens.verify(&token, bad), Err(InvalidToken), "{bad}");
    }
}

#[test]
fn fractions_of_a_second_are_dropped() {
    let tokens = tokens();
    let claimed = AccessClaims {
        issued_at: Ts::from_micros(NOW * 1_000_000 + 999_999).unwrap(),
        expires_at: Ts::from_micros((NOW + 900) * 1_000_000 + 999_999).unwrap(),
        ..claims()
    };
    let token = tokens.issue(&claimed).unwrap();
    assert_eq!(tokens.verify(&token, at(NOW)), Ok(claims()));
}

#[test]
fn times_before_1970_cannot_be_said() {
    let tokens = tokens();
    assert!(tokens.issue(&AccessClaims { issued_at: at(-1), ..claims() }).is_err());
    assert!(tokens.issue(&AccessClaims { expires_at: at(-1), ..claims() }).is_err());
}

#[test]
fn what_another_instance_with_the_secret_issued_is_good() {
    let token = tokens().issue(&claims()).unwrap();
    assert_eq!(tokens().verify(&token, at(NOW)), Ok(claims()));
}

proptest! {
    #[test]
    fn verifying_gives_back_what_was_issued(
        user in 1..=MAX_ID,
        role in prop::sample::select(Role::ALL),
        session in any::<u128>(),
        token_version in any::<i64>(),
        issued in 0..=253_000_000_000_i64,
        lifetime in 1..=100_000_000_i64,
        elapsed in 0.0..1.0_f64,
    ) {
        let claimed = AccessClaims {
            user: UserId::new(user).unwrap(),
            role,
            session: SessionId::from_bits(session),
            token_version,
            issued_at: at(issued),
            expires_at: at(issued + lifetime),
        };
        let tokens = tokens();
        let token = tokens.issue(&claimed).unwrap();
        let now = at(issued).after(Duration::from_secs(u64::try_from(lifetime).unwrap()).mul_f64(elapsed));
        prop_assert_eq!(tokens.verify(&token, now), Ok(claimed));
    }
}
