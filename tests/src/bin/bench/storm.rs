//! Clients that sign in, each again as soon as it has.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::subject::People;

/// How many.
const CLIENTS: usize = 8;

/// Does something while they do.
pub(crate) fn during<T>(people: &People, address: &str, measure: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    thread::scope(|threads| {
        for _ in 0..CLIENTS {
            threads.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    people.sign_in_at(address);
                }
            });
        }
        let measured = measure();
        is_over.store(true, Ordering::Relaxed);
        measured
    })
}
