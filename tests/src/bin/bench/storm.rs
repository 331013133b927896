//! Clients that sign in, each again as soon as it has.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use super::subject::People;

/// How many.
const CLIENTS: usize = 8;

/// Does something while they do, and says how many signed in meanwhile: it must not come to none.
pub(crate) fn during<T>(people: &People, address: &str, measure: impl FnOnce() -> T) -> T {
    let (is_over, signed_in) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|threads| {
        for _ in 0..CLIENTS {
            threads.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    people.sign_in_at(address);
                    signed_in.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let measured = measure();
        is_over.store(true, Ordering::Relaxed);
        eprintln!("{} signed in during the storm", signed_in.load(Ordering::Relaxed));
        measured
    })
}
