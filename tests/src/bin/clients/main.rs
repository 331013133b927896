//! Clients in other languages, generated from the document of the API by generators that everybody can get, play the README's tour
//! against the demo: `cargo xtask clients`.

mod generated;

use std::process::{Command, ExitCode};

use helpdesk_tests::{Database, Server, StoreKind, wait_until};

fn main() -> ExitCode {
    let mut failed = false;
    for language in std::env::args().skip(1) {
        // One demo each: the tour opens a ticket and closes it.
        let database = Database::create(StoreKind::Sqlite);
        let server = demo(&database);
        let address = format!("http://{}", server.address());
        let played = match language.as_str() {
            "python" => generated::python(database.directory(), &address),
            "typescript" => generated::typescript(&address),
            other => Err(format!("no client is in {other}")),
        };
        if let Err(message) = played {
            eprintln!("clients: {message}");
            failed = true;
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn demo(database: &Database) -> Server {
    let mut command: Command = Server::command(database);
    command.args(["serve", "--demo"]).env("HELPDESK_JWT_SECRET", "");
    let server = Server::start_command(command);
    wait_until("the demo", || server.output().contains("Ctrl-C"));
    server
}
