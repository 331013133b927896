//! The server that is measured, on one store.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};

use diesel::sql_types::Integer;
use diesel::{PgConnection, QueryableByName, RunQueryDsl as _};
use helpdesk_tests::{Client, Database, PASSWORD, Server, StoreKind, give_quick_password, wait_until};
use serde_json::json;

use super::disk;
use super::load::{self, Load, Workers};
use super::operation::{Operation, Tickets, Tokens};
use super::options::Options;
use super::process::{Cpu, parent, peak_memory};
use super::storm;

/// How many tickets are read, and how many written to, at the most.
const TO_READ: usize = 1_000;
const TO_WRITE: usize = 200;
/// How many agents ask for their lists, at the most: one for each connection.
const AGENTS: usize = 64;

/// A running server on a full store.
pub(crate) struct Subject {
    server: Running,
    database: Database,
    people: People,
    tickets: Tickets,
    postgres: Option<Cpu>,
    memory_at_start: u64,
    seconds: u64,
}

/// A server that logs to a file; killed with this value.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which has been noticed by then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How much memory a server took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    /// At the most until it listened, in KiB.
    pub(crate) at_start: u64,
    /// At the most until the end.
    pub(crate) at_the_end: u64,
}

/// Who can sign in to a store that was made up.
pub(crate) struct People {
    password: String,
    agent: String,
    customer: String,
    /// Other agents, who were given a password that is quick to check.
    agents: Vec<String>,
}

impl Subject {
    /// Fills a store and starts a server on it.
    pub(crate) fn prepare(store: StoreKind, options: &Options) -> Self {
        let database = Database::create(store);
        disk::assert_is_one(database.directory());
        let people = People::in_what_is_told(&seed(&database, options)).and_others(&database);
        if store == StoreKind::Postgres {
            database.execute("ANALYZE");
            for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
                let value = format!("SELECT current_setting('{setting}') AS value");
                assert_eq!(
                    database.query(&value),
                    "on",
                    "{setting}: durability is not to be traded for speed"
                );
            }
        }
        let postgres = (store == StoreKind::Postgres).then(|| {
            let mut connection = database.postgres();
            Cpu::of_family(parent(backend_of(&mut connection)))
        });
        let server = start(&database);
        let memory_at_start = peak_memory(server.child.id());
        let tickets = chosen(&people.agent(&Client::new(&server.address)).0);
        Self { server, database, people, tickets, postgres, memory_at_start, seconds: options.seconds }
    }

    pub(crate) fn store(&self) -> StoreKind {
        self.database.kind()
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) fn memory(&self) -> Memory {
        Memory { at_start: self.memory_at_start, at_the_end: peak_memory(self.server.child.id()) }
    }

    /// Measures an operation once.
    pub(crate) fn measure(&self, operation: Operation, connections: u32) -> Load {
        let script = operation.script(&self.tokens(operation), &self.tickets);
        let workers = Workers { server: Cpu::of(self.server.child.id()), database: self.postgres.as_ref() };
        let address = &self.server.address;
        let measure =
            || load::run(address, &script, connections, self.seconds, &workers, operation.is_refused());
        match operation {
            Operation::Storm => storm::during(&self.people, address, measure),
            _ => measure(),
        }
    }

    /// What is asked for.
    pub(crate) fn tickets(&self) -> &Tickets {
        &self.tickets
    }

    /// Fresh ones: they live for a quarter of an hour.
    fn tokens(&self, operation: Operation) -> Tokens {
        let client = Client::new(&self.server.address);
        let token = |client: &Client| client.token().expect("a token").to_owned();
        let agents = if operation == Operation::Lists { self.people.others(&client) } else { Vec::new() };
        let agents = agents.into_iter().map(|(client, _)| client);
        Tokens {
            agent: token(&self.people.agent(&client).0),
            customer: token(&self.people.customer(&client).0),
            agents: agents.map(|client| token(&client)).collect(),
        }
    }

    /// The ids of the agents who ask for their lists.
    pub(crate) fn other_agents(&self) -> Vec<i64> {
        self.people.others(&Client::new(&self.server.address)).into_iter().map(|(_, id)| id).collect()
    }

    /// The ids of agent and customer.
    pub(crate) fn accounts(&self) -> (i64, i64) {
        let client = Client::new(&self.server.address);
        (self.people.agent(&client).1, self.people.customer(&client).1)
    }

    /// Starts another server on the same store, and has agent and customer call it.
    pub(crate) fn beside(&self) -> (Running, Client, Client) {
        let server = start(&self.database);
        let client = Client::new(&server.address);
        let (agent, customer) = (self.people.agent(&client).0, self.people.customer(&client).0);
        (server, agent, customer)
    }
}

