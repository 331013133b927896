//! Tokens that must not pass (RFC 8725). They are made without the library that checks them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helpdesk_ports::{AccessTokens, InvalidToken, OpaqueTokens};
use hmac::{Hmac, KeyInit as _, Mac as _};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::{Sha256, Sha384, Sha512};
use std::sync::Arc;

use super::MAX_TOKEN_BYTES;
use super::tests::{NOW, SECRET, at, claims, tokens};
use crate::RandomTokens;
use crate::test_random::Counting;

const KID: &str = "d3d358f6ce14e0d0";

fn header() -> Value {
    json!({ "alg": "HS256", "typ": "at+jwt", "kid": KID })
}

fn payload() -> Value {
    json!({
        "user_id": 42, "role": "agent", "sub": "42", "sid": "0000000000000000000000000000feed", "ver": 7,
        "iss": "helpdesk", "aud": "helpdesk", "iat": NOW, "nbf": NOW, "exp": NOW + 900,
        "jti": "00000000000000000000000000000000",
    })
}

/// The value with a member set.
fn with(mut value: Value, member: &str, new: Value) -> Value {
    value.as_object_mut().unwrap().insert(member.to_owned(), new);
    value
}

/// The value without a member.
fn without(mut value: Value, member: &str) -> Value {
    value.as_object_mut().unwrap().remove(member).unwrap();
    value
}

fn message(header: &str, payload: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
}

fn mac(message: &str, key: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
}

/// A token of these texts, signed with HMAC-SHA-256 and our own secret, whatever the header says.
fn signed_texts(header: &str, payload: &str) -> String {
    let message = message(header, payload);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac(&message, SECRET.as_bytes())))
}

fn signed(header: &Value, payload: &Value) -> String {
    signed_texts(&header.to_string(), &payload.to_string())
}

#[track_caller]
fn refused(token: &str, why: &str) {
    assert_eq!(tokens().verify(token, at(NOW)), Err(InvalidToken), "{why}: {token}");
}

#[test]
fn the_tool_that_forges_makes_good_tokens_too() {
    // Without this every test here might pass for the wrong reason.
    assert_eq!(tokens().verify(&signed(&header(), &payload()), at(NOW)), Ok(claims()));
    for typ in ["AT+JWT", "at+JWT"] {
        let token = signed(&with(header(), "typ", json!(typ)), &payload());
        assert_eq!(tokens().verify(&token, at(NOW)), Ok(claims()), "{typ}");
    }
    let unknown = with(payload(), "scope", json!("tickets"));
    assert_eq!(tokens().verify(&signed(&header(), &unknown), at(NOW)), Ok(claims()));
}

#[test]
fn only_hs256_signs() {
    for alg in ["none", "None", "NONE", "nOnE", "", "hs256", "HS257"] {
        let header = with(header(), "alg", json!(alg));
        refused(&signed(&header, &payload()), alg);
        refused(&format!("{}.", message(&header.to_string(), &payload().to_string())), alg);
    }
    // The right secret with an algorithm that takes it, and names of others over an HMAC that fits (key confusion).
    let text = |alg: &str| message(&with(header(), "alg", json!(alg)).to_string(), &payload().to_string());
    let hs384 = text("HS384");
    let signature =
        Hmac::<Sha384>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(&hs384).finalize();
    refused(&format!("{hs384}.{}", URL_SAFE_NO_PAD.encode(signature.into_bytes())), "HS384");
    let hs512 = text("HS512");
    let signature =
        Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(&hs512).finalize();
    refused(&format!("{hs512}.{}", URL_SAFE_NO_PAD.encode(signature.into_bytes())), "HS512");
    for alg in ["HS384", "HS512", "RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"] {
        refused(&signed(&with(header(), "alg", json!(alg)), &payload()), alg);
    }
    refused(&signed(&without(header(), "alg"), &payload()), "no alg");
    refused(&signed(&with(header(), "alg", json!(["HS256"])), &payload()), "a list of algorithms");
}

#[test]
fn the_signature_must_be_there_and_ours() {
    let message = message(&header().to_string(), &payload().to_string());
    refused(&message, "two parts");
    refused(&format!("{message}."), "an empty signature");
    refused(&format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 32])), "zeros");
    let right = mac(&message, SECRET.as_bytes());
    refused(&format!("{message}.{}", URL_SAFE_NO_PAD.encode(&right[..31])), "a cut signature");
    refused(
        &format!("{message}.{}", URL_SAFE_NO_PAD.encode([right.as_slice(), &[0]].concat())),
        "a longer one",
    );
    for key in ["", "G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA", "g7#KQ9lW2XvB5NtZ8CrY4MpD1ShF6Ja!", KID] {
        refused(&format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac(&message, key.as_bytes()))), key);
    }
}

