//! Which keys sign access tokens.

use std::ffi::OsString;

use helpdesk_auth::{JwtSecret, JwtSecrets};
use helpdesk_ports::Random;

use crate::config::StoreLocation;
use crate::error::AppError;
use crate::key_file::KeyFile;

const VARIABLE: &str = "HELPDESK_JWT_SECRET";
const FILE_VARIABLE: &str = "HELPDESK_JWT_SECRET_FILE";

/// Where the keys come from.
#[derive(Debug)]
pub(crate) enum KeySource {
    /// A variable: one key, which cannot change while the process lives.
    Variable(JwtSecret),
    /// A file, which can.
    File(KeyFile),
}

impl KeySource {
    /// What the variables name; with the embedded store and none set, the file beside the database.
    pub(crate) fn from_environment(store: &StoreLocation) -> Result<Self, AppError> {
        // An empty variable is how some tools say that there is none.
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self::choose(variable(VARIABLE), variable(FILE_VARIABLE), store)
    }

    fn choose(
        text: Option<OsString>,
        file: Option<OsString>,
        store: &StoreLocation,
    ) -> Result<Self, AppError> {
        match (text, file, store) {
            // Whichever won, somebody would change the other and believe it done.
            (Some(_), Some(_), _) => Err(AppError::TwoSecrets),
            (Some(text), None, _) => {
                let text = text.to_str().ok_or(AppError::SecretNotText)?;
                JwtSecret::parse(text).map(Self::Variable).map_err(AppError::WeakSecret)
            }
            (None, Some(path), _) => Ok(Self::File(KeyFile::named(path.into()))),
            (None, None, StoreLocation::Sqlite(database)) => Ok(Self::File(KeyFile::beside(database))),
            (None, None, StoreLocation::Postgres(_)) => Err(AppError::NoSecret),
        }
    }

    /// The keys to begin with, told to the log by their names, so that the logs of several instances can be compared.
    pub(crate) fn load(&self, random: &dyn Random) -> Result<JwtSecrets, AppError> {
        match self {
            Self::Variable(secret) => {
                log::info!("access tokens are signed with {VARIABLE}, key {}", secret.kid());
                Ok(secret.clone().into())
            }
            Self::File(file) => {
                let secrets = file.load(random)?;
                log::info!("access tokens: {}", file.summary(&secrets));
                Ok(secrets)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const SECRET: &str = "G7#kq9Lw2xVb5nTz8cRy4mPd1sHf6jA!";

    fn choose(text: Option<&str>, file: Option<&str>, store: &StoreLocation) -> Result<KeySource, AppError> {
        KeySource::choose(text.map(OsString::from), file.map(OsString::from), store)
    }

    #[test]
    fn a_variable_goes_before_the_file_beside_the_database_and_never_before_a_named_one() {
        let sqlite = StoreLocation::Sqlite("data/h.db".into());
        let postgres = StoreLocation::Postgres("postgres://u@h/d".to_owned());
        for store in [&sqlite, &postgres] {
            let chosen = choose(Some(SECRET), None, store).unwrap();
            assert!(
                matches!(chosen, KeySource::Variable(secret) if secret == JwtSecret::parse(SECRET).unwrap())
            );
            let chosen = choose(None, Some("/run/keys"), store).unwrap();
            assert!(matches!(chosen, KeySource::File(file) if file == KeyFile::named("/run/keys".into())));
            let error = choose(Some(SECRET), Some("/run/keys"), store).unwrap_err().to_string();
            assert!(error.contains(VARIABLE) && error.contains(FILE_VARIABLE), "{error}");
        }
        let chosen = choose(None, None, &sqlite).unwrap();
        assert!(matches!(chosen, KeySource::File(file) if file == KeyFile::beside(Path::new("data/h.db"))));
        let error = choose(None, None, &postgres).unwrap_err().to_string();
        assert!(error.contains(VARIABLE) && error.contains(FILE_VARIABLE), "{error}");
    }

    #[test]
    fn a_secret_in_a_variable_never_shows_itself() {
        let store = StoreLocation::Sqlite("h.db".into());
        let error = choose(Some("changeme"), None, &store).unwrap_err().to_string();
        assert!(error.starts_with(VARIABLE) && !error.contains("changeme"), "{error}");
        let shown = format!("{:?}", choose(Some(SECRET), None, &store).unwrap());
        assert!(!shown.contains("G7"), "{shown}");
    }
}
