//! Installing what the tests need and the machine lacks.

mod unpacked;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Outcome;
use crate::test_run::cargo;

pub(crate) use unpacked::{add_libraries, expand, libraries_in};

/// Something that may have to be installed.
pub(crate) struct Wanted {
    /// What people call it.
    pub(crate) name: &'static str,
    /// What a person can do.
    pub(crate) advice: &'static str,
    /// What makes a package manager install it, by the program by which that is known. The first one that is here is used.
    pub(crate) scripts: &'static [(&'static str, &'static str)],
    /// Debian's package, which is unpacked without being installed for users who may not.
    pub(crate) package: &'static str,
    /// Where that is, in the build directory.
    pub(crate) directory: &'static str,
}

/// The package manager that does not want to be root.
const FOR_USERS: &str = "brew";

/// Unpacks Debian's packages.
const UNPACK: &str = include_str!("unpack_apt.sh");

impl Wanted {
    /// Installs it, or unpacks it into [`Wanted::unpacked_root`].
    pub(crate) fn install(&self) -> Outcome<()> {
        let Self { name, advice, .. } = self;
        let Some((program, script)) =
            self.scripts.iter().find(|(program, _)| succeeds("command", &["-v", program]))
        else {
            return Err(format!(
                "{name} is missing, and so is a package manager that could install it. {advice}"
            ));
        };
        let is_root = rustix::process::geteuid().is_root();
        let shell: &[&str] = match (*program != FOR_USERS, is_root) {
            (true, true) | (false, false) => &["sh", "-c"],
            (true, false) if succeeds("sudo", &["-n", "true"]) => &["sudo", "-n", "sh", "-c"],
            (true, false) if *program == "apt-get" => return self.unpack(),
            (true, false) => {
                return Err(format!("{name} is missing, and installing it takes root. {advice}"));
            }
            (false, true) => {
                return Err(format!("{name} is missing, and {program} does not run as root. {advice}"));
            }
        };
        eprintln!("{name} is missing; {program} installs it …");
        let (first, rest) = (shell[0], &shell[1..]);
        self.run(Command::new(first).args(rest).arg(script), &format!("{program} could not install it"))
    }

    fn unpack(&self) -> Outcome<()> {
        let root = self.unpacked_root()?;
        eprintln!(
            "{} is missing, and installing it takes root; its packages are unpacked into {} …",
            self.name,
            root.display()
        );
        let mut command = Command::new("sh");
        command.args(["-c", UNPACK, "unpack"]).arg(&root).arg(self.package);
        self.run(&mut command, "its packages could not be fetched")
    }

    /// Where packages are unpacked: in the build directory.
    pub(crate) fn unpacked_root(&self) -> Outcome<PathBuf> {
        let output =
            cargo().args(["metadata", "--no-deps", "--format-version=1"]).stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| format!("cargo metadata: {error}"))?;
        let metadata: Value =
            serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
        let target =
            metadata["target_directory"].as_str().ok_or("cargo metadata tells of no target directory")?;
        Ok(PathBuf::from(target).join(self.directory))
    }

    /// Runs a command, all of whose output goes to standard error: standard output is for results.
    fn run(&self, command: &mut Command, failure: &str) -> Outcome<()> {
        let Self { name, advice, .. } = self;
        match command.stdin(Stdio::null()).stdout(std::io::stderr()).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{name} is missing, and {failure} ({status}). {advice}")),
            Err(error) => Err(format!("{name} is missing, and {failure} ({error}). {advice}")),
        }
    }
}

/// Whether a command line of the shell succeeds, silently.
pub(crate) fn succeeds(command: &str, arguments: &[&str]) -> bool {
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
        let all = [&crate::postgres::WANTED, &crate::browser::WANTED, &crate::wrk::WANTED];
        for script in all.iter().flat_map(|wanted| wanted.scripts).map(|(_, script)| *script).chain([UNPACK])
        {
            assert!(succeeds("sh", &["-n", "-c", script]), "{script}");
        }
    }
}