#[test]
fn the_header_names_our_key_and_type_and_nothing_else() {
    for kid in ["", "0", "../../../../dev/null", "' OR 1=1 --", "d3d358f6ce14e0d0\0"] {
        refused(&signed(&with(header(), "kid", json!(kid)), &payload()), kid);
    }
    refused(&signed(&without(header(), "kid"), &payload()), "no kid");
    refused(&signed(&with(header(), "kid", Value::Null), &payload()), "kid null");
    refused(&signed(&with(header(), "kid", json!(1)), &payload()), "kid 1");
    for typ in ["JWT", "jwt", "", "at+jwt ", "rt+jwt", "application/json"] {
        refused(&signed(&with(header(), "typ", json!(typ)), &payload()), typ);
    }
    refused(&signed(&without(header(), "typ"), &payload()), "no typ");
    for (member, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("jku", json!("https://example.com/keys")),
        ("jwk", json!({ "kty": "oct", "k": URL_SAFE_NO_PAD.encode(SECRET) })),
        ("x5u", json!("https://example.com/certificate")),
        ("x5c", json!(["AAAA"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("enc", json!("A128GCM")),
        ("b64", json!(false)),
        ("nonce", json!("AAAA")),
    ] {
        refused(&signed(&with(header(), member, value), &payload()), member);
    }
}

#[test]
fn every_claim_must_be_there() {
    let members: Vec<String> = payload().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members.len(), 11);
    for member in members {
        refused(&signed(&header(), &without(payload(), &member)), &member);
        refused(&signed(&header(), &with(payload(), &member, Value::Null)), &member);
        refused(&signed(&header(), &with(payload(), &member, json!([]))), &member);
        refused(&signed(&header(), &with(payload(), &member, json!({}))), &member);
        refused(&signed(&header(), &with(payload(), &member, json!(true))), &member);
        refused(&signed(&header(), &with(payload(), &member, json!(""))), &member);
    }
    refused(&signed(&header(), &Value::Object(Map::new())), "no claim at all");
    refused(&signed(&header(), &json!([])), "a list");
}

#[test]
fn every_claim_must_be_of_its_type_and_value() {
    for (member, value) in [
        ("exp", json!((NOW + 900).to_string())),
        ("exp", json!(1_700_000_900.5)),
        ("exp", json!(1_700_000_900.0)),
        ("exp", json!(-1)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(NOW * 1_000_000)),
        ("exp", json!(NOW - 31)),
        ("exp", json!(0)),
        ("nbf", json!(NOW + 31)),
        ("nbf", json!(NOW.to_string())),
        ("nbf", json!(-1)),
        ("nbf", json!(u64::MAX)),
        ("iat", json!(NOW.to_string())),
        ("iat", json!(1.5)),
        ("iat", json!(u64::MAX)),
        ("iss", json!("Helpdesk")),
        ("iss", json!("https://example.com")),
        ("iss", json!(["helpdesk"])),
        ("aud", json!("helpdesk ")),
        ("aud", json!("other")),
        ("aud", json!(["helpdesk"])),
        ("aud", json!(["helpdesk", "other"])),
        ("sub", json!("43")),
        ("sub", json!("042")),
        ("sub", json!(42)),
        ("user_id", json!(43)),
        ("user_id", json!("42")),
        ("user_id", json!(42.0)),
        ("user_id", json!(0)),
        ("user_id", json!(-42)),
        ("role", json!("Agent")),
        ("role", json!("root")),
        ("role", json!(["agent"])),
        ("sid", json!("feed")),
        ("sid", json!("0000000000000000000000000000FEED")),
        ("ver", json!("7")),
        ("ver", json!(7.0)),
        ("jti", json!(1)),
    ] {
        let token = signed(&header(), &with(payload(), member, value.clone()));
        refused(&token, &format!("{member} {value}"));
    }
}

#[test]
fn a_claim_said_twice_is_refused() {
    let twice = payload().to_string().replacen('{', r#"{"user_id":1,"#, 1);
    refused(&signed_texts(&header().to_string(), &twice), "user_id twice");
    let twice = header().to_string().replacen('{', r#"{"alg":"none","#, 1);
    refused(&signed_texts(&twice, &payload().to_string()), "alg twice");
}

#[test]
fn what_is_no_token_is_refused() {
    let good = signed(&header(), &payload());
    for (token, why) in [
        (String::new(), "nothing"),
        (".".to_owned(), "one dot"),
        ("..".to_owned(), "two dots"),
        ("...".to_owned(), "three dots"),
        (format!("{good}."), "a dot behind"),
        (format!("{good}.{}", good.rsplit('.').next().unwrap()), "four parts"),
        (format!("{good}="), "padding"),
        (format!("{good}A"), "a character behind"),
        (format!("{good}\n"), "a newline behind"),
        (format!("{good} "), "a space behind"),
        (format!(" {good}"), "a space before"),
        (format!("{good}\0"), "a NUL behind"),
        (good.replacen('.', " .", 1), "a space within"),
        (format!("Bearer {good}"), "the scheme"),
        (good.to_uppercase(), "capitals"),
        (format!("{good}, {good}"), "two of them"),
    ] {
        refused(&token, why);
    }
    let (refresh, _) = RandomTokens::new(Arc::new(Counting::default())).generate();
    refused(&refresh, "a refresh token");
}

#[test]
fn a_very_long_token_is_refused_even_when_we_signed_it() {
    let padded = |length: usize| signed(&header(), &with(payload(), "more", json!("x".repeat(length))));
    let short = padded(100);
    assert!(short.len() < MAX_TOKEN_BYTES);
    assert_eq!(tokens().verify(&short, at(NOW)), Ok(claims()));
    refused(&padded(MAX_TOKEN_BYTES), "long");
    refused(&padded(1 << 20), "very long");
}

proptest! {
    #[test]
    fn no_byte_can_be_changed(position in any::<prop::sample::Index>(), replacement in any::<char>()) {
        let tokens = tokens();
        let good = tokens.issue(&claims()).unwrap();
        let position = position.index(good.len());
        let changed = format!("{}{replacement}{}", &good[..position], &good[position + 1..]);
        let expected = if changed == good { Ok(claims()) } else { Err(InvalidToken) };
        prop_assert_eq!(tokens.verify(&changed, at(NOW)), expected);
    }

    #[test]
    fn no_text_at_all_is_a_token_or_makes_it_panic(text in ".*") {
        prop_assert_eq!(tokens().verify(&text, at(NOW)), Err(InvalidToken));
    }
}
