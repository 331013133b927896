//! How far an import is, for who watches a terminal; nobody else is told.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often it is drawn while nothing moves.
const TICK: Duration = Duration::from_millis(200);

/// A bar of bytes where it is known how many there are, or else a count of records.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Draws to standard error, if that is a terminal.
    pub(super) fn new(bytes: Option<u64>) -> Self {
        let (bar, template) = match bytes {
            Some(bytes) => (
                ProgressBar::new(bytes),
                "{wide_bar} {bytes}/{total_bytes}  {msg}  {elapsed_precise}, {eta} left",
            ),
            None => (ProgressBar::new_spinner(), "{spinner} {bytes}  {msg}  {elapsed_precise}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self { bar }
    }

    /// So many bytes were read, with so many tickets and comments.
    pub(super) fn is_at(&self, bytes: u64, tickets: usize, comments: usize) {
        self.bar.set_position(bytes);
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{tickets} tickets, {comments} comments"));
        }
    }

    /// Says something, above the bar.
    pub(super) fn say(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
