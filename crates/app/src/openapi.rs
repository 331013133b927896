//! `helpdesk openapi`

use std::io::{self, Write as _};

use crate::error::AppError;

/// Prints the document as it is kept in `docs/openapi.json`. Needs no store.
pub(crate) fn run() -> Result<(), AppError> {
    let failed = |source| AppError::Io { what: "cannot write the document".to_owned(), source };
    let document = helpdesk_http::openapi().map_err(|error| failed(error.into()))?;
    match writeln!(io::stdout().lock(), "{document:#}") {
        // Whoever reads, such as `head`, has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(failed),
    }
}
