//! Where the server's programs are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::WANTED;
use super::version::{OLDEST, Version, choose};
use crate::Outcome;
use crate::install::{add_libraries, expand, libraries_in};

/// Where packages put them; a `*` stands for any text within a name, at most one in each.
const PLACES: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/local/pgsql/bin",
    "/usr/local/bin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// A Postgres server on this machine.
pub(crate) struct Installation {
    /// The directory of its programs.
    pub(crate) programs: PathBuf,
    /// Its version.
    pub(crate) version: Version,
    /// Where the shared libraries are that it needs, for one that was unpacked without being installed.
    libraries: Vec<PathBuf>,
}

impl Installation {
    /// The newest on this machine; where there is none, one is installed.
    pub(crate) fn find_or_install() -> Outcome<Self> {
        const CHOICE: &str = "HELPDESK_TEST_POSTGRES_BIN";
        if let Some(chosen) = env::var_os(CHOICE) {
            let chosen = PathBuf::from(chosen);
            return Self::at(&chosen, &[]).filter(|installation| installation.version >= OLDEST).ok_or_else(
                || {
                    format!(
                        "{CHOICE} is {}, which has no server of PostgreSQL {OLDEST} or newer",
                        chosen.display()
                    )
                },
            );
        }
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        WANTED.install()?;
        Self::find().ok_or_else(|| {
            format!(
                "PostgreSQL was installed, but no server of version {OLDEST} or newer is to be found. {}",
                WANTED.advice
            )
        })
    }

    fn find() -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let places = PLACES.iter().flat_map(|place| expand(Path::new(place)));
        let mut found: Vec<Self> =
            env::split_paths(&path).chain(places).filter_map(|directory| Self::at(&directory, &[])).collect();
        let versions: Vec<Version> = found.iter().map(|installation| installation.version).collect();
        match choose(&versions) {
            Some(chosen) => Some(found.swap_remove(chosen)),
            None => Self::unpacked_at(&WANTED.unpacked_root().ok()?),
        }
    }

    /// The server in a Debian package that was unpacked here.
    fn unpacked_at(root: &Path) -> Option<Self> {
        let libraries = libraries_in(root);
        let programs = expand(&root.join("usr/lib/postgresql/*/bin"));
        programs
            .iter()
            .filter_map(|directory| Self::at(directory, &libraries))
            .max_by_key(|found| found.version)
    }

    /// The server whose programs are in this directory, if they are and run.
    fn at(directory: &Path, libraries: &[PathBuf]) -> Option<Self> {
        // Some put links to a few of the programs on PATH; all of them are where the links lead.
        let real = fs::canonicalize(directory.join("postgres")).ok()?;
        let directory =
            [real.parent()?, directory].into_iter().find(|directory| directory.join("initdb").is_file())?;
        let mut command = Command::new(directory.join("postgres"));
        add_libraries(&mut command, libraries);
        let answer = command.arg("--version").output().ok()?;
        let version = Version::parse(&String::from_utf8_lossy(&answer.stdout))?;
        Some(Self { programs: directory.to_owned(), version, libraries: libraries.to_owned() })
    }

    /// The program of this name.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Lets a command, and what it starts, run the server's programs.
    pub(crate) fn let_libraries_be_found(&self, command: &mut Command) {
        add_libraries(command, &self.libraries);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_without_the_programs_is_no_installation() {
        assert!(Installation::at(Path::new(env!("CARGO_MANIFEST_DIR")), &[]).is_none());
    }
}
