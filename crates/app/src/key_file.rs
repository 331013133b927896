//! A file of keys: one a line, the newest first.

use std::fmt::Display;
use std::fs::{File, Permissions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use helpdesk_auth::{JwtSecret, JwtSecrets};
use helpdesk_ports::Random;

use crate::error::AppError;

/// Where keys are kept. They are read when asked for and not remembered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KeyFile {
    path: PathBuf,
    /// Whether it is the program's own, to be made if it is missing, or the operator's.
    ours: bool,
}

impl KeyFile {
    /// One that the operator keeps.
    pub(crate) fn named(path: PathBuf) -> Self {
        Self { path, ours: false }
    }

    /// The one beside the embedded store.
    pub(crate) fn beside(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push(".jwt-secret");
        Self { path: path.into(), ours: true }
    }

    /// The keys to begin with. A file of our own is made if there is none.
    pub(crate) fn load(&self, random: &dyn Random) -> Result<JwtSecrets, AppError> {
        match self.find()? {
            None if self.ours => self.make(random),
            found => self.must_exist(found),
        }
    }

    /// The keys as they are now. None are ever made here: with new ones all would be signed out.
    pub(crate) fn read(&self) -> Result<JwtSecrets, AppError> {
        self.must_exist(self.find()?)
    }

    /// A line for the log.
    pub(crate) fn summary(&self, secrets: &JwtSecrets) -> String {
        let (count, path, kid) = (secrets.all().count(), self.path.display(), secrets.newest().kid());
        format!("{count} key{} in {path}, of which {kid} signs", if count == 1 { "" } else { "s" })
    }

    fn find(&self) -> Result<Option<JwtSecrets>, AppError> {
        // A pipe would keep whoever opens it until somebody writes to it.
        if std::fs::metadata(&self.path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(self.fault("is not a regular file"));
        }
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.fault(error)),
        };
        // Of what was opened, not of what lies at the path by now.
        let metadata = file.metadata().map_err(|error| self.fault(error))?;
        if !metadata.is_file() {
            return Err(self.fault("is not a regular file"));
        }
        if let Some(remedy) = exposed(metadata.mode(), metadata.uid(), self.ours) {
            return Err(self.fault(remedy));
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| self.fault(error))?;
        JwtSecrets::parse(&text).map(Some).map_err(|bad| self.fault(bad))
    }

    fn must_exist(&self, found: Option<JwtSecrets>) -> Result<JwtSecrets, AppError> {
        found.ok_or_else(|| self.fault("there is no such file"))
    }

    fn make(&self, random: &dyn Random) -> Result<JwtSecrets, AppError> {
        let (secret, text) = JwtSecret::generate(random);
        if write_new(&self.path, &text).map_err(|error| self.fault(error))? {
            log::info!("made a secret for access tokens in {}", self.path.display());
            Ok(secret.into())
        } else {
            // Another process was faster: its secret is the one.
            self.read()
        }
    }

    fn fault(&self, what: impl Display) -> AppError {
        AppError::KeyFile { path: self.path.clone(), what: what.to_string() }
    }
}

/// What to do about a file that others could read or change, if this is one.
///
/// A file of root's may be shared with a group, which is how a process that is not root gets to read what Kubernetes
/// (`fsGroup`) and systemd (`LoadCredential=`) mount for it. `PostgreSQL` draws the same line for the keys of its TLS.
fn exposed(mode: u32, owner: u32, ours: bool) -> Option<&'static str> {
    const ROOT: u32 = 0;
    if ours || owner != ROOT {
        (mode & 0o077 != 0).then_some("can be read or changed by others; it must have mode 0600 (chmod 600)")
    } else {
        (mode & 0o027 != 0).then_some(
            "can be read by others or changed by its group; a key file of root's must have mode 0640 (chmod 640) or less",
        )
    }
}

