//! What the stores send to their databases: how many statements an operation takes, and by which plans they run.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking; clippy takes only test functions themselves for tests"
)]

mod closing;
mod counts;
mod giving_back;
mod operations;
mod plans;
mod recorder;
mod seed;
mod store;
#[path = "../support/mod.rs"]
mod support;