/// Which of the agent's tickets are asked for, and by which words.
fn chosen(agent: &Client) -> Tickets {
    let to_write = tickets(agent, "status=open,in_progress,pending,resolved&", TO_WRITE);
    let written: BTreeSet<i64> = to_write.iter().map(|(id, _)| *id).collect();
    let mut read = tickets(agent, "", TO_READ + TO_WRITE);
    read.retain(|(id, _)| !written.contains(id));
    read.truncate(TO_READ);
    assert!(!written.is_empty() && !read.is_empty(), "the agent has too few tickets: there have to be more");
    let words: BTreeSet<String> = read
        .iter()
        .flat_map(|(_, subject)| subject.split(|letter: char| !letter.is_ascii_alphanumeric()))
        .filter(|word| word.len() > 4)
        .map(str::to_ascii_lowercase)
        .collect();
    Tickets {
        to_read: read.into_iter().map(|(id, _)| id).collect(),
        to_write: written.into_iter().collect(),
        words: words.into_iter().collect(),
    }
}

/// Ids and subjects of tickets of the agent's, newest first.
fn tickets(agent: &Client, filter: &str, most: usize) -> Vec<(i64, String)> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    while found.len() < most {
        let page =
            agent.get(&format!("/agent/tickets?{filter}limit=100&sort=-created_at{cursor}")).expect(200);
        let items = page["data"].as_array().expect("a list");
        found.extend(items.iter().map(|item| {
            (item["id"].as_i64().expect("an id"), item["subject"].as_str().expect("a subject").to_owned())
        }));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    found.truncate(most);
    found
}

impl People {
    /// The password in quotes, and behind it lines of a role and an address.
    fn in_what_is_told(text: &str) -> Self {
        let (_, behind) = text.split_once("the password \"").expect("the password of those who can sign in");
        let (password, _) = behind.split_once('"').expect("a password in quotes");
        let email = |role: &str| {
            let mut lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            let line = lines.find(|words| words.len() == 2 && words[0] == role);
            line.unwrap_or_else(|| panic!("no {role} can sign in: {text}"))[1].to_owned()
        };
        let (agent, customer) = (email("agent"), email("customer"));
        Self { password: password.to_owned(), agent, customer, agents: Vec::new() }
    }

    /// And agents who could not sign in before.
    fn and_others(self, database: &Database) -> Self {
        let others = format!("role = 'agent' AND email <> '{}'", self.agent);
        give_quick_password(database, &others);
        let emails = database.query(&format!(
            "SELECT coalesce(string_agg(email, ' '), '') AS value \
             FROM (SELECT email FROM users WHERE {others} ORDER BY id LIMIT {AGENTS}) AS agents"
        ));
        Self { agents: emails.split_whitespace().map(str::to_owned).collect(), ..self }
    }

    /// The agent signs in once more.
    pub(crate) fn sign_in_at(&self, address: &str) {
        self.agent(&Client::new(address));
    }

    fn agent(&self, client: &Client) -> (Client, i64) {
        Self::sign_in(client, &self.agent, &self.password)
    }

    fn others(&self, client: &Client) -> Vec<(Client, i64)> {
        assert!(!self.agents.is_empty(), "there is one agent alone: there have to be more accounts");
        self.agents.iter().map(|email| Self::sign_in(client, email, PASSWORD)).collect()
    }

    fn customer(&self, client: &Client) -> (Client, i64) {
        Self::sign_in(client, &self.customer, &self.password)
    }

    fn sign_in(client: &Client, email: &str, password: &str) -> (Client, i64) {
        let answer = client.post("/login", &json!({"email": email, "password": password})).expect(200);
        let id = answer["user"]["id"].as_i64().expect("an id");
        (client.with_token(answer["access_token"].as_str().expect("a token")), id)
    }
}

/// Has the store filled, and tells what was said of it.
fn seed(database: &Database, options: &Options) -> String {
    let program = std::env::var_os("HELPDESK_BENCH_SEED").expect("run this through `cargo xtask bench`");
    let output = Command::new(program)
        .args(["seed", "--tickets", &options.tickets.to_string(), "--users", &options.users.to_string()])
        .args(["--database", &database.url()])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("the program that makes stores up");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "the store could not be filled: {told}");
    told
}

/// The process of the database server that serves this connection. The server itself has started it.
fn backend_of(connection: &mut PgConnection) -> u32 {
    #[derive(QueryableByName)]
    struct Backend {
        #[diesel(sql_type = Integer)]
        process: i32,
    }
    let backend = diesel::sql_query("SELECT pg_backend_pid() AS process").get_result::<Backend>(connection);
    u32::try_from(backend.expect("a process").process).expect("a positive id")
}

/// Starts a server as operators start it, its log going to a file.
fn start(database: &Database) -> Running {
    let log = tempfile::Builder::new().suffix(".log").tempfile_in(database.directory()).expect("a log");
    let (file, path) = log.keep().expect("a log");
    let mut command = Server::command(database);
    let child = command
        .arg("serve")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file)
        .spawn()
        .expect("the binary runs");
    let mut running = Running { child, address: String::new() };
    wait_until("the server to listen", || {
        let log = std::fs::read_to_string(&path).unwrap_or_default();
        if let Ok(Some(status)) = running.child.try_wait() {
            panic!("the server ended with {status}:\n{log}");
        }
        let Some((_, rest)) = log.split_once("listening on ") else { return false };
        let Some((address, _)) = rest.split_once('\n') else { return false };
        address.trim().trim_start_matches("http://").clone_into(&mut running.address);
        true
    });
    running
}
