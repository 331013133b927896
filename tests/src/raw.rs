//! Bytes as they are, for what no decent client would send.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::client::Answer;

/// For how long an answer is waited for before the test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection.
pub struct RawConnection {
    stream: BufReader<TcpStream>,
}

impl RawConnection {
    /// Opens one to `host:port`.
    pub fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        Self { stream: BufReader::new(stream) }
    }

    /// Sends these bytes. A server that has closed the connection already is no failure: its answer may be there.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.get_mut().write_all(bytes.as_ref());
    }

    /// Reads an answer to the end of its body, which comes in chunks or must have a `Content-Length` unless there is none.
    #[track_caller]
    pub fn answer(&mut self) -> Answer {
        let mut answer = self.head_answer();
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = self.chunks();
            return answer;
        }
        let length = answer.header("content-length").map_or(0, |length| length.parse().expect("a length"));
        answer.body.resize(length, 0);
        self.stream.read_exact(&mut answer.body).expect("the whole body");
        answer
    }

    /// A body in chunks (RFC 9112, section 7.1), without trailers.
    #[track_caller]
    fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("the length of a chunk");
            let length = usize::from_str_radix(line.trim_end(), 16).expect("a length");
            let mut chunk = vec![0; length + "\r\n".len()];
            self.stream.read_exact(&mut chunk).expect("the whole chunk");
            if length == 0 {
                return body;
            }
            body.extend_from_slice(&chunk[..length]);
        }
    }

    /// Reads an answer to `HEAD`, which has no body whatever its headers say.
    #[track_caller]
    pub fn head_answer(&mut self) -> Answer {
        let head = self.head();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status in {head:?}"));
        let mut headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        headers.sort();
        Answer { status, headers, body: Vec::new() }
    }

    /// The same, if the server has not closed the connection.
    #[track_caller]
    pub fn next_answer(&mut self) -> Option<Answer> {
        let is_there = self.stream.fill_buf().is_ok_and(|bytes| !bytes.is_empty());
        is_there.then(|| self.answer())
    }

    /// Reads an interim answer: the server has the head and is waiting for the body.
    #[track_caller]
    pub fn wait_for_continue(&mut self) {
        let head = self.head();
        assert!(head.starts_with("HTTP/1.1 100 "), "{head:?}");
    }

    #[track_caller]
    fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let count = self.stream.read_until(b'\n', &mut head).expect("the head of an answer");
            assert_ne!(count, 0, "closed after {:?}", String::from_utf8_lossy(&head));
        }
        String::from_utf8(head).expect("ASCII")
    }

    /// Whether the server closes the connection without saying anything more. Waits for the one or the other.
    #[track_caller]
    pub fn is_closed(&mut self) -> bool {
        match self.stream.read(&mut [0]) {
            Ok(count) => count == 0,
            // Closed by a server that had not read all.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => true,
            Err(error) => panic!("neither closed nor answered: {error}"),
        }
    }
}
