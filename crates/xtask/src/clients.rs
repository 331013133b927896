//! `cargo xtask clients`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::Outcome;
use crate::interrupt::{Interrupts, code_of};
use crate::python::{Environment, succeed, target};
use crate::test_run::{build_binary, cargo};

/// The generator of the Python client, and what that needs.
pub(crate) const ENVIRONMENT: Environment = Environment {
    directory: "clients",
    requirements: include_str!("../../../tests/clients/python/requirements.txt"),
    listed_in: "tests/clients/python/requirements.txt",
};

/// A language of clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    TypeScript,
}

impl Language {
    pub(crate) const ALL: &[Self] = &[Self::Python, Self::TypeScript];

    /// How it is called on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::TypeScript => "typescript",
        }
    }
}

/// Generates clients from the document, and plays the tour through them.
pub(crate) fn run(languages: &[Language]) -> Outcome<ExitCode> {
    let interrupts = Interrupts::listen()?;
    let outcome = try_out(&interrupts, languages);
    interrupts.received().map_or(outcome, Ok)
}

fn try_out(interrupts: &Interrupts, languages: &[Language]) -> Outcome<ExitCode> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "helpdesk-tests", "--bin", "clients", "--"]);
    for language in languages {
        command.arg(language.name());
        match language {
            Language::Python => command.env("HELPDESK_CLIENTS_PYTHON", ENVIRONMENT.programs(interrupts)?),
            Language::TypeScript => command.env("HELPDESK_CLIENTS_TYPESCRIPT", typescript(interrupts)?),
        };
    }
    command.env("HELPDESK_TEST_BINARY", build_binary(interrupts, &[])?);
    interrupts.run(command.stdin(Stdio::null())).map(code_of)
}

/// The directory with the packages of npm that the TypeScript client takes.
fn typescript(interrupts: &Interrupts) -> Outcome<PathBuf> {
    const ADVICE: &str = "The TypeScript client takes Node.js 20 or later and npm; `cargo xtask clients python` leaves it out.";
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/typescript");
    let place = target().join("clients/typescript");
    let failed = |error: std::io::Error| format!("{}: {error}", place.display());
    fs::create_dir_all(&place).map_err(failed)?;
    let is_new_enough = "process.exitCode = Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0";
    succeed(interrupts, Command::new("node").args(["-e", is_new_enough]))
        .map_err(|why| format!("{ADVICE} node: {why}"))?;
    let lock = |directory: &Path| fs::read(directory.join("package-lock.json"));
    let installed = place.join("installed.json");
    let wanted = lock(&sources).map_err(failed)?;
    for file in ["package.json", "package-lock.json", "tsconfig.json", "tour.ts"] {
        fs::copy(sources.join(file), place.join(file)).map_err(failed)?;
    }
    if fs::read(&installed).is_ok_and(|found| found == wanted) {
        return Ok(place);
    }
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    succeed(interrupts, Command::new("npm").args(npm).current_dir(&place)).map_err(|why| {
        format!(
            "npm cannot install what tests/clients/typescript names: {why}. Is there a network, with npm's registry? {ADVICE}"
        )
    })?;
    fs::write(&installed, wanted).map_err(failed)?;
    Ok(place)
}
