//! How the help desk proves who somebody is: passwords by bcrypt, access tokens as JSON Web Tokens, refresh tokens as
//! opaque random texts.
//!
//! * [`BcryptHasher`] hashes on a few threads of its own behind a bounded queue, so that a storm of sign-ins takes a
//!   known part of the machine and no async worker ever waits for a hash.
//! * [`CommonPasswords`] knows the passwords that everybody tries first.
//! * [`JwtAccessTokens`] signs and verifies with HS256 and nothing else, with the keys of a [`KeyRing`], which can be
//!   replaced at any time; [`JwtSecret`] refuses keys that can be guessed.
//! * [`RandomTokens`] makes 256-bit tokens of which a store keeps the SHA-256 alone.
//! * [`InProcessGuessLimits`] counts guesses, in bounded memory.
#![deny(missing_docs)]

mod access;
mod guess_limits;
mod hex;
mod opaque;
mod password;
mod secret;
mod secrets;
#[cfg(test)]
mod test_clock;
#[cfg(test)]
mod test_random;

pub use access::{AUDIENCE, ISSUER, JwtAccessTokens, KeyRing, LEEWAY};
pub use guess_limits::InProcessGuessLimits;
pub use opaque::RandomTokens;
pub use password::{BcryptHasher, CommonPasswords, HasherConfig, HasherError};
pub use secret::{JwtSecret, WeakSecret};
pub use secrets::{BadSecrets, JwtSecrets};
