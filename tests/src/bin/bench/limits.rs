//! What the server is measured by: the same work without it.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use helpdesk_tests::{Client, StoreKind};
use serde_json::Value;
use tempfile::NamedTempFile;

use super::load::{self, Workers};
use super::operation::{NEW_TICKET, Operation, Tickets, Tokens};
use super::options::Options;
use super::process::Cpu;
use super::recording::{self, Script};
use super::subject::Subject;

/// How the same work is done without the server.
pub(crate) struct Limits {
    seconds: u64,
    kind: Kind,
}

enum Kind {
    /// By a plain loop over the same file.
    Sqlite { arguments: Vec<String>, tickets: String },
    /// By pgbench on the same database, and by a server that is nothing but one.
    Postgres { url: String, settings: String, scripts: Vec<(Operation, Script)>, yardstick: Yardstick },
}

/// A server that answers by tokio-postgres, with no help desk in between; killed with this value.
struct Yardstick {
    child: Child,
    address: String,
    /// The tickets that it is asked for.
    tickets: Vec<i64>,
}

impl Drop for Yardstick {
    fn drop(&mut self) {
        // It may have ended by itself: then what it was asked failed, which has been noticed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Limits {
    pub(crate) fn prepare(subject: &Subject, options: &Options) -> Self {
        let tickets = subject.tickets().to_read.clone();
        let (agent, customer) = subject.accounts();
        let kind = match subject.store() {
            StoreKind::Sqlite => Kind::Sqlite {
                arguments: vec![
                    subject.database().sqlite_file().display().to_string(),
                    agent.to_string(),
                    customer.to_string(),
                ],
                tickets: tickets.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            },
            StoreKind::Postgres => {
                let url = subject.database().url();
                let (settings, scripts) = record(subject, &tickets, options);
                let yardstick = Yardstick::start(&url, agent, customer, tickets);
                Kind::Postgres { url, settings, scripts, yardstick }
            }
        };
        Self { seconds: options.seconds, kind }
    }

    /// How often a second the same work is done without a server, if there is a way to.
    pub(crate) fn measure(&self, operation: Operation, connections: u32) -> Option<f64> {
        match &self.kind {
            Kind::Sqlite { arguments, tickets } => {
                let is_known = matches!(operation, Operation::Get | Operation::List | Operation::Create);
                is_known.then(|| self.sqlite_loop(operation, arguments, tickets))
            }
            Kind::Postgres { url, settings, scripts, .. } => {
                let script = scripts.iter().find(|(of, _)| *of == operation);
                script.map(|(_, script)| self.pgbench(script, url, settings, connections))
            }
        }
    }

    /// How often a second a server does that is nothing but one, if it does it at all.
    pub(crate) fn yardstick(&self, operation: Operation, connections: u32) -> Option<f64> {
        let Kind::Postgres { yardstick, .. } = &self.kind else { return None };
        let script = yardstick.script(operation)?;
        let workers = Workers { server: Cpu::of(yardstick.child.id()), database: None };
        let load = load::run(&yardstick.address, &script, connections, self.seconds, &workers, false);
        assert!(load.errors == 0.0, "the yardstick fails at {operation}: {load:?}");
        Some(load.rate)
    }

    fn sqlite_loop(&self, operation: Operation, arguments: &[String], tickets: &str) -> f64 {
        let mut child = Command::new(yardstick_program("sqlite-loop"))
            .args([operation.name(), &self.seconds.to_string()])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the loop runs");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(tickets.as_bytes()).expect("the loop reads");
        drop(input);
        let output = child.wait_with_output().expect("the loop ends");
        assert!(output.status.success(), "the loop failed");
        String::from_utf8_lossy(&output.stdout).trim().parse().expect("a rate")
    }

    fn pgbench(&self, script: &Script, url: &str, settings: &str, connections: u32) -> f64 {
        let mut file = NamedTempFile::with_suffix(".sql").expect("a temporary file");
        file.write_all(script.text.as_bytes()).expect("a script is written");
        let programs =
            std::env::var_os("HELPDESK_TEST_POSTGRES_BIN").expect("run this through `cargo xtask bench`");
        let mut command = Command::new(PathBuf::from(programs).join("pgbench"));
        command
            .args(["--no-vacuum", "--protocol", "prepared", "--client", &connections.to_string()])
            .args(["--jobs", &connections.min(2).to_string(), "--time", &self.seconds.to_string()])
            .arg("--file")
            .arg(file.path());
        for (name, value) in &script.variables {
            command.args(["--define", &format!("{name}={value}")]);
        }
        let output = command.arg(url).env("PGOPTIONS", settings).output().expect("pgbench runs");
        let told = String::from_utf8_lossy(&output.stdout);
        rate_in(&told).filter(|_| output.status.success()).unwrap_or_else(|| {
            panic!("pgbench: {told}{}\n{}", String::from_utf8_lossy(&output.stderr), script.text)
        })
    }
}

/// `tps = 1234.5 (without initial connection time)`
fn rate_in(told: &str) -> Option<f64> {
    let line = told.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(' ').next()?.parse().ok()
}

fn yardstick_program(name: &str) -> PathBuf {
    let directory =
        std::env::var_os("HELPDESK_BENCH_YARDSTICK").expect("run this through `cargo xtask bench`");
    PathBuf::from(directory).join(name)
}

/// Has a server of its own do each thing once, and takes down what it sends.
fn record(subject: &Subject, tickets: &[i64], options: &Options) -> (String, Vec<(Operation, Script)>) {
    let database = subject.database();
    let name = database.query("SELECT CAST(current_database() AS text) AS value");
    database.execute(&format!("ALTER DATABASE {name} SET log_statement = 'all'"));
    let begin = log().len();
    let (server, agent, customer) = subject.beside();
    let settings = recording::settings(&recording::statements(&log()[begin..]));
    let ticket = tickets[0];

    let taken_down = |act: &dyn Fn() -> Value| {
        // Once before, so that nothing of signing in is left to be asked.
        act();
        let begin = log().len();
        let answer = act();
        (recording::statements(&log()[begin..]), answer)
    };
    let get = || agent.get(&format!("/agent/tickets/{ticket}")).expect(200);
    let list = || agent.get("/agent/tickets?limit=25").expect(200);
    let create = || open_ticket(&customer);
    let listed = taken_down(&list).0;
    let mut scripts = vec![
        (Operation::Get, Script::of_reading(&taken_down(&get).0, ticket, tickets)),
        (Operation::List, Script::of_reading(&listed, ticket, tickets)),
        {
            let (statements, opened) = taken_down(&create);
            (Operation::Create, Script::of_opening(&statements, opened["id"].as_i64().expect("an id")))
        },
    ];
    if options.operations().any(|operation| operation == Operation::Lists) {
        // Of any of these agents, instead of the one.
        let script = Script::of_reading(&listed, subject.accounts().0, &subject.other_agents());
        scripts.push((Operation::Lists, script));
    }
    drop(server);
    database.execute(&format!("ALTER DATABASE {name} RESET log_statement"));
    (settings, scripts)
}

fn open_ticket(customer: &Client) -> Value {
    let ticket: Value = serde_json::from_str(NEW_TICKET).expect("JSON");
    customer.post("/customer/tickets", &ticket).expect(201)
}

/// All that the database server has logged so far.
fn log() -> String {
    let path = std::env::var_os("HELPDESK_BENCH_POSTGRES_LOG").expect("run this through `cargo xtask bench`");
    String::from_utf8_lossy(&std::fs::read(path).expect("the server's log")).into_owned()
}

impl Yardstick {
    fn start(url: &str, agent: i64, customer: i64, tickets: Vec<i64>) -> Self {
        use std::io::{BufRead as _, BufReader};
        let mut child = Command::new(yardstick_program("postgres-server"))
            .args([url, &agent.to_string(), &customer.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the yardstick runs");
        let mut address = String::new();
        let output = child.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut address).expect("the yardstick's address");
        Self { child, address: address.trim().to_owned(), tickets }
    }

    /// The same requests, without tokens.
    fn script(&self, operation: Operation) -> Option<String> {
        let tickets = Tickets { to_read: self.tickets.clone(), ..Tickets::default() };
        let is_known = matches!(operation, Operation::Get | Operation::Create);
        is_known.then(|| {
            let script = operation.script(&Tokens::default(), &tickets);
            script.replace("/agent/tickets", "/tickets").replace("/customer/tickets", "/tickets")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_found_in_what_pgbench_says() {
        let told = "transaction type: x\nlatency average = 0.5 ms\ntps = 1234.567 (without initial connection time)\n";
        assert_eq!(rate_in(told), Some(1234.567));
        assert_eq!(rate_in("pgbench: error"), None);
    }
}
