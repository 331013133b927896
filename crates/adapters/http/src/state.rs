//! What every handler can reach.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use helpdesk_ports::{Clock, Random, StoreAdmin, StoreSecret};
use helpdesk_use_cases::HelpDesk;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::allowed_origins::AllowedOrigins;
use crate::config::HttpConfig;
use crate::idempotency::Fingerprinter;
use crate::metrics::Metrics;
use crate::paging::CursorCodec;
use crate::request_limit::RequestLimiter;
use crate::trusted_proxies::TrustedProxies;

/// What the interface is an interface to.
#[derive(Clone)]
pub struct Dependencies {
    /// The use cases.
    pub help_desk: Arc<HelpDesk>,
    /// The store as a whole, for readiness.
    pub store: Arc<dyn StoreAdmin>,
    /// The store's secret, which keys cursors and fingerprints: every instance on one store understands the others'.
    pub store_secret: StoreSecret,
    /// The time, for measuring requests.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for the ids of requests.
    pub random: Arc<dyn Random>,
}

/// What every handler can reach.
pub(crate) struct AppState {
    pub(crate) help_desk: Arc<HelpDesk>,
    pub(crate) store: Arc<dyn StoreAdmin>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) cursors: CursorCodec,
    pub(crate) fingerprints: Fingerprinter,
    pub(crate) metrics: Metrics,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) allowed_origins: AllowedOrigins,
    pub(crate) compression: bool,
    pub(crate) request_limiter: Option<RequestLimiter>,
    /// What the store is called where its tickets are imported.
    pub(crate) export_source: String,
    is_draining: AtomicBool,
}

impl AppState {
    pub(crate) fn new(dependencies: Dependencies, config: &HttpConfig) -> io::Result<Self> {
        let Dependencies { help_desk, store, store_secret, clock, random } = dependencies;
        let request_limiter = config.request_limit.map(|limit| RequestLimiter::new(limit, clock.clone()));
        Ok(Self {
            help_desk,
            store,
            clock,
            random,
            cursors: CursorCodec::new(&store_secret),
            fingerprints: Fingerprinter::new(&store_secret),
            export_source: export_source(&store_secret),
            metrics: Metrics::new().map_err(io::Error::other)?,
            trusted_proxies: config.trusted_proxies.clone(),
            allowed_origins: config.allowed_origins.clone(),
            compression: config.compression,
            request_limiter,
            is_draining: AtomicBool::new(false),
        })
    }

    /// From now on the instance says that it is not ready, so that a load balancer sends no more.
    pub(crate) fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }
}

/// Made from the store's secret, and tells nothing of it.
fn export_source(secret: &StoreSecret) -> String {
    // A key may have any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else { return String::new() };
    mac.update(b"helpdesk: what a store is called where its tickets are imported");
    let digest = mac.finalize().into_bytes();
    digest.iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_store_is_called_otherwise_and_always_the_same() {
        let [one, again, other] = [1, 1, 2].map(|byte| export_source(&StoreSecret([byte; 32])));
        assert_eq!(one, again);
        assert_ne!(one, other);
        assert_eq!(one.len(), 32);
    }
}
