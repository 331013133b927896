//! Installing the server where it is missing.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Outcome;
use crate::test_run::cargo;

/// What a person can do.
pub(super) const ADVICE: &str = "\
The tests need PostgreSQL's server programs (initdb, postgres), version 14 or newer. Install them, for example with
  apt-get install postgresql            (Debian, Ubuntu)
  dnf install postgresql-server         (Fedora, RHEL)
  apk add postgresql                    (Alpine)
  brew install postgresql@17            (macOS)
or name the directory that holds them in HELPDESK_TEST_POSTGRES_BIN.";

/// A package manager: the program by which it is known, whether it wants to be root, and what makes it install the server.
struct Manager {
    program: &'static str,
    as_root: bool,
    script: &'static str,
}

const MANAGERS: &[Manager] = &[
    Manager { program: "apt-get", as_root: true, script: include_str!("install_apt.sh") },
    Manager { program: "dnf", as_root: true, script: "dnf install -y postgresql-server" },
    Manager {
        program: "zypper",
        as_root: true,
        script: "zypper --non-interactive install postgresql-server",
    },
    Manager { program: "pacman", as_root: true, script: "pacman -Sy --noconfirm --needed postgresql" },
    Manager { program: "apk", as_root: true, script: "apk add postgresql" },
    Manager { program: "brew", as_root: false, script: "brew install postgresql@17" },
];

/// Unpacks Debian's packages without installing them: for users who may not.
const UNPACK: &str = include_str!("unpack_apt.sh");

/// Installs the server, or unpacks it into [`unpacked_root`].
pub(super) fn install() -> Outcome<()> {
    let Some(manager) = MANAGERS.iter().find(|manager| succeeds("command", &["-v", manager.program])) else {
        return Err(format!(
            "PostgreSQL is missing, and so is a package manager that could install it. {ADVICE}"
        ));
    };
    let program = manager.program;
    let is_root = rustix::process::geteuid().is_root();
    let shell: &[&str] = match (manager.as_root, is_root) {
        (true, true) | (false, false) => &["sh", "-c"],
        (true, false) if succeeds("sudo", &["-n", "true"]) => &["sudo", "-n", "sh", "-c"],
        (true, false) if program == "apt-get" => return unpack(),
        (true, false) => {
            return Err(format!("PostgreSQL is missing, and installing it takes root. {ADVICE}"));
        }
        (false, true) => {
            return Err(format!("PostgreSQL is missing, and {program} does not run as root. {ADVICE}"));
        }
    };
    eprintln!("PostgreSQL is missing; {program} installs it …");
    let (first, rest) = (shell[0], &shell[1..]);
    run(Command::new(first).args(rest).arg(manager.script), &format!("{program} could not install it"))
}

fn unpack() -> Outcome<()> {
    let root = unpacked_root()?;
    eprintln!(
        "PostgreSQL is missing, and installing it takes root; its packages are unpacked into {} …",
        root.display()
    );
    run(Command::new("sh").args(["-c", UNPACK, "unpack"]).arg(&root), "its packages could not be fetched")
}

/// Where packages are unpacked: in the build directory.
pub(super) fn unpacked_root() -> Outcome<PathBuf> {
    let output =
        cargo().args(["metadata", "--no-deps", "--format-version=1"]).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let target =
        metadata["target_directory"].as_str().ok_or("cargo metadata tells of no target directory")?;
    Ok(PathBuf::from(target).join("postgres"))
}

/// Runs a command, all of whose output goes to standard error: standard output is for results.
fn run(command: &mut Command, failure: &str) -> Outcome<()> {
    let status = command.stdin(Stdio::null()).stdout(std::io::stderr()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("PostgreSQL is missing, and {failure} ({status}). {ADVICE}")),
        Err(error) => Err(format!("PostgreSQL is missing, and {failure} ({error}). {ADVICE}")),
    }
}

/// Whether a command line of the shell succeeds, silently.
fn succeeds(command: &str, arguments: &[&str]) -> bool {
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$@\"", "sh", command]).args(arguments);
    let status = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_tried_silently() {
        assert!(succeeds("command", &["-v", "sh"]));
        assert!(!succeeds("command", &["-v", "no-such-program-anywhere"]));
        assert!(!succeeds("false", &[]));
    }

    #[test]
    fn scripts_are_valid_for_the_shell() {
        for script in MANAGERS.iter().map(|manager| manager.script).chain([UNPACK]) {
            assert!(succeeds("sh", &["-n", "-c", script]), "{script}");
        }
    }
}
