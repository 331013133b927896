//! `cargo xtask bench`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::Outcome;
use crate::interrupt::{Interrupts, code_of};
use crate::postgres::{Cluster, Installation};
use crate::test_run::{build_binary, cargo, tell};
use crate::wrk::Wrk;

/// Measures the release build on both stores. The options are understood by the program that does.
pub(crate) fn run(options: &[OsString]) -> Outcome<ExitCode> {
    let interrupts = Interrupts::listen()?;
    let outcome = measure(&interrupts, options);
    interrupts.received().map_or(outcome, Ok)
}

fn measure(interrupts: &Interrupts, options: &[OsString]) -> Outcome<ExitCode> {
    let wrk = Wrk::find_or_install()?;
    let installation = Installation::find_or_install()?;
    if !installation.programs.join("pgbench").is_file() {
        return Err(format!(
            "{} has no pgbench: some put it into a package of its own, such as postgresql-contrib",
            installation.programs.display()
        ));
    }
    let binary = build_binary(interrupts, &["--release".into()])?;
    let yardsticks = build_yardsticks(interrupts, &binary)?;
    let cluster = Cluster::start(&installation)?;

    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "helpdesk-tests", "--bin", "bench", "--"]).args(options);
    tell(&mut command, &installation, &cluster, &binary);
    wrk.let_libraries_be_found(&mut command);
    let this = std::env::current_exe().map_err(|error| format!("this program: {error}"))?;
    command
        .env("HELPDESK_BENCH_WRK", &wrk.program)
        .env("HELPDESK_BENCH_YARDSTICK", yardsticks)
        .env("HELPDESK_BENCH_POSTGRES_LOG", cluster.log())
        .env("HELPDESK_BENCH_SEED", this);
    interrupts.run(command.stdin(Stdio::null())).map(code_of)
}

/// Builds what the binary is measured by, and tells in which directory it is: beside the binary.
fn build_yardsticks(interrupts: &Interrupts, binary: &Path) -> Outcome<PathBuf> {
    let mut command: Command = cargo();
    command.args(["build", "--release", "--package", "helpdesk-yardstick"]);
    if !interrupts.run(command.stdin(Stdio::null()))?.success() {
        return Err("what the binary is measured by does not build".to_owned());
    }
    binary.parent().map(Path::to_owned).ok_or_else(|| "the binary is in no directory".to_owned())
}
