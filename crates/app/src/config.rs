//! Where the store is.

use std::path::{Path, PathBuf};

use crate::cli::StoreArgs;
use crate::error::AppError;

/// A store, by its URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreLocation {
    /// The embedded store in this file.
    Sqlite(PathBuf),
    /// Postgres, by its URL, which may hold a password.
    Postgres(String),
}

impl StoreLocation {
    pub(crate) fn from_args(args: &StoreArgs) -> Result<Self, AppError> {
        Self::parse(&args.database_url, Path::new(&args.data_dir))
    }

    fn parse(url: &str, data_dir: &Path) -> Result<Self, AppError> {
        // An empty variable is how some tools say that there is none.
        let url = if url.is_empty() { "sqlite://helpdesk.db" } else { url };
        let (scheme, rest) = url.split_once("://").unwrap_or((url, ""));
        match scheme {
            "sqlite" if rest.is_empty() || rest.ends_with('/') => {
                Err(AppError::DatabaseUrl("sqlite:// must be followed by the path of a file".to_owned()))
            }
            // What SQLite itself would take for something other than a file.
            "sqlite" if rest.starts_with(':') || rest.starts_with("file:") => Err(AppError::DatabaseUrl(
                "the embedded store is kept in a file; sqlite:// must be followed by its path".to_owned(),
            )),
            "sqlite" => Ok(Self::Sqlite(data_dir.join(rest))),
            "postgres" | "postgresql" if !rest.is_empty() => Ok(Self::Postgres(url.to_owned())),
            // The URL itself stays out of it: it may hold a password.
            _ => Err(AppError::DatabaseUrl(
                "must begin with sqlite:// or postgres://, such as sqlite://helpdesk.db or postgres://user@host/name"
                    .to_owned(),
            )),
        }
    }
}

/// Makes the directory of the embedded store's file, for its owner alone.
pub(crate) fn make_parent(path: &Path) -> Result<(), AppError> {
    use std::os::unix::fs::DirBuilderExt as _;

    let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(|source| AppError::Io {
        what: format!("cannot make the directory {}", parent.display()),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<StoreLocation, AppError> {
        StoreLocation::parse(url, Path::new("data"))
    }

    #[test]
    fn what_follows_sqlite_is_a_path() {
        for (url, path) in [
            ("", "data/helpdesk.db"),
            ("sqlite://helpdesk.db", "data/helpdesk.db"),
            ("sqlite://sub/h%20d.db?x", "data/sub/h%20d.db?x"),
            ("sqlite:///var/lib/h.db", "/var/lib/h.db"),
        ] {
            assert_eq!(parse(url).unwrap(), StoreLocation::Sqlite(path.into()), "{url}");
        }
    }

    #[test]
    fn other_urls_are_postgres_or_refused_without_being_repeated() {
        assert_eq!(
            parse("postgres://u@h/d").unwrap(),
            StoreLocation::Postgres("postgres://u@h/d".to_owned())
        );
        assert!(matches!(parse("postgresql://u@h/d"), Ok(StoreLocation::Postgres(_))));
        for url in [
            "sqlite://",
            "sqlite:///",
            "sqlite://:memory:",
            "sqlite://file:x",
            "mysql://u:hunter2@h/d",
            "postgres://",
            "x",
        ] {
            let error = parse(url).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
