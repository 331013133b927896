//! Passwords.

mod hasher;
mod queue;
mod rounds;
mod scheme;
mod screen;

pub use hasher::{BcryptHasher, HasherConfig, HasherError};
pub use screen::CommonPasswords;
