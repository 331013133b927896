//! A server that dies with us.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::Outcome;

/// Watches over the server: it runs while this lives, and its directory goes with it.
pub(super) struct Guard {
    child: Child,
    /// The pipe whose end ends the server.
    lifeline: Option<ChildStdin>,
}

impl Guard {
    /// The command that starts the guard, in the cluster's directory; the directory and the server's command line are to
    /// be added.
    pub(super) fn command() -> Command {
        let mut command = Command::new("/bin/sh");
        // Out of the terminal's foreground group, so that Ctrl-C reaches us and not the server under the running tests.
        command.args(["-c", include_str!("guard.sh"), "guard"]).process_group(0);
        command
    }

    /// Starts it.
    pub(super) fn start(command: &mut Command) -> Outcome<Self> {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
        let mut child = child.map_err(|error| format!("PostgreSQL cannot be started: {error}"))?;
        let lifeline = child.stdin.take();
        Ok(Self { child, lifeline })
    }

    /// Whether the server has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.lifeline = None;
        if let Err(error) = self.child.wait() {
            eprintln!("xtask: PostgreSQL may still be running: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread::yield_now;

    use super::super::account::Account;
    use super::super::place::make_directory;
    use super::*;

    #[test]
    fn a_server_that_ends_by_itself_is_noticed_and_its_directory_goes() {
        let account = Account::for_server().unwrap();
        let directory = make_directory(&account).unwrap();
        let mut command = Guard::command();
        command.arg(&directory).args(["sh", "-c", "exit 7"]).current_dir(&directory).stderr(Stdio::null());
        account.lend_to(&mut command);
        let mut guard = Guard::start(&mut command).unwrap();
        while !guard.has_ended() {
            yield_now();
        }
        assert_eq!(guard.child.wait().unwrap().code(), Some(7));
        assert!(!directory.exists());
    }
}