/// Writes the file whole or not at all, and never over another one: `false` if there is one already.
fn write_new(path: &Path, text: &str) -> std::io::Result<bool> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file =
        tempfile::Builder::new().permissions(Permissions::from_mode(0o600)).tempfile_in(directory)?;
    writeln!(file, "{text}")?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            File::open(directory)?.sync_all()?;
            Ok(true)
        }
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::environment::OsRandom;

    const NEW: &str = "T4wz8Qn!xK2vLc6Rb9Jm3Yd7Fh5Gs1Pe";
    const OLD: &str = "G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA!";

    fn own() -> (TempDir, KeyFile) {
        let directory = tempfile::tempdir().unwrap();
        let file = KeyFile::beside(&directory.path().join("h.db"));
        (directory, file)
    }

    fn named(text: &str) -> (TempDir, KeyFile) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys");
        assert!(write_new(&path, text).unwrap());
        (directory, KeyFile::named(path))
    }

    fn error(outcome: Result<JwtSecrets, AppError>) -> String {
        outcome.unwrap_err().to_string()
    }

    #[test]
    fn a_pipe_in_the_place_of_the_file_keeps_nobody_waiting() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let error = KeyFile::named(path).read().unwrap_err().to_string();
        assert!(error.contains("not a regular file"), "{error}");
    }

    #[test]
    fn a_secret_is_made_once_and_kept_for_its_owner_alone() {
        let (directory, file) = own();
        let first = file.load(&OsRandom).unwrap();
        assert_eq!(file.load(&OsRandom).unwrap(), first);
        assert_eq!(file.read().unwrap(), first);
        let mode = std::fs::metadata(&file.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // Nothing else is left behind.
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn none_is_made_in_place_of_one_that_is_gone_or_named() {
        let (_directory, file) = own();
        assert!(error(file.read()).contains("no such file"));
        let (_directory, file) = named(OLD);
        std::fs::remove_file(&file.path).unwrap();
        for outcome in [file.load(&OsRandom), file.read()] {
            let error = error(outcome);
            assert!(error.contains("no such file") && error.contains("/keys"), "{error}");
        }
        assert!(!file.path.exists());
    }

    #[test]
    fn there_may_be_several_keys_and_comments() {
        let (_directory, file) = named(&format!("# since May\n{NEW}\n\n# until June\n{OLD}"));
        let secrets = file.load(&OsRandom).unwrap();
        let expected = [NEW, OLD].map(|text| JwtSecret::parse(text).unwrap());
        assert!(secrets.all().eq(&expected));
        let summary = file.summary(&secrets);
        assert!(summary.starts_with("2 keys") && summary.contains(&expected[0].kid()), "{summary}");
        assert!(!summary.contains(NEW) && !summary.contains(OLD), "{summary}");
    }

    #[test]
    fn what_is_wrong_with_it_is_told_by_file_and_line() {
        for (text, what) in [
            (format!("# one\n{OLD}\n\nchangeme"), "line 4 has 8 bytes"),
            (format!("{OLD}\n{NEW}\n{OLD}"), "line 3 is the key of line 1 again"),
            ("# nothing yet".to_owned(), "holds no key"),
        ] {
            let (_directory, file) = named(&text);
            let error = error(file.load(&OsRandom));
            assert!(error.contains(what) && error.contains("/keys"), "{error}");
            assert!(!error.contains("changeme") && !error.contains(OLD), "{error}");
        }
        let directory = tempfile::tempdir().unwrap();
        let file = KeyFile::named(directory.path().to_owned());
        assert!(error(file.load(&OsRandom)).contains("regular file"));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let (_directory, file) = own();
        file.load(&OsRandom).unwrap();
        for mode in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&file.path, Permissions::from_mode(mode)).unwrap();
            assert!(error(file.load(&OsRandom)).contains("chmod 600"));
        }
        let (_directory, file) = named(OLD);
        std::fs::set_permissions(&file.path, Permissions::from_mode(0o644)).unwrap();
        assert!(error(file.read()).contains("chmod 6"));
        std::fs::set_permissions(&file.path, Permissions::from_mode(0o400)).unwrap();
        file.read().unwrap();
    }

    #[test]
    fn a_group_may_read_what_root_has_mounted_for_it() {
        for (mode, owner, ours, fine) in [
            (0o100_600, 1000, false, true),
            (0o100_400, 1000, false, true),
            (0o100_640, 1000, false, false),
            (0o100_604, 1000, false, false),
            (0o100_440, 0, false, true),
            (0o100_640, 0, false, true),
            (0o100_660, 0, false, false),
            (0o100_644, 0, false, false),
            (0o100_444, 0, false, false),
            (0o100_640, 0, true, false),
        ] {
            assert_eq!(exposed(mode, owner, ours).is_none(), fine, "{mode:o} of {owner}");
        }
    }
}
