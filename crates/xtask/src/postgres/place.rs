//! A directory for a cluster.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::account::Account;
use crate::Outcome;

/// A Unix socket's path has at most 107 bytes on Linux and 103 on macOS; this leaves room for its name.
const MAX_PATH_BYTES: usize = 80;

/// Makes a new directory that the account can reach and nobody else may enter.
pub(super) fn make_directory(account: &Account) -> Outcome<PathBuf> {
    // Root's temporary directory may be one that only root can enter, hence the others.
    let parents = [std::env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    let mut failures = Vec::new();
    for parent in parents {
        match make_in(&parent, account) {
            Ok(directory) => return Ok(directory),
            Err(failure) => failures.push(failure),
        }
    }
    Err(format!("no directory can be made for PostgreSQL's data: {}", failures.join("; ")))
}

fn make_in(parent: &Path, account: &Account) -> Outcome<PathBuf> {
    let directory = make_unique(parent)?;
    let outcome = account.give(&directory).and_then(|()| prove_reachable(&directory, account));
    if outcome.is_err() {
        // It is empty; should it stay nevertheless, it is in nobody's way.
        drop(fs::remove_dir(&directory));
    }
    outcome.map(|()| directory)
}

fn make_unique(parent: &Path) -> Outcome<PathBuf> {
    for number in 0..1000_u32 {
        let directory = parent.join(format!("helpdesk-postgres-{}-{number}", std::process::id()));
        if directory.as_os_str().len() > MAX_PATH_BYTES {
            return Err(format!("{}: too long for a socket", parent.display()));
        }
        // Fails where something is there already, so that nobody can have prepared it.
        match DirBuilder::new().mode(0o700).create(&directory) {
            Ok(()) => return Ok(directory),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(format!("{}: {error}", directory.display())),
        }
    }
    Err(format!("{}: too many directories of clusters", parent.display()))
}

fn prove_reachable(directory: &Path, account: &Account) -> Outcome<()> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "cd -- \"$1\" && : >proof && rm proof", "sh"]).arg(directory).current_dir("/");
    account.lend_to(&mut command);
    match command.stderr(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("{}: not for the account that runs PostgreSQL", directory.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn every_directory_is_new_and_private() {
        let account = Account::for_server().unwrap();
        let (first, second) = (make_directory(&account).unwrap(), make_directory(&account).unwrap());
        assert_ne!(first, second);
        for directory in [first, second] {
            assert_eq!(fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
            fs::remove_dir(directory).unwrap();
        }
    }

    #[test]
    fn a_parent_that_is_missing_or_too_deep_is_refused() {
        let account = Account::for_server().unwrap();
        assert!(make_in(Path::new("/nowhere/at/all"), &account).unwrap_err().contains("/nowhere"));
        let deep = std::env::temp_dir().join("x".repeat(MAX_PATH_BYTES));
        assert!(make_in(&deep, &account).unwrap_err().contains("too long"));
    }
}
