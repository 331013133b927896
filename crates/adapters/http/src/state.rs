//! What every handler can reach.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use helpdesk_ports::{Clock, Random, StoreAdmin, StoreSecret};
use helpdesk_use_cases::HelpDesk;

use crate::allowed_origins::AllowedOrigins;
use crate::config::HttpConfig;
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
    /// The store's secret, which keys cursors: every instance on one store understands the others' cursors.
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
    pub(crate) metrics: Metrics,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) allowed_origins: AllowedOrigins,
    pub(crate) compression: bool,
    pub(crate) request_limiter: Option<RequestLimiter>,
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
