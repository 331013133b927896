//! Passwords.

mod hasher;
mod queue;
mod scheme;

pub use hasher::{BcryptHasher, HasherConfig, HasherError};
