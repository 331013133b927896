//! A file, a line at a time, however long its lines are.

use std::io::{self, BufRead, Read as _};

/// The longest line that is read. The longest record there can be, every character of it escaped, is half of it.
const MAX_BYTES: u64 = 1 << 20;

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// As it is, without its end.
    Good(String),
    /// No UTF-8.
    NotUtf8,
    /// Longer than any record.
    TooLong,
}

/// The lines of a file, counted from one. It holds one of them.
pub(super) struct Lines<R> {
    file: R,
    number: u64,
    bytes: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(file: R) -> Self {
        Self { file, number: 0, bytes: 0 }
    }

    /// How many bytes were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next line that is not empty, and its number; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Text)>> {
        loop {
            let mut line = Vec::new();
            let read = self.file.by_ref().take(MAX_BYTES).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.bytes += read as u64;
            if read as u64 == MAX_BYTES && line.last() != Some(&b'\n') {
                self.skip_rest()?;
                return Ok(Some((self.number, Text::TooLong)));
            }
            match String::from_utf8(line) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => return Ok(Some((self.number, Text::Good(text)))),
                Err(_) => return Ok(Some((self.number, Text::NotUtf8))),
            }
        }
    }

    fn skip_rest(&mut self) -> io::Result<()> {
        loop {
            let mut some = Vec::new();
            let read = self.file.by_ref().take(MAX_BYTES).read_until(b'\n', &mut some)?;
            self.bytes += read as u64;
            if read == 0 || some.last() == Some(&b'\n') {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<(u64, Text)> {
        let mut lines = Lines::new(bytes);
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    fn good(text: &str) -> Text {
        Text::Good(text.to_owned())
    }

    #[test]
    fn empty_lines_are_counted_and_passed_over() {
        let expected = vec![(1, good("a\r\n")), (4, good("b\n")), (5, good("c"))];
        assert_eq!(all(b"a\r\n\n  \nb\nc"), expected);
        assert_eq!(all(b""), []);
        assert_eq!(all(b"\n\n"), []);
    }

    #[test]
    fn what_cannot_be_read_is_one_line_and_no_more() {
        let mut bytes = b"\xff\na\n".to_vec();
        assert_eq!(all(&bytes), [(1, Text::NotUtf8), (2, good("a\n"))]);
        let limit = usize::try_from(MAX_BYTES).unwrap();
        for (length, is_good) in [(limit - 1, true), (limit, false), (3 * limit + 7, false)] {
            bytes.clear();
            bytes.resize(length, b'x');
            bytes.extend_from_slice(b"\nb\n");
            let read = all(&bytes);
            assert_eq!(read.len(), 2, "{length}");
            assert_eq!(matches!(read[0], (1, Text::Good(_))), is_good, "{length}");
            assert_eq!(read[1], (2, good("b\n")), "{length}");
        }
    }
}
