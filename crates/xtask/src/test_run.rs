//! `cargo xtask test`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde_json::Value;

use crate::arguments::TestArguments;
use crate::interrupt::{Interrupts, code_of};
use crate::postgres::{Cluster, Installation, without_postgres_variables};
use crate::{Outcome, browser};

/// The package that tests the binary from outside.
const FROM_OUTSIDE: &str = "helpdesk-tests";

/// Sets up what the tests need, runs them, and gives back their code.
pub(crate) fn run(arguments: &TestArguments) -> Outcome<ExitCode> {
    let interrupts = Interrupts::listen()?;
    let outcome = set_up_and_test(&interrupts, arguments);
    // Whatever an interrupted step complains of: the signal is the reason.
    interrupts.received().map_or(outcome, Ok)
}

fn set_up_and_test(interrupts: &Interrupts, arguments: &TestArguments) -> Outcome<ExitCode> {
    let installation = Installation::find_or_install()?;
    let browser = if arguments.covers(FROM_OUTSIDE) { browser() } else { None };
    let binary = build_binary(interrupts, &arguments.for_build)?;
    let cluster = Cluster::start(&installation)?;

    let mut command = cargo();
    command.arg("test").envs(browser.map(|browser| ("HELPDESK_TEST_BROWSER", browser)));
    if arguments.packages.is_empty() {
        command.arg("--workspace");
    }
    command.args(["--all-features", "--no-fail-fast"]).args(&arguments.all);
    tell(&mut command, &installation, &cluster, &binary);
    eprintln!("Testing with PostgreSQL {} from {}", installation.version, installation.programs.display());
    interrupts.run(command.stdin(Stdio::null())).map(code_of)
}

/// The browser. Few tests need it, so where none can be had the others are run, and those fail and say why.
fn browser() -> Option<PathBuf> {
    browser::find_or_install().map_err(|reason| eprintln!("xtask: {reason}")).ok()
}

/// Tells a command what `HELP` promises.
pub(crate) fn tell(command: &mut Command, installation: &Installation, cluster: &Cluster, binary: &Path) {
    command.env("HELPDESK_TEST_POSTGRES_URL", cluster.url());
    command.env("HELPDESK_TEST_POSTGRES_BIN", &installation.programs);
    command.env("HELPDESK_TEST_BINARY", binary);
    installation.let_libraries_be_found(command);
}

/// Builds the binary under test, and asks cargo where it is.
pub(crate) fn build_binary(interrupts: &Interrupts, options: &[OsString]) -> Outcome<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--package", "helpdesk-app"]).args(options);
    if interrupts.run(command.stdin(Stdio::null()))?.success() {
        // Nothing is left to build: this only tells the path.
        let output = command.arg("--message-format=json").stderr(Stdio::null()).output();
        let output = output.map_err(|error| format!("cargo build: {error}"))?;
        executable_in(&String::from_utf8_lossy(&output.stdout))
            .ok_or("cargo build tells of no binary".to_owned())
    } else {
        Err("the binary under test does not build".to_owned())
    }
}

/// The path of the executable in cargo's messages, which are a JSON object a line.
fn executable_in(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back()
}

/// The cargo that started us.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    without_postgres_variables(&mut command);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_told_by_cargos_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"kind":["lib"]},"executable":null}"#,
            "\nnot JSON\n",
            r#"{"reason":"compiler-artifact","target":{"kind":["bin"]},"executable":"/a \"b\"/helpdesk"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(executable_in(messages), Some(PathBuf::from("/a \"b\"/helpdesk")));
        assert_eq!(executable_in(""), None);
    }
}
