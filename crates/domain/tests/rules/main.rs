//! The rules of the help desk, seen from outside: each rule of the workflow by an example, and the invariants on random
//! lives of a ticket.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what is not as expected fails the test")]

mod assigning;
mod cast;
mod closing;
mod commenting;
mod customers_view;
mod invariants;
mod non_interference;
mod opening;
mod projection;
mod queue;
mod random_lives;
mod reopening;
mod versions;
