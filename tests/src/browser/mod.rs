//! A browser without a window, for what only a browser can tell: that a page works, and that its policy lets it.
//!
//! It is driven over the protocol of Chrome's developer tools, by two pipes, so that nothing listens anywhere and no library is needed.

mod page;
mod wire;

use std::ffi::OsString;
use std::process::{Child, Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

pub use page::Page;
use wire::Wire;

/// A headless Chromium; it ends with this value.
pub struct Browser {
    child: Child,
    wire: Wire,
    // The last to go.
    _profile: TempDir,
}

/// What the browser leaves alone: a window, the machine's graphics, and everything of the network but what the page asks for.
const FLAGS: &[&str] = &[
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
];

fn program() -> OsString {
    std::env::var_os("HELPDESK_TEST_BROWSER").expect(
        "HELPDESK_TEST_BROWSER is not set: run the tests through `cargo xtask test`, which finds Chromium or Chrome, or installs it \
         where it can, and says so where it cannot",
    )
}

impl Browser {
    /// Starts one with an empty profile.
    pub fn start() -> Self {
        let profile = tempfile::tempdir().expect("a temporary directory");
        // The browser takes its orders from descriptor 3 and answers on 4, which only a shell can make of a pipe.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >&2", "sh"]).arg(program()).args(FLAGS);
        if rustix::process::geteuid().is_root() {
            // It refuses to start as root with one. What it shows is our own.
            command.arg("--no-sandbox");
        }
        let mut child = command
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell runs");
        let wire = Wire::new(&mut child);
        Self { child, wire, _profile: profile }
    }

    /// Opens a page in a window of this size.
    pub fn open(&mut self, url: &str, (width, height): (u32, u32)) -> Page<'_> {
        Page::open(&mut self.wire, url, width, height)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("what the browser said:\n{}", self.wire.said());
            // It may have ended already, which is fine.
            let _ = self.child.kill();
        } else {
            self.wire.tell("Browser.close", &json!({}));
        }
        let _ = self.child.wait();
    }
}
