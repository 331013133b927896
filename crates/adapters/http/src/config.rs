//! What can be set.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use helpdesk_domain::Allowance;

use crate::allowed_origins::AllowedOrigins;
use crate::trusted_proxies::TrustedProxies;

/// How the server runs. The defaults suit most machines.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Threads that serve requests; by default as many as there are cores.
    pub workers: usize,
    /// The most connections that one worker has open at once; further ones wait in the backlog.
    pub max_connections_per_worker: usize,
    /// How long the head of a request may take to arrive.
    pub request_head_timeout: Duration,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long a graceful stop waits for requests that are under way.
    pub shutdown_timeout: Duration,
    /// The proxies that are believed when they say where a request comes from.
    pub trusted_proxies: TrustedProxies,
    /// The origins whose pages may call the API from a browser; none by default.
    pub allowed_origins: AllowedOrigins,
    /// Whether large answers are compressed for whom takes that; not by default, since the length of what is compressed tells of what
    /// is in it.
    pub compression: bool,
    /// How many requests an account may make; as many as it likes by default.
    pub request_limit: Option<Allowance>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            workers: available_parallelism().map_or(1, NonZeroUsize::get),
            max_connections_per_worker: 4_096,
            request_head_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            shutdown_timeout: Duration::from_secs(30),
            trusted_proxies: TrustedProxies::default(),
            allowed_origins: AllowedOrigins::default(),
            compression: false,
            request_limit: None,
        }
    }
}
