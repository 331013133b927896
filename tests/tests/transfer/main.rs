//! Tickets that leave by an export and arrive by an import.

mod bad_lines;
mod export;
mod killed;
mod made_up;
mod memory;
mod round_trip;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use helpdesk_tests::{Database, Server, run};

/// `helpdesk import` into the database.
fn import_command(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Server::command(database);
    command.arg("import").args(arguments);
    command
}

/// Imports a text by standard input.
fn import(database: &Database, arguments: &[&str], text: &str) -> Output {
    run(import_command(database, &[&["-"], arguments].concat()), text)
}

/// What an import that must succeed has printed. It says nothing else to who watches no terminal.
#[track_caller]
fn imported(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The lines that an import which met bad ones has complained of, and its last one.
#[track_caller]
fn complaints(output: &Output) -> (Vec<String>, String) {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let mut lines: Vec<String> = stderr.lines().map(str::to_owned).collect();
    let last = lines.pop().expect("a reason");
    (lines, last)
}

/// Writes a file into the database's directory.
fn file(database: &Database, text: &str) -> PathBuf {
    let path = database.directory().join("tickets.ndjson");
    std::fs::write(&path, text).unwrap();
    path
}

fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}
