//! The operating system's limits on the process.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::SIGXFSZ;

/// Lets a write past the limit on the size of files (`ulimit -f`, `LimitFSIZE=`) fail like one to a full disk: the embedded
/// store then refuses writes and goes on reading. Unless somebody takes the signal, it ends the process.
pub(crate) fn survive_file_size_limit() -> io::Result<()> {
    // That it came is of no interest: the write that failed says so itself.
    signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false))).map(drop)
}
