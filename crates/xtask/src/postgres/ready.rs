//! Whether a server answers.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::cluster::USER;
use crate::Outcome;

const PATIENCE: Duration = Duration::from_secs(1);
/// Protocol 3.0, as a start-up message says it.
const PROTOCOL: u32 = 3 << 16;

/// Whether the server on this port of the loopback interface lets us in. While it starts or recovers it listens already,
/// but answers with an error.
pub(super) fn accepts_connections(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, PATIENCE) else { return false };
    let mut answer = [0; 9];
    let greeted = stream
        .set_read_timeout(Some(PATIENCE))
        .and_then(|()| stream.write_all(&start_up_message()))
        .and_then(|()| stream.read_exact(&mut answer));
    // Terminate, which is polite; it may well be gone.
    drop(stream.write_all(b"X\0\0\0\x04"));
    greeted.is_ok() && is_authentication_ok(answer)
}

/// The message that begins a conversation: length, protocol, parameters, each ended by a NUL.
fn start_up_message() -> Vec<u8> {
    let parameters = format!("user\0{USER}\0database\0postgres\0\0");
    let length = u32::try_from(8 + parameters.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &PROTOCOL.to_be_bytes(), parameters.as_bytes()].concat()
}

/// `R`, its length 8, and the code 0: nothing more is asked for.
fn is_authentication_ok(answer: [u8; 9]) -> bool {
    answer == *b"R\0\0\0\x08\0\0\0\0"
}

/// A port of the loopback interface that is free now. Somebody else may take it before the server does.
pub(super) fn free_port() -> Outcome<u16> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    port.map(|address| address.port()).map_err(|error| format!("there is no free port: {error}"))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn the_message_is_that_of_the_protocol() {
        assert_eq!(start_up_message(), b"\0\0\0\x29\0\x03\0\0user\0helpdesk\0database\0postgres\0\0");
    }

    /// A server that reads the greeting and gives this answer.
    fn answering(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut greeting = vec![0; start_up_message().len()];
            stream.read_exact(&mut greeting).unwrap();
            stream.write_all(answer).unwrap();
        });
        port
    }

    #[test]
    fn only_one_that_lets_us_in_is_ready() {
        assert!(accepts_connections(answering(b"R\0\0\0\x08\0\0\0\0S")));
        assert!(!accepts_connections(answering(b"R\0\0\0\x0c\0\0\0\x05salt")), "it asks for a password");
        assert!(!accepts_connections(answering(b"E\0\0\0\x08SFATAL")), "it is starting up");
        assert!(!accepts_connections(answering(b"")), "it hangs up");
        assert!(!accepts_connections(free_port().unwrap()), "nobody listens");
    }
}
