//! Ctrl-C and its kin: what was started is stopped and cleared away before the program ends.

use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};

use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::Outcome;

/// Listens for the signals that ask a program to end.
pub(crate) struct Interrupts {
    state: Arc<Mutex<State>>,
    first: Receiver<u8>,
}

#[derive(Default)]
struct State {
    /// The first signal that came.
    received: Option<u8>,
    /// The process group that such a signal is passed on to.
    group: Option<Pid>,
}

impl Interrupts {
    /// From now on those signals no longer end the program by themselves.
    pub(crate) fn listen() -> Outcome<Self> {
        let mut signals =
            Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(|error| format!("signals: {error}"))?;
        let state = Arc::new(Mutex::new(State::default()));
        let (tell, first) = channel();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for signal in signals.forever() {
                let signal = u8::try_from(signal).unwrap_or(0);
                let mut state = lock(&shared);
                state.received.get_or_insert(signal);
                if let Some(group) = state.group {
                    terminate(group);
                }
                // Nobody waits for it where a group runs.
                let _ = tell.send(signal);
            }
        });
        Ok(Self { state, first })
    }

    /// Waits for a signal. The code says which it was.
    pub(crate) fn wait(&self) -> ExitCode {
        self.first.recv().map_or(ExitCode::FAILURE, code_of_signal)
    }

    /// Runs a command in a process group of its own, so that a signal ends it with everything it started.
    pub(crate) fn run(&self, command: &mut Command) -> Outcome<ExitStatus> {
        let program = command.get_program().display().to_string();
        let mut child =
            self.start(command.process_group(0)).map_err(|error| format!("{program}: {error}"))?;
        let status = child.wait().map_err(|error| format!("{program}: {error}"));
        lock(&self.state).group = None;
        status
    }

    fn start(&self, command: &mut Command) -> std::io::Result<Child> {
        // Under the lock, so that a signal that comes now meets either no group or the whole of it.
        let mut state = lock(&self.state);
        if state.received.is_some() {
            return Err(std::io::Error::other("interrupted"));
        }
        let child = command.spawn()?;
        state.group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        Ok(child)
    }

    /// The code of the first signal that came, if one did.
    pub(crate) fn received(&self) -> Option<ExitCode> {
        lock(&self.state).received.map(code_of_signal)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn terminate(group: Pid) {
    // It may have ended this very moment; then there is nothing to do.
    let _ = kill_process_group(group, Signal::TERM);
}

/// The exit code that shells give a program that ended so.
pub(crate) fn code_of(status: ExitStatus) -> ExitCode {
    match (status.code(), status.signal()) {
        (Some(code), _) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        (None, signal) => code_of_signal(signal.and_then(|signal| u8::try_from(signal).ok()).unwrap_or(0)),
    }
}

fn code_of_signal(signal: u8) -> ExitCode {
    ExitCode::from(128_u8.saturating_add(signal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_a_shell() {
        assert_eq!(code_of(ExitStatus::from_raw(0)), ExitCode::SUCCESS);
        assert_eq!(code_of(ExitStatus::from_raw(101 << 8)), ExitCode::from(101));
        assert_eq!(code_of(ExitStatus::from_raw(SIGTERM)), ExitCode::from(143));
        assert_eq!(code_of_signal(2), ExitCode::from(130));
    }
}
