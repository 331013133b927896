//! The id by which a request is found in the log.

use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use helpdesk_ports::Random;

/// The header that carries it, both ways.
pub(super) const X_REQUEST_ID: &str = "x-request-id";

const BYTES: usize = 16;
/// One call to the system's generator serves this many ids.
const IDS_PER_FILL: usize = 64;

/// Makes ids of 128 random bits. Each worker has its own.
pub(super) struct RequestIds {
    random: Arc<dyn Random>,
    buffer: [u8; BYTES * IDS_PER_FILL],
    used: usize,
}

impl RequestIds {
    pub(super) fn new(random: Arc<dyn Random>) -> Self {
        let buffer = [0; BYTES * IDS_PER_FILL];
        Self { random, used: buffer.len(), buffer }
    }

    /// The caller's own id if it has one that is harmless in a log, else a new one.
    pub(super) fn of(&mut self, headers: &HeaderMap) -> String {
        let mut given = headers.get_all(X_REQUEST_ID);
        let own = given.next().and_then(|value| value.to_str().ok()).filter(|text| is_harmless(text));
        match own {
            Some(own) if given.next().is_none() => own.to_owned(),
            _ => self.make(),
        }
    }

    fn make(&mut self) -> String {
        if self.used == self.buffer.len() {
            self.random.fill(&mut self.buffer);
            self.used = 0;
        }
        let bytes = self.buffer.iter().skip(self.used).take(BYTES);
        let bits = bytes.fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        self.used += BYTES;
        format!("{bits:032x}")
    }
}

fn is_harmless(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};
    use helpdesk_ports::MockRandom;
    use std::collections::BTreeSet;

    fn counting() -> RequestIds {
        let mut random = MockRandom::new();
        let mut next = 0_u16;
        random.expect_fill().returning(move |buffer| {
            for pair in buffer.chunks_mut(2) {
                pair.copy_from_slice(&next.to_be_bytes());
                next += 1;
            }
        });
        RequestIds::new(Arc::new(random))
    }

    #[test]
    fn every_id_is_new() {
        let mut ids = counting();
        let made: BTreeSet<String> = (0..1_000).map(|_| ids.of(&HeaderMap::new())).collect();
        assert_eq!(made.len(), 1_000);
        assert!(made.iter().all(|id| id.len() == 32 && is_harmless(id)));
        assert!(made.contains("00000001000200030004000500060007"));
    }

    #[test]
    fn only_a_harmless_id_of_the_caller_is_kept() {
        let of = |values: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers
                    .append(HeaderName::from_static(X_REQUEST_ID), HeaderValue::from_bytes(value).unwrap());
            }
            counting().of(&headers)
        };
        assert_eq!(of(&[b"Abc-123"]), "Abc-123");
        let longest = "x".repeat(64);
        assert_eq!(of(&[longest.as_bytes()]), longest);
        let too_long = "x".repeat(65);
        for bad in [
            &[&b""[..]][..],
            &[b"a b"],
            &[b"a\tb"],
            &[b"a\x80"],
            &[b"a=b"],
            &[too_long.as_bytes()],
            &[b"a", b"b"],
        ] {
            assert_eq!(of(bad), "00000001000200030004000500060007", "{bad:?}");
        }
    }
}
