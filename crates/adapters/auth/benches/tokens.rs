//! How long making and checking a token takes: `cargo bench -p helpdesk-auth`.
#![expect(clippy::unwrap_used, reason = "what is measured is known to be right")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use helpdesk_auth::{JwtAccessTokens, JwtSecret, KeyRing};
use helpdesk_domain::{Role, SessionId, Ts, UserId};
use helpdesk_ports::{AccessClaims, AccessTokens, Random};

/// Of what randomness costs nothing is to be measured.
struct Constant;

impl Random for Constant {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0xa5);
    }
}

fn tokens(criterion: &mut Criterion) {
    let secret = JwtSecret::parse("G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA!").unwrap();
    let tokens = JwtAccessTokens::new(Arc::new(KeyRing::new(&secret.into())), Arc::new(Constant));
    let now = Ts::from_micros(1_700_000_000_000_000).unwrap();
    let claims = AccessClaims {
        user: UserId::new(42).unwrap(),
        role: Role::Agent,
        session: SessionId::from_bits(0xfeed),
        token_version: 7,
        issued_at: now,
        expires_at: now.after(Duration::from_mins(15)),
    };
    let token = tokens.issue(&claims).unwrap();
    let (unsigned, _) = token.rsplit_once('.').unwrap();
    let forged = format!("{unsigned}.{}", "A".repeat(43));
    assert!(tokens.verify(&token, now).is_ok() && tokens.verify(&forged, now).is_err());

    let mut group = criterion.benchmark_group("an access token");
    group.bench_function("is issued", |bencher| bencher.iter(|| tokens.issue(black_box(&claims))));
    group.bench_function("is good", |bencher| bencher.iter(|| tokens.verify(black_box(&token), now)));
    group.bench_function("is forged", |bencher| bencher.iter(|| tokens.verify(black_box(&forged), now)));
    group.finish();
}

criterion_group!(benches, tokens);
criterion_main!(benches);
