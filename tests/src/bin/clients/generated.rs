//! The two clients: generated, and played.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use helpdesk_tests::binary;

fn variable(name: &str) -> Result<PathBuf, String> {
    std::env::var_os(name)
        .map(PathBuf::from)
        .ok_or_else(|| format!("{name} is not set: run this through `cargo xtask clients`"))
}

/// Writes the document, as `helpdesk openapi` prints it.
fn write_document(file: &Path) -> Result<(), String> {
    let output = Command::new(binary()).arg("openapi").output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("helpdesk openapi: {}", String::from_utf8_lossy(&output.stderr)));
    }
    fs::write(file, output.stdout).map_err(|error| format!("{}: {error}", file.display()))
}

/// Runs a command, whose output is for whoever reads this one's.
fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().display().to_string();
    let status = command.status().map_err(|error| format!("{program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program}: {status}")) }
}

/// Generates the Python client into this directory, and plays the tour through it. A warning is a failure: it means that something
/// of the API is missing.
pub(crate) fn python(directory: &Path, address: &str) -> Result<(), String> {
    let programs = variable("HELPDESK_CLIENTS_PYTHON")?;
    let (document, client) = (directory.join("openapi.json"), directory.join("helpdesk_client"));
    write_document(&document)?;
    // The generator formats what it wrote with a program that is beside it.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(programs.clone()).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).map_err(|error| error.to_string())?;
    run(Command::new(programs.join("openapi-python-client"))
        .args(["generate", "--meta", "none", "--fail-on-warning", "--path"])
        .arg(&document)
        .arg("--output-path")
        .arg(&client)
        .env("PATH", path))?;
    let tour = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/python/tour.py");
    run(Command::new(programs.join("python")).arg(tour).arg(address).env("PYTHONPATH", directory))
}

/// Generates the types of the TypeScript client, compiles the tour with them, and plays it.
pub(crate) fn typescript(address: &str) -> Result<(), String> {
    let place = variable("HELPDESK_CLIENTS_TYPESCRIPT")?;
    write_document(&place.join("openapi.json"))?;
    let program = |name: &str| {
        let mut command = Command::new(place.join("node_modules/.bin").join(name));
        command.current_dir(&place);
        command
    };
    run(program("openapi-typescript").args(["openapi.json", "--output", "helpdesk.d.ts"]))?;
    run(program("tsc").args(["--project", "."]))?;
    run(Command::new("node").args(["tour.js", address]).current_dir(&place))
}
