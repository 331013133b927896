//! What the tests of the running binary share: a server of their own on each store, and clients typed by role.
//!
//! `cargo xtask test` sets the variables that say where the binary and the Postgres server are.

mod browser;
mod client;
mod database;
mod proxy;
mod raw;
mod server;
mod session;
mod tokens;
mod world;

pub use browser::{Browser, Page};
pub use client::{Answer, Client};
pub use database::{Database, StoreKind};
pub use proxy::Proxy;
pub use raw::RawConnection;
pub use server::{JWT_SECRET, Server, binary, free_port, run, wait_until};
pub use session::{Session, refresh, sign_in};
pub use tokens::{claims_of, expired, header_of, sign};
pub use world::{Account, PASSWORD, World, give_quick_password};

/// One test for each store: `on_both_stores!(fn name(store) { … })` makes `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both_stores {
    ($($(#[$doc:meta])* fn $name:ident($store:ident) $body:block)+) => {
        $(
            $(#[$doc])*
            mod $name {
                use super::*;

                fn case($store: $crate::StoreKind) $body

                #[test]
                fn sqlite() {
                    case($crate::StoreKind::Sqlite);
                }

                #[test]
                fn postgres() {
                    case($crate::StoreKind::Postgres);
                }
            }
        )+
    };
}
