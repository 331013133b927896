//! Where the server's programs are.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::install;
use super::version::{OLDEST, Version, choose};
use crate::Outcome;

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
        install::install()?;
        Self::find().ok_or_else(|| {
            format!(
                "PostgreSQL was installed, but no server of version {OLDEST} or newer is to be found. {}",
                install::ADVICE
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
            None => Self::unpacked_at(&install::unpacked_root().ok()?),
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

/// Where Debian's packages have shared libraries: in directories such as `usr/lib/x86_64-linux-gnu`.
fn libraries_in(root: &Path) -> Vec<PathBuf> {
    let mut directories: Vec<PathBuf> =
        ["usr/lib/*", "lib/*"].iter().flat_map(|place| expand(&root.join(place))).collect();
    directories
        .retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("-linux-")));
    directories
}

fn add_libraries(command: &mut Command, libraries: &[PathBuf]) {
    const VARIABLE: &str = "LD_LIBRARY_PATH";
    if libraries.is_empty() {
        return;
    }
    let present = env::var_os(VARIABLE).unwrap_or_default();
    let present = env::split_paths(&present).filter(|path| !path.as_os_str().is_empty());
    // A path with a colon in it cannot be said here, and then the programs say what they miss.
    if let Ok(joined) = env::join_paths(libraries.iter().cloned().chain(present)) {
        command.env(VARIABLE, joined);
    }
}

/// The directories that a path stands for whose names may each hold one `*`.
fn expand(place: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in place.components() {
        let name = component.as_os_str();
        found = match name.to_str().and_then(|name| name.split_once('*')) {
            None => found.into_iter().map(|path| path.join(name)).collect(),
            Some((prefix, suffix)) => found.iter().flat_map(|path| children(path, prefix, suffix)).collect(),
        };
    }
    found.retain(|path| path.is_dir());
    found
}

fn children(directory: &Path, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut children: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| matches(&entry.file_name(), prefix, suffix))
        .map(|entry| entry.path())
        .collect();
    children.sort();
    children
}

fn matches(name: &OsStr, prefix: &str, suffix: &str) -> bool {
    let name = name.to_string_lossy();
    name.len() >= prefix.len() + suffix.len() && name.starts_with(prefix) && name.ends_with(suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_within_a_name() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(expand(&crates.join("xt*k/src")), [crates.join("xtask/src")]);
        assert_eq!(expand(&crates.join("*/src/postgres")), [crates.join("xtask/src/postgres")]);
        assert_eq!(
            expand(&crates.join("xtask/src/main*")),
            Vec::<PathBuf>::new(),
            "files are no directories"
        );
        assert_eq!(expand(&crates.join("nowhere/*/bin")), Vec::<PathBuf>::new());
        assert!(!matches(OsStr::new("ab"), "ab", "b"));
    }

    #[test]
    fn libraries_are_found_where_packages_unpack_them() {
        let root = env::temp_dir().join(format!("helpdesk-xtask-libraries-{}", std::process::id()));
        let expected = [root.join("usr/lib/x86_64-linux-gnu"), root.join("lib/arm-linux-gnueabihf")];
        for directory in expected.iter().chain([&root.join("usr/lib/postgresql"), &root.join("lib/systemd")])
        {
            fs::create_dir_all(directory).unwrap();
        }
        let found = libraries_in(&root);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_directory_without_the_programs_is_no_installation() {
        assert!(Installation::at(Path::new(env!("CARGO_MANIFEST_DIR")), &[]).is_none());
    }
}
