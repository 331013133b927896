//! CSV (RFC 4180), a ticket a row, for spreadsheets.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula and runs it, and what customers write begins
//! with whatever they please. Such cells get an apostrophe in front, by which a spreadsheet knows a text.

use helpdesk_domain::User;
use helpdesk_ports::ExportedTicket;
use helpdesk_use_cases::ExportRecord;

use super::ExportFormat;

/// The names of the columns.
const HEADER: &[&str] = &[
    "id",
    "subject",
    "description",
    "status",
    "priority",
    "tags",
    "requester_email",
    "requester_name",
    "assignee_email",
    "assignee_name",
    "team",
    "follow_up_of",
    "created_at",
    "updated_at",
    "first_responded_at",
    "resolved_at",
    "closed_at",
    "reopen_count",
];

/// Writes CSV.
pub(crate) struct Csv;

impl ExportFormat for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        row(HEADER.iter().copied(), out);
        Ok(())
    }

    fn write(&mut self, record: &ExportRecord, out: &mut Vec<u8>) -> serde_json::Result<()> {
        if let ExportRecord::Ticket(ticket) = record {
            let cells = cells(ticket);
            row(cells.iter().map(String::as_str), out);
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<u8>) -> serde_json::Result<()> {
        Ok(())
    }
}

/// In the order of [`HEADER`].
fn cells(exported: &ExportedTicket) -> [String; HEADER.len()] {
    let record = exported.ticket.record();
    let email = |user: &User| user.record().email.as_str().to_owned();
    let name = |user: &User| user.record().name.as_str().to_owned();
    let assignee = exported.assignee.as_ref();
    let tags: Vec<&str> = record.tags.iter().collect();
    [
        record.id.to_string(),
        record.subject.as_str().to_owned(),
        record.description.as_str().to_owned(),
        record.status.to_string(),
        record.priority.to_string(),
        // No tag holds a space.
        tags.join(" "),
        email(&exported.requester),
        name(&exported.requester),
        assignee.map(email).unwrap_or_default(),
        assignee.map(name).unwrap_or_default(),
        record.team.name().to_owned(),
        optional(record.follow_up_of),
        record.created_at.to_string(),
        record.updated_at.to_string(),
        optional(record.first_responded_at),
        optional(record.resolved_at),
        optional(record.closed_at),
        record.reopen_count.to_string(),
    ]
}

fn optional(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn row<'a>(cells: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        quoted(cell, out);
    }
    out.extend_from_slice(b"\r\n");
}

/// Every cell is quoted, so that nothing in it is ever taken for the end of one.
fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    if could_be_run(text) {
        out.push(b'\'');
    }
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Whether some spreadsheet would run it: those that trim a cell or take off its quotes are thought of as well, and the wide
/// forms of the signs, which some read as the signs.
fn could_be_run(text: &str) -> bool {
    let is_passed_over = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '`');
    let begins_with_control = text.starts_with(['\t', '\r', '\n']);
    begins_with_control
        || text
            .trim_start_matches(is_passed_over)
            .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{2212}', '\u{ff20}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = Vec::new();
        row(cells.iter().copied(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_quoted_and_rows_end_as_the_standard_has_it() {
        let row = written(&["plain", "a,b", "say \"hi\"", "two\r\nlines", ""]);
        assert_eq!(row, "\"plain\",\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\"\"\r\n");
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_a_text() {
        for formula in [
            "=1+1",
            "+1",
            "-1+cmd|' /C calc'!A0",
            "@SUM(1+1)",
            "\t=1",
            "\rx",
            "\nx",
            " =1",
            "\"=1",
            "\"\"=1",
            "'=1",
            " \"'=1",
            "\u{a0}=1",
            "\u{ff1d}1",
            "\u{ff20}x",
            "\u{2212}1",
        ] {
            let row = written(&[formula]);
            assert!(row.starts_with("\"'"), "{formula:?}: {row:?}");
            let doubled = formula.replace('"', "\"\"");
            assert_eq!(row, format!("\"'{doubled}\"\r\n"), "nothing else of it changes");
        }
        for text in ["a=1", "1-2", "mail@example.com", "", "\"quoted\"", "Größe +1", "2023-11-14"] {
            assert!(!written(&[text]).contains("\"'"), "{text:?}");
        }
    }
}
