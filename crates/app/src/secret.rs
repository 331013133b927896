//! The secret that signs access tokens.

use std::fs::{File, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use helpdesk_auth::JwtSecret;
use helpdesk_ports::Random;

use crate::config::StoreLocation;
use crate::error::AppError;

const VARIABLE: &str = "HELPDESK_JWT_SECRET";

/// The configured secret; with the embedded store and none configured, the one kept beside the database.
pub(crate) fn load(store: &StoreLocation, random: &dyn Random) -> Result<JwtSecret, AppError> {
    match (std::env::var(VARIABLE), store) {
        (Ok(text), _) if !text.is_empty() => JwtSecret::parse(&text).map_err(AppError::WeakSecret),
        (Err(std::env::VarError::NotUnicode(_)), _) => {
            Err(AppError::SecretFile(format!("{VARIABLE} is not valid UTF-8")))
        }
        (_, StoreLocation::Postgres(_)) => Err(AppError::NoSecret),
        (_, StoreLocation::Sqlite(database)) => beside(database, random),
    }
}

fn path_beside(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".jwt-secret");
    path.into()
}

fn beside(database: &Path, random: &dyn Random) -> Result<JwtSecret, AppError> {
    let path = path_beside(database);
    let failed = |error: &dyn std::fmt::Display| AppError::SecretFile(format!("{}: {error}", path.display()));
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let mode = std::fs::metadata(&path).map_err(|error| failed(&error))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(failed(&"can be read by others; it must have mode 0600 (chmod 600)"));
            }
            JwtSecret::parse(text.trim_end()).map_err(|weak| failed(&weak))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let (secret, text) = JwtSecret::generate(random);
            if write_new(&path, &text).map_err(|error| failed(&error))? {
                log::info!("made a secret for access tokens in {}", path.display());
                Ok(secret)
            } else {
                // Another process was faster: its secret is the one.
                beside(database, random)
            }
        }
        Err(error) => Err(failed(&error)),
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
    use super::*;
    use crate::environment::OsRandom;

    #[test]
    fn a_secret_is_made_once_and_kept_for_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("h.db");
        let first = beside(&database, &OsRandom).unwrap();
        assert!(beside(&database, &OsRandom).unwrap() == first);
        let mode = std::fs::metadata(path_beside(&database)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // Nothing else is left behind.
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_secret_that_others_can_read_or_guess_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("h.db");
        beside(&database, &OsRandom).unwrap();
        let path = path_beside(&database);
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        assert!(beside(&database, &OsRandom).err().unwrap().to_string().contains("chmod 600"));

        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "changeme").unwrap();
        assert!(beside(&database, &OsRandom).is_err());
    }
}
