//! `cargo xtask conformance`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::Outcome;
use crate::interrupt::{Interrupts, code_of};
use crate::postgres::{Cluster, Installation};
use crate::test_run::{build_binary, cargo, tell};

/// What is installed: exact versions, the tool's own dependencies included.
const REQUIREMENTS: &str = include_str!("../../../tests/conformance/requirements.txt");

/// Runs schemathesis against the binary on both stores. The options are understood by the program that does.
pub(crate) fn run(options: &[OsString]) -> Outcome<ExitCode> {
    let interrupts = Interrupts::listen()?;
    let outcome = compare(&interrupts, options);
    interrupts.received().map_or(outcome, Ok)
}

fn compare(interrupts: &Interrupts, options: &[OsString]) -> Outcome<ExitCode> {
    let tool = tool(interrupts)?;
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

/// The tool, installed under `target/` if it is not there yet.
fn tool(interrupts: &Interrupts) -> Outcome<PathBuf> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/conformance");
    let (environment, installed) = (place.join("python"), place.join("installed.txt"));
    let tool = environment.join("bin/schemathesis");
    if std::fs::read_to_string(&installed).is_ok_and(|text| text == REQUIREMENTS) && tool.is_file() {
        return Ok(tool);
    }
    let failed = |error: std::io::Error| format!("{}: {error}", place.display());
    std::fs::create_dir_all(&place).map_err(failed)?;
    let _ = std::fs::remove_file(&installed);

    let python = std::env::var_os("HELPDESK_PYTHON").unwrap_or_else(|| "python3".into());
    let is_new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
    succeed(interrupts, Command::new(&python).args(["-c", is_new_enough])).map_err(|why| {
        format!(
            "Conformance takes Python 3.11 or later, as {}: {why}. Install it, or name another one in HELPDESK_PYTHON.",
            python.display()
        )
    })?;
    let make = ["-m", "venv", "--clear"];
    succeed(interrupts, Command::new(&python).args(make).arg(&environment)).map_err(|why| {
        format!("Python's module venv does not work: {why}. Debian and Ubuntu have it in a package: apt-get install python3-venv")
    })?;
    let requirements = place.join("requirements.txt");
    std::fs::write(&requirements, REQUIREMENTS).map_err(failed)?;
    let pip =
        ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "-r"];
    succeed(interrupts, Command::new(environment.join("bin/pip")).args(pip).arg(&requirements)).map_err(|why| {
        format!("pip cannot install what tests/conformance/requirements.txt names: {why}. Is there a network, with a Python package index?")
    })?;
    std::fs::write(&installed, REQUIREMENTS).map_err(failed)?;
    Ok(tool)
}

/// Runs a command, which says itself what it does not like.
fn succeed(interrupts: &Interrupts, command: &mut Command) -> Outcome<()> {
    let status = interrupts.run(command.stdin(Stdio::null()))?;
    if status.success() { Ok(()) } else { Err(status.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_is_one_version() {
        assert!(REQUIREMENTS.lines().any(|line| line.starts_with("schemathesis==")));
        for line in REQUIREMENTS.lines() {
            let (name, version) = line.split_once("==").unwrap();
            assert!(!name.is_empty() && version.starts_with(|first: char| first.is_ascii_digit()), "{line}");
        }
    }
}
