//! Packages that were unpacked without being installed.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian's packages have shared libraries: in directories such as `usr/lib/x86_64-linux-gnu`.
pub(crate) fn libraries_in(root: &Path) -> Vec<PathBuf> {
    let mut directories: Vec<PathBuf> =
        ["usr/lib/*", "lib/*"].iter().flat_map(|place| expand(&root.join(place))).collect();
    directories
        .retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("-linux-")));
    directories
}

/// Lets a command find shared libraries in these directories too.
pub(crate) fn add_libraries(command: &mut Command, libraries: &[PathBuf]) {
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
pub(crate) fn expand(place: &Path) -> Vec<PathBuf> {
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
}
