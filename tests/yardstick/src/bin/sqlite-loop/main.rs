//! Reads, lists or opens tickets in a SQLite file by diesel, in a loop and as fast as it goes, and says how often a second: what the
//! file can do without a server. Started by `cargo xtask bench`, which gives the ids of the tickets to read by standard input.

mod plain;
mod rows;

use std::io::Read as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use plain::{Plain, Value};
use rows::{CommentRow, Id, TicketRow};

/// As many threads read as in the help desk; one writes, as there can be no more.
const READERS: usize = 2;

/// What is said on the command line.
struct Arguments {
    operation: Operation,
    seconds: u64,
    file: String,
    agent: i64,
    customer: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Get,
    List,
    Create,
}

fn main() {
    let arguments = Arguments::read();
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).expect("ids");
    let tickets: Vec<i64> = input.split_whitespace().map(|id| id.parse().expect("an id")).collect();
    let threads = if arguments.operation == Operation::Create { 1 } else { READERS };
    println!("{:.1}", rate(&arguments, &tickets, threads));
}

impl Arguments {
    fn read() -> Self {
        let mut arguments = std::env::args().skip(1);
        let mut next = || arguments.next().expect("what, how many seconds, a file, an agent and a customer");
        let operation = match next().as_str() {
            "get" => Operation::Get,
            "list" => Operation::List,
            "create" => Operation::Create,
            other => panic!("{other} is nothing to measure"),
        };
        let seconds = next().parse().expect("how many seconds");
        let file = next();
        let mut id = || next().parse().expect("an id");
        Self { operation, seconds, file, agent: id(), customer: id() }
    }
}

#[expect(clippy::disallowed_methods, reason = "this measures")]
fn rate(arguments: &Arguments, tickets: &[i64], threads: usize) -> f64 {
    let (count, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let mut connections: Vec<SqliteConnection> = (0..threads).map(|_| open(&arguments.file)).collect();
    let start = Instant::now();
    std::thread::scope(|scope| {
        for (first, connection) in connections.iter_mut().enumerate() {
            let (count, is_over) = (&count, &is_over);
            scope.spawn(move || {
                let mut turn = first;
                while !is_over.load(Ordering::Relaxed) {
                    once(arguments, connection, tickets[turn % tickets.len()]);
                    count.fetch_add(1, Ordering::Relaxed);
                    // Not in the order in which they lie in the file.
                    turn = turn.wrapping_mul(31).wrapping_add(17);
                }
            });
        }
        std::thread::sleep(Duration::from_secs(arguments.seconds));
        is_over.store(true, Ordering::Relaxed);
    });
    #[expect(clippy::cast_precision_loss, reason = "far fewer than that")]
    let count = count.into_inner() as f64;
    count / start.elapsed().as_secs_f64()
}

fn open(file: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(file).expect("the file opens");
    connection
        .batch_execute("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
        .expect("settings");
    let of = |pragma: &str, connection: &mut SqliteConnection| {
        let text = format!("SELECT CAST({pragma} AS text) AS value FROM pragma_{pragma}");
        diesel::sql_query(text).get_result::<rows::Setting>(connection).expect("a setting").value
    };
    assert_eq!(of("synchronous", &mut connection), "2", "durability is not to be traded for speed");
    assert_eq!(of("journal_mode", &mut connection), "wal");
    connection
}

fn once(arguments: &Arguments, connection: &mut SqliteConnection, ticket: i64) {
    match arguments.operation {
        Operation::Get => {
            let found: TicketRow =
                Plain::new(rows::GET, vec![Value::Number(ticket), Value::Number(arguments.agent)])
                    .get_result(connection)
                    .expect("a ticket");
            let comments: Vec<CommentRow> =
                Plain::new(rows::COMMENTS, vec![Value::Number(ticket)]).load(connection).expect("comments");
            std::hint::black_box((found, comments));
        }
        Operation::List => {
            let found: Vec<TicketRow> = Plain::new(rows::LIST, vec![Value::Number(arguments.agent)])
                .load(connection)
                .expect("tickets");
            std::hint::black_box(found);
        }
        Operation::Create => create(arguments, connection).expect("a ticket"),
    }
}

/// The ticket, its words for searches, and its event, in one transaction.
fn create(arguments: &Arguments, connection: &mut SqliteConnection) -> QueryResult<()> {
    connection.immediate_transaction(|connection| {
        let customer = Value::Number(arguments.customer);
        let subject = Value::Text("The lift is stuck");
        let description = Value::Text("Between the second and the third floor, with two of us in it.");
        let ticket: Id =
            Plain::new(rows::OPEN, vec![subject, description, customer]).get_result(connection)?;
        let words = Value::Text(" the lift is stuck between second and third floor with two of us in it ");
        Plain::new(rows::INDEX, vec![Value::Number(ticket.id), words]).execute(connection)?;
        let event: Id = Plain::new(rows::NEXT_EVENT, Vec::new()).get_result(connection)?;
        let values = [event.id, ticket.id, arguments.customer].map(Value::Number);
        Plain::new(rows::TELL, values.to_vec()).execute(connection)?;
        Ok(())
    })
}
