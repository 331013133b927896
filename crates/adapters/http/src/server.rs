//! The server.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::HttpServer;
use actix_web::dev::{Server as ActixServer, ServerHandle as ActixHandle};
use futures_util::future::try_join;

use crate::application::{self, Published, Shared};
use crate::config::HttpConfig;
use crate::state::{AppState, Dependencies};

/// Where requests come in. The sockets are bound by whoever starts the server, who can say best why one cannot be.
#[derive(Debug)]
pub struct Listeners {
    /// The API.
    pub api: TcpListener,
    /// Metrics and health, for operators alone.
    pub management: Option<TcpListener>,
}

/// A server that accepts connections once it is [run](Server::run).
pub struct Server {
    api: ActixServer,
    management: Option<ActixServer>,
    state: Arc<AppState>,
}

/// Stops a [`Server`] from elsewhere.
#[derive(Clone)]
pub struct ServerHandle {
    api: ActixHandle,
    management: Option<ActixHandle>,
    state: Arc<AppState>,
}

/// Sets a server up. Must be called, and the server run, inside an `actix_web::rt::System`.
///
/// # Errors
/// When a listener cannot be used.
pub fn server(config: &HttpConfig, dependencies: Dependencies, listeners: Listeners) -> io::Result<Server> {
    let state = Arc::new(AppState::new(dependencies, config)?);

    let shared = Shared::api(state.clone(), Published::api()?);
    let api = HttpServer::new(move || application::api(shared.clone()))
        .workers(config.workers.max(1))
        .max_connections(config.max_connections_per_worker)
        .client_request_timeout(config.request_head_timeout)
        .keep_alive(config.keep_alive)
        .shutdown_timeout(config.shutdown_timeout.as_secs())
        // Who has gone is not worked for: a sign-in that was given up is not hashed.
        .h1_allow_half_closed(false)
        .disable_signals()
        .listen(listeners.api)?
        .run();

    let management = match listeners.management {
        None => None,
        Some(listener) => {
            let shared = Shared::management(state.clone())?;
            let server = HttpServer::new(move || application::management(shared.clone()))
                .workers(1)
                .max_connections(64)
                .client_request_timeout(config.request_head_timeout)
                .shutdown_timeout(1)
                .disable_signals()
                .listen(listener)?
                .run();
            Some(server)
        }
    };
    Ok(Server { api, management, state })
}

impl Server {
    /// What stops it.
    pub fn handle(&self) -> ServerHandle {
        ServerHandle {
            api: self.api.handle(),
            management: self.management.as_ref().map(ActixServer::handle),
            state: self.state.clone(),
        }
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    /// When a listener fails for good.
    pub async fn run(self) -> io::Result<()> {
        match self.management {
            None => self.api.await,
            Some(management) => try_join(self.api, management).await.map(drop),
        }
    }
}

impl ServerHandle {
    /// From now on `GET /health/ready` says 503, so that a load balancer sends no more; everything is still served.
    pub fn drain(&self) {
        self.state.drain();
    }

    /// Accepts nothing more, and ends when what was accepted is served (at the latest after
    /// [`HttpConfig::shutdown_timeout`]), or at once unless `graceful`.
    pub async fn stop(&self, graceful: bool) {
        self.drain();
        self.api.stop(graceful).await;
        // The management address goes last, so that the end can be watched.
        if let Some(management) = &self.management {
            management.stop(graceful).await;
        }
    }
}
