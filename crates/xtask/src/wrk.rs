//! The program that makes load: found, installed, or unpacked.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::install::{Wanted, add_libraries, libraries_in};

/// wrk.
pub(crate) const WANTED: Wanted = Wanted {
    name: "wrk",
    advice: "\
Load is made by wrk. Install it, for example with
  apt-get install wrk                   (Debian, Ubuntu)
  dnf install wrk                       (Fedora)
  apk add wrk                           (Alpine)
  brew install wrk                      (macOS)",
    scripts: &[
        (
            "apt-get",
            "set -eu; export DEBIAN_FRONTEND=noninteractive; apt-get -qq update; \
             apt-get -qq -y --no-install-recommends install wrk",
        ),
        ("dnf", "dnf install -y wrk"),
        ("zypper", "zypper --non-interactive install wrk"),
        ("pacman", "pacman -Sy --noconfirm --needed wrk"),
        ("apk", "apk add wrk"),
        ("brew", "brew install wrk"),
    ],
    package: "wrk",
    directory: "wrk",
};

/// The program, with where its libraries are if it was unpacked without being installed.
pub(crate) struct Wrk {
    pub(crate) program: PathBuf,
    libraries: Vec<PathBuf>,
}

impl Wrk {
    /// The one on this machine; where there is none, it is installed.
    pub(crate) fn find_or_install() -> Outcome<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        WANTED.install()?;
        Self::find().ok_or_else(|| format!("wrk was installed, but it does not run. {}", WANTED.advice))
    }

    fn find() -> Option<Self> {
        Self::at(Path::new("wrk"), &[]).or_else(|| {
            let root = WANTED.unpacked_root().ok()?;
            Self::at(&root.join("usr/bin/wrk"), &libraries_in(&root))
        })
    }

    /// The program, if it runs.
    fn at(program: &Path, libraries: &[PathBuf]) -> Option<Self> {
        let mut command = Command::new(program);
        add_libraries(&mut command, libraries);
        // It tells its version and fails, since it is told nothing to do.
        command.arg("--version").stdin(Stdio::null()).stderr(Stdio::null());
        let told = command.output().ok()?.stdout;
        let is_it = String::from_utf8_lossy(&told).starts_with("wrk ");
        is_it.then(|| Self { program: program.to_owned(), libraries: libraries.to_owned() })
    }

    /// Lets a command, and what it starts, run it.
    pub(crate) fn let_libraries_be_found(&self, command: &mut Command) {
        add_libraries(command, &self.libraries);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_program_is_not_taken_for_it() {
        for other in ["no-such-program-anywhere", "true", "false"] {
            assert!(Wrk::at(Path::new(other), &[]).is_none(), "{other}");
        }
    }
}
