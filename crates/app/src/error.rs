//! What ends the program early: one clear line each.

use std::path::PathBuf;

use helpdesk_auth::WeakSecret;
use helpdesk_ports::StoreError;

/// Why a command failed. `Display` is the line that the operator sees.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppError {
    #[error("DATABASE_URL: {0}")]
    DatabaseUrl(String),
    #[error("{name}: {reason}")]
    Setting { name: &'static str, reason: String },
    #[error("HELPDESK_JWT_SECRET {0}")]
    WeakSecret(WeakSecret),
    #[error("HELPDESK_JWT_SECRET is not valid UTF-8")]
    SecretNotText,
    #[error(
        "neither HELPDESK_JWT_SECRET_FILE nor HELPDESK_JWT_SECRET is set, and with Postgres every instance must have the same keys. Make one with: openssl rand -base64 48"
    )]
    NoSecret,
    #[error("HELPDESK_JWT_SECRET and HELPDESK_JWT_SECRET_FILE are both set; unset one of them")]
    TwoSecrets,
    #[error("the key file {}: {what}", path.display())]
    KeyFile { path: PathBuf, what: String },
    #[error("{0}")]
    Store(String),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: String, source: std::io::Error },
    #[error("{0}")]
    Input(String),
    #[error(
        "the file does not say where it comes from; name its source with --source, by the same name whenever it is imported"
    )]
    NoSource,
    #[error("{}", bad_lines(*.0))]
    BadLines(u64),
    #[error("the file ends in the middle of an export; what came of it so far is there")]
    CutOff,
    #[error("{done}\nIt was broken off: {reason}. Run it again to go on.")]
    Interrupted { done: String, reason: String },
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
}

fn bad_lines(count: u64) -> String {
    let lines = if count == 1 { "1 line is".to_owned() } else { format!("{count} lines are") };
    format!("{lines} bad; mended, the same file can be imported again")
}

/// The operator is told what the log would be told.
impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.for_log())
    }
}
