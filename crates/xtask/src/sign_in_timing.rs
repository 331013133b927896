//! `cargo xtask sign-in-timing`.

use std::process::{ExitCode, Stdio};

use crate::Outcome;
use crate::interrupt::{Interrupts, code_of};
use crate::postgres::{Cluster, Installation};
use crate::test_run::{build_binary, cargo, tell};

/// Measures the release build: what operators run is what must not tell.
pub(crate) fn run(rounds: Option<u32>) -> Outcome<ExitCode> {
    let interrupts = Interrupts::listen()?;
    let outcome = measure(&interrupts, rounds);
    interrupts.received().map_or(outcome, Ok)
}

fn measure(interrupts: &Interrupts, rounds: Option<u32>) -> Outcome<ExitCode> {
    let installation = Installation::find_or_install()?;
    let binary = build_binary(interrupts, &["--release".into()])?;
    let cluster = Cluster::start(&installation)?;

    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "helpdesk-tests", "--bin", "sign-in-timing", "--"]);
    command.args(rounds.map(|rounds| rounds.to_string()));
    tell(&mut command, &installation, &cluster, &binary);
    interrupts.run(command.stdin(Stdio::null())).map(code_of)
}
