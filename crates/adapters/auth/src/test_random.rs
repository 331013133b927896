//! Randomness that tests can foretell.

use std::sync::atomic::{AtomicU8, Ordering};

use helpdesk_ports::Random;

/// Fills with one byte value, the next one at each call.
#[derive(Default)]
pub(crate) struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0.fetch_add(1, Ordering::SeqCst));
    }
}
