//! A server process of the test's own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::client::Client;
use crate::database::Database;

/// For how long anything is waited for before a test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// The binary under test.
pub fn binary() -> PathBuf {
    std::env::var_os("HELPDESK_TEST_BINARY")
        .expect("HELPDESK_TEST_BINARY is not set: run the tests through `cargo xtask test`")
        .into()
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port()
}

/// Polls until the condition holds.
///
/// # Panics
/// When it does not in a minute.
#[expect(clippy::disallowed_methods, reason = "this waits for another process, in real time")]
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What the server under test signs access tokens with.
pub const JWT_SECRET: &str = "nK4vPq8WzR2mXc7TyB5uJh9LsD3fGaE6";

/// A running `helpdesk serve`; killed with this value.
pub struct Server {
    child: Child,
    address: String,
    management: Option<String>,
    log: Arc<Mutex<String>>,
    output: Arc<Mutex<String>>,
}

/// Reads a pipe to its end in the background, line by line.
fn collect(pipe: impl std::io::Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let sink = text.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut text = sink.lock().expect("the text");
            text.push_str(&line);
            text.push('\n');
        }
    });
    text
}

impl Server {
    /// Starts one on the database and waits until it listens.
    pub fn start(database: &Database) -> Self {
        Self::start_with(database, &[])
    }

    /// The same with more variables.
    pub fn start_with(database: &Database, variables: &[(&str, &str)]) -> Self {
        let mut command = Self::command(database);
        command.arg("serve").envs(variables.iter().copied());
        Self::start_command(command)
    }

    /// Starts a server by a command of one's own and waits until it listens.
    pub fn start_command(mut command: Command) -> Self {
        let has_management = command.get_envs().any(|(name, value)| {
            name == "HELPDESK_MANAGEMENT_BIND" && value.is_some_and(|value| !value.is_empty())
        });
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let log = collect(child.stderr.take().expect("a pipe"));
        let output = collect(child.stdout.take().expect("a pipe"));
        let mut server = Self { child, address: String::new(), management: None, log, output };
        wait_until("the server to listen", || {
            let found = server.find_in_log("listening on ");
            if let Some(address) = found {
                server.address = address;
            } else if let Ok(Some(status)) = server.child.try_wait() {
                panic!("the server ended with {status}:\n{}", server.log());
            }
            !server.address.is_empty()
        });
        if has_management {
            wait_until("the management address", || {
                server.management = server.find_in_log("management on ");
                server.management.is_some()
            });
        }
        server
    }

    /// The binary with the variables for this database and nothing inherited that could change what it does.
    pub fn command(database: &Database) -> Command {
        let mut command = Command::new(binary());
        for inherited in [
            "HELPDESK_COMPRESSION",
            "HELPDESK_CORS_ORIGINS",
            "HELPDESK_JWT_SECRET_FILE",
            "HELPDESK_MANAGEMENT_BIND",
            "HELPDESK_REGISTRATION",
            "HELPDESK_REGISTRATION_LIMIT",
            "HELPDESK_REQUEST_LIMIT",
            "HELPDESK_TRUSTED_PROXIES",
            "RUST_LOG",
        ] {
            command.env_remove(inherited);
        }
        command
            .current_dir(database.directory())
            .env("DATABASE_URL", database.url())
            .env("HELPDESK_DATA_DIR", database.directory())
            .env("HELPDESK_BIND", "127.0.0.1:0")
            // Every test signs in from one address, and some sign in badly on purpose: who tests the limits sets them.
            .env("HELPDESK_SIGN_IN_LIMIT_PAIR", "off")
            .env("HELPDESK_SIGN_IN_LIMIT_ADDRESS", "off")
            .env("HELPDESK_SIGN_IN_LIMIT_ACCOUNT", "off")
            .env("HELPDESK_JWT_SECRET", JWT_SECRET);
        command
    }

    fn find_in_log(&self, marker: &str) -> Option<String> {
        let log = self.log.lock().expect("the log");
        let (_, rest) = log.split_once(marker)?;
        let (address, _) = rest.split_once('\n')?;
        Some(address.trim().trim_start_matches("http://").to_owned())
    }

    /// `host:port` of the API.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// `host:port` of the management address.
    ///
    /// # Panics
    /// If none was configured.
    pub fn management(&self) -> &str {
        self.management.as_deref().expect("a management address")
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All that it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// All that it has printed to standard output so far.
    pub fn output(&self) -> String {
        self.output.lock().expect("the output").clone()
    }

    /// A client that is not signed in.
    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// Sends a signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        // The shell's own: not every machine has the program.
        let status = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.pid())]).status();
        assert!(status.expect("a shell runs").success());
    }

    /// Waits for the process to end and gives its exit code.
    pub fn wait(mut self) -> Option<i32> {
        let mut code = None;
        wait_until("the server to end", || {
            let status = self.child.try_wait().expect("a child");
            code = status.map(|status| status.code());
            status.is_some()
        });
        code.flatten()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", self.log());
        }
        // It may have ended already, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command to its end, with this on its standard input.
///
/// # Panics
/// If it cannot be run.
pub fn run(mut command: Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // A command that refuses its arguments closes its input unread.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut out = child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(move || {
        let _ = out.read_to_end(&mut stdout);
        stdout
    });
    let _ = child.stderr.take().expect("a pipe").read_to_end(&mut stderr);
    let status = child.wait().expect("it ends");
    Output { status, stdout: reader.join().expect("its output"), stderr }
}
