//! A private cluster: in a directory of its own, on a free loopback port, gone when it is dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::account::Account;
use super::find::Installation;
use super::guard::Guard;
use super::place::make_directory;
use super::ready::{accepts_connections, free_port};
use super::without_postgres_variables;
use crate::Outcome;

/// The superuser, whom loopback connections need no password for.
pub(super) const USER: &str = "helpdesk";

/// Durability as the server ships it; room for many tests at once.
const SETTINGS: &[&str] = &["listen_addresses=127.0.0.1", "max_connections=200", "fsync=on"];

/// How often another port is tried when the first was taken meanwhile.
const ATTEMPTS: usize = 5;
const POLL: Duration = Duration::from_millis(50);
/// A minute: a disk that has much to do may need a while.
const POLLS: usize = 1200;

/// A running cluster.
pub(crate) struct Cluster {
    url: String,
    directory: PathBuf,
    #[expect(dead_code, reason = "it lives as long as the cluster, and ends it")]
    guard: Guard,
}

impl Cluster {
    /// Makes a cluster, starts it, and waits until it accepts connections.
    pub(crate) fn start(installation: &Installation) -> Outcome<Self> {
        let account = Account::for_server()?;
        let mut attempts_left = ATTEMPTS;
        loop {
            attempts_left -= 1;
            let directory = make_directory(&account)?;
            let runner = Runner { installation, account: &account, directory: &directory };
            if let Err(failure) = runner.initialise() {
                drop(fs::remove_dir_all(&directory));
                return Err(failure);
            }
            // From here on the guard removes the directory.
            let port = free_port()?;
            let guard = runner.serve(port)?;
            match wait_until_ready(guard, port) {
                Ok(guard) => {
                    return Ok(Self { url: url(port), directory, guard });
                }
                Err(failure) if attempts_left == 0 => return Err(failure),
                Err(_) => {}
            }
        }
    }

    /// Where it is, for its superuser.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What the server says.
    pub(crate) fn log(&self) -> PathBuf {
        self.directory.join("log")
    }
}

fn wait_until_ready(mut guard: Guard, port: u16) -> Outcome<Guard> {
    for _ in 0..POLLS {
        if guard.has_ended() {
            return Err("PostgreSQL ended right after it had started; its own words are above".to_owned());
        }
        if accepts_connections(port) {
            return Ok(guard);
        }
        sleep(POLL);
    }
    Err("PostgreSQL was started but accepts no connections".to_owned())
}

/// Runs the server's programs for one cluster.
struct Runner<'a> {
    installation: &'a Installation,
    account: &'a Account,
    directory: &'a Path,
}

impl Runner<'_> {
    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// Makes the files of the cluster.
    fn initialise(&self) -> Outcome<()> {
        // UTF-8 with its letters and in the order of its code points, the same everywhere; `C` knows only ASCII's letters.
        let mut complaint = String::new();
        for locale in ["C.UTF-8", "C"] {
            let mut command = Command::new(self.installation.program("initdb"));
            command.arg("--pgdata").arg(self.data()).args([
                "--username",
                USER,
                "--auth",
                "trust",
                "--no-sync",
            ]);
            command.args(["--encoding", "UTF8", "--locale", locale]);
            let output = self.prepare(&mut command).stdin(Stdio::null()).output();
            let output = output.map_err(|error| format!("initdb: {error}"))?;
            if output.status.success() {
                return Ok(());
            }
            complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        }
        Err(format!("initdb failed:\n{complaint}"))
    }

    /// Starts the server under a guard.
    fn serve(&self, port: u16) -> Outcome<Guard> {
        let mut command = Guard::command();
        command.arg(self.directory).arg(self.installation.program("postgres")).arg("-D").arg(self.data());
        let sockets = format!("unix_socket_directories={}", self.directory.display());
        let own = [format!("port={port}"), sockets];
        for setting in SETTINGS.iter().copied().chain(own.iter().map(String::as_str)) {
            command.args(["-c", setting]);
        }
        Guard::start(self.prepare(&mut command))
    }

    /// As the right account, in the right place, with an environment that says nothing about other servers.
    fn prepare<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        without_postgres_variables(command);
        self.installation.let_libraries_be_found(command);
        self.account.lend_to(command);
        command.current_dir(self.directory).env("LC_ALL", "C")
    }
}

fn url(port: u16) -> String {
    format!("postgres://{USER}@127.0.0.1:{port}/postgres")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_there_until_it_is_dropped_and_leaves_nothing() {
        let installation = Installation::find_or_install().unwrap();
        let cluster = Cluster::start(&installation).unwrap();
        let (_, address) = cluster.url().split_once('@').unwrap();
        let port =
            address.strip_prefix("127.0.0.1:").unwrap().strip_suffix("/postgres").unwrap().parse().unwrap();
        let directory = cluster.directory.clone();
        assert!(accepts_connections(port) && directory.exists());
        drop(cluster);
        assert!(!accepts_connections(port) && !directory.exists());
    }

    #[test]
    fn the_url_names_user_port_and_database() {
        assert_eq!(url(5433), "postgres://helpdesk@127.0.0.1:5433/postgres");
    }
}
