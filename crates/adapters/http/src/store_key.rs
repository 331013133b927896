//! Authentication codes that are keyed with the store's secret.

use helpdesk_ports::StoreSecret;
use hmac::digest::Key;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What begins every code of one kind. The label tells it from whatever else the secret may come to key.
pub(crate) fn keyed(secret: &StoreSecret, label: &[u8]) -> Hmac<Sha256> {
    // A shorter key is padded with zeros to the size of a block (RFC 2104, section 2).
    let mut key = Key::<Hmac<Sha256>>::default();
    for (target, source) in key.iter_mut().zip(secret.0) {
        *target = source;
    }
    let mut mac = Hmac::new(&key);
    mac.update(label);
    mac
}
