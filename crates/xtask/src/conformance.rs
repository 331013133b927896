//! `cargo xtask conformance`.

use std::ffi::OsString;
use std::process::{ExitCode, Stdio};

use crate::Outcome;
use crate::interrupt::{Interrupts, code_of};
use crate::postgres::{Cluster, Installation};
use crate::python::Environment;
use crate::test_run::{build_binary, cargo, tell};

/// Schemathesis.
pub(crate) const ENVIRONMENT: Environment = Environment {
    directory: "conformance",
    requirements: include_str!("../../../tests/conformance/requirements.txt"),
    listed_in: "tests/conformance/requirements.txt",
};

/// Runs schemathesis against the binary on both stores. The options are understood by the program that does.
pub(crate) fn run(options: &[OsString]) -> Outcome<ExitCode> {
    let interrupts = Interrupts::listen()?;
    let outcome = compare(&interrupts, options);
    interrupts.received().map_or(outcome, Ok)
}

fn compare(interrupts: &Interrupts, options: &[OsString]) -> Outcome<ExitCode> {
    let tool = ENVIRONMENT.programs(interrupts)?.join("schemathesis");
    let installation = Installation::find_or_install()?;
    let binary = build_binary(interrupts, &[])?;
    let cluster = Cluster::start(&installation)?;

    let mut command = cargo();
    command
        .args(["run", "--quiet", "--package", "helpdesk-tests", "--bin", "conformance", "--"])
        .args(options);
    tell(&mut command, &installation, &cluster, &binary);
    command.env("HELPDESK_CONFORMANCE_PROGRAM", tool);
    interrupts.run(command.stdin(Stdio::null())).map(code_of)
}
