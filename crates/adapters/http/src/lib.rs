//! The help desk over HTTP, on actix-web.
//!
//! * Handlers live in files that mirror the paths: `PUT /agent/tickets/{id}` is `agent/tickets/update.rs`.
//! * A guard in a handler's signature (`extract`) answers 401 and 403 before anything else of the request is looked at.
//! * A handler turns JSON into a command of the domain, calls a use case, and turns the view it gets into JSON
//!   (`representation`). It decides nothing.
//! * Whatever goes wrong becomes `application/problem+json` in one place (`middleware`), by one table (`problem`).
//! * The OpenAPI document is collected from the handlers ([`openapi`]).
#![deny(missing_docs)]

mod admin;
mod agent;
mod allowed_origins;
mod application;
mod config;
mod content_coding;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod customer;
mod docs_page;
mod documentation;
mod entity_tag;
mod extract;
mod health;
mod idempotency;
mod invitations;
mod json;
mod login;
mod logout;
mod me;
#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod measuring;
mod meta;
mod metrics;
mod middleware;
mod openapi;
mod paging;
mod problem;
mod prometheus_page;
mod register;
mod representation;
mod request_limit;
mod route_table;
mod routes;
mod server;
mod staff;
mod state;
mod store_key;
#[cfg(test)]
mod tests;
mod token;
mod trusted_proxies;
mod validation;

pub use allowed_origins::{AllowedOrigins, InvalidOrigins};
pub use config::HttpConfig;
pub use openapi::openapi;
pub use problem::ErrorCode;
pub use server::{Listeners, Server, ServerHandle, server};
pub use state::Dependencies;
pub use trusted_proxies::{InvalidProxies, TrustedProxies};
