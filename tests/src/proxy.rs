//! A way to a server that a test can cut, hold up and open again.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

/// What happens to what comes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It goes on to the server.
    Open,
    /// Connections end, new ones at once.
    Cut,
    /// Connections are accepted and kept, and nothing gets through.
    Held,
}

/// A port in front of a server. Connections end with this value.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    target: String,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    way: Way,
    is_over: bool,
    /// Both ends of every connection, to be shut down from outside.
    ends: Vec<TcpStream>,
}

impl Proxy {
    /// Opens one in front of `host:port`.
    pub fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let state = State { way: Way::Open, is_over: false, ends: Vec::new() };
        let shared =
            Arc::new(Shared { target: target.to_owned(), state: Mutex::new(state), changed: Condvar::new() });
        let accepting = shared.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client else { continue };
                if accepting.lock().is_over {
                    break;
                }
                let shared = accepting.clone();
                thread::spawn(move || shared.serve(&client));
            }
        });
        Self { address, shared }
    }

    /// Where it listens, as `host:port`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Ends all connections; new ones end at once.
    pub fn cut(&self) {
        self.shared.turn(Way::Cut);
    }

    /// Lets nothing through any more, but keeps connections and takes new ones.
    pub fn hold(&self) {
        self.shared.turn(Way::Held);
    }

    /// Lets everything through, also what was held.
    pub fn restore(&self) {
        self.shared.turn(Way::Open);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.turn(Way::Cut);
        // Wakes the thread that accepts, so that it ends and the port is free. It may be awake already.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panicked with the state")
    }

    fn turn(&self, way: Way) {
        let mut state = self.lock();
        state.way = way;
        if way == Way::Cut {
            for end in state.ends.drain(..) {
                // It may have ended by itself.
                let _ = end.shutdown(Shutdown::Both);
            }
        }
        self.changed.notify_all();
    }

    /// Waits while the way is held; then tells whether it is open.
    fn is_open(&self) -> bool {
        let state = self.lock();
        let state = self.changed.wait_while(state, |state| state.way == Way::Held);
        state.expect("no thread panicked with the state").way == Way::Open
    }

    fn serve(&self, client: &TcpStream) {
        if !self.is_open() {
            return;
        }
        let Ok(server) = TcpStream::connect(&self.target) else { return };
        let both = || Ok::<_, std::io::Error>([client.try_clone()?, server.try_clone()?]);
        let Ok(ends) = both() else { return };
        {
            let mut state = self.lock();
            if state.way == Way::Cut {
                return;
            }
            state.ends.extend(ends);
        }
        thread::scope(|scope| {
            scope.spawn(|| self.pump(client, &server));
            scope.spawn(|| self.pump(&server, client));
        });
    }

    fn pump(&self, mut from: &TcpStream, mut to: &TcpStream) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if !self.is_open() || to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        // Both: when one direction has ended, so has a conversation with a database.
        for end in [from, to] {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}
