//! Exports, written a record at a time.

mod csv;
mod ndjson;

pub(crate) use csv::Csv;
pub(crate) use ndjson::{ExportLine, Ndjson};

use helpdesk_use_cases::ExportRecord;

/// A form in which tickets are exported.
pub(crate) trait ExportFormat {
    /// What comes before the first record.
    ///
    /// # Errors
    /// As [`ExportFormat::write`].
    fn begin(&mut self, out: &mut Vec<u8>) -> serde_json::Result<()>;

    /// One record.
    ///
    /// # Errors
    /// Where it cannot be written, which plain texts and numbers always can.
    fn write(&mut self, record: &ExportRecord, out: &mut Vec<u8>) -> serde_json::Result<()>;

    /// What comes behind the last record.
    ///
    /// # Errors
    /// As [`ExportFormat::write`].
    fn end(&mut self, out: &mut Vec<u8>) -> serde_json::Result<()>;
}
