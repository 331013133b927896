//! Python programs from its package index, in an environment of their own under `target/`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::interrupt::Interrupts;

/// An environment, and what is installed in it: exact versions, all dependencies included.
pub(crate) struct Environment {
    /// The directory of `target/` that it has to itself.
    pub(crate) directory: &'static str,
    /// The text of the list.
    pub(crate) requirements: &'static str,
    /// Where the list is, for people.
    pub(crate) listed_in: &'static str,
}

impl Environment {
    /// Makes it, if it is not there yet as it should be, and gives the directory of its programs.
    pub(crate) fn programs(&self, interrupts: &Interrupts) -> Outcome<PathBuf> {
        let place = target().join(self.directory);
        let (environment, installed) = (place.join("python"), place.join("installed.txt"));
        let programs = environment.join("bin");
        if std::fs::read_to_string(&installed).is_ok_and(|text| text == self.requirements)
            && programs.join("python").is_file()
        {
            return Ok(programs);
        }
        let failed = |error: std::io::Error| format!("{}: {error}", place.display());
        std::fs::create_dir_all(&place).map_err(failed)?;
        // It is not there any more, or never was.
        let _ = std::fs::remove_file(&installed);

        let python = std::env::var_os("HELPDESK_PYTHON").unwrap_or_else(|| "python3".into());
        let is_new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
        succeed(interrupts, Command::new(&python).args(["-c", is_new_enough])).map_err(|why| {
            format!(
                "This takes Python 3.11 or later, as {}: {why}. Install it, or name another one in HELPDESK_PYTHON.",
                python.display()
            )
        })?;
        let make = ["-m", "venv", "--clear"];
        succeed(interrupts, Command::new(&python).args(make).arg(&environment)).map_err(|why| {
            format!("Python's module venv does not work: {why}. Debian and Ubuntu have it in a package: apt-get install python3-venv")
        })?;
        let requirements = place.join("requirements.txt");
        std::fs::write(&requirements, self.requirements).map_err(failed)?;
        let pip = [
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary",
            ":all:",
            "-r",
        ];
        succeed(interrupts, Command::new(programs.join("pip")).args(pip).arg(&requirements)).map_err(|why| {
            format!(
                "pip cannot install what {} names: {why}. Is there a network, with a Python package index?",
                self.listed_in
            )
        })?;
        std::fs::write(&installed, self.requirements).map_err(failed)?;
        Ok(programs)
    }
}

/// The build directory.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

/// Runs a command, which says itself what it does not like.
pub(crate) fn succeed(interrupts: &Interrupts, command: &mut Command) -> Outcome<()> {
    let status = interrupts.run(command.stdin(Stdio::null()))?;
    if status.success() { Ok(()) } else { Err(status.to_string()) }
}

#[cfg(test)]
mod tests {
    use crate::{clients, conformance};

    #[test]
    fn every_requirement_is_one_version() {
        for (environment, program) in [
            (&conformance::ENVIRONMENT, "schemathesis=="),
            (&clients::ENVIRONMENT, "openapi-python-client=="),
        ] {
            assert!(environment.requirements.lines().any(|line| line.starts_with(program)));
            for line in environment.requirements.lines() {
                let (name, version) = line.split_once("==").unwrap();
                assert!(
                    !name.is_empty() && version.starts_with(|first: char| first.is_ascii_digit()),
                    "{line}"
                );
            }
        }
    }
}
