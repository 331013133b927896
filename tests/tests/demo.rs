//! The demo: what it prints works when pasted, and it keeps what was done in it.

use std::process::Command;

use helpdesk_tests::{Database, Server, StoreKind, run, wait_until};
use serde_json::json;

fn start(database: &Database, arguments: &[&str]) -> Server {
    let mut command = Server::command(database);
    // The demo has a store of its own, whatever else is configured.
    command
        .args(["serve", "--demo"])
        .args(arguments)
        .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    command.env("HELPDESK_JWT_SECRET", "");
    let server = Server::start_command(command);
    wait_until("the tour", || server.output().contains("Ctrl-C"));
    server
}

/// The lines to paste: everything from the first comment to the end of the tour.
fn tour(output: &str) -> String {
    let from = output.find("# A customer opens").expect("the tour");
    let to = output.find("The whole API").expect("its end");
    output[from..to].to_owned()
}

/// Runs lines as if they had been pasted, with the machine's own curl or, where there is none, its stand-in.
fn shell(lines: &str) -> String {
    let mut command = Command::new("bash");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directory = tempfile::tempdir().unwrap();
    if !std::env::split_paths(&path).any(|place| place.join("curl").is_file()) {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_curl-stand-in"), directory.path().join("curl"))
            .unwrap();
        let places = std::iter::once(directory.path().to_owned()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(places).unwrap());
    }
    command.args(["-euo", "pipefail", "-c", lines]);
    let output = run(command, "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// What stands between two lines of the page that begin so, the blocks to paste alone.
fn blocks(page: &str, section: &str) -> String {
    let (_, rest) = page.split_once(&format!("\n## {section}\n")).expect("the section");
    let section = rest.split("\n## ").next().unwrap();
    let shell = section.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    shell.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_readmes_tour_does_what_the_readme_says() {
    let database = Database::create(StoreKind::Sqlite);
    let server = start(&database, &[]);
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let lines = blocks(&page, "A tour in five minutes");
    let seen = shell(&lines.replace("127.0.0.1:8080", server.address()));
    let answers: Vec<&str> = seen.trim().lines().collect();
    assert_eq!(answers.len(), 8, "{seen}");
    assert!(answers[0].contains("The lift is stuck"), "{seen}");
    assert!(answers[1].contains("\"name\":\"Grace Hopper\""), "{seen}");
    assert!(answers[2].contains("\"is_internal\":true"), "{seen}");
    assert!(answers[4].contains("\"status\":\"resolved\""), "{seen}");
    assert!(answers[5].contains("A technician is on the way.") && !answers[5].contains("motor"), "{seen}");
    assert!(answers[6].contains("\"status\":\"closed\""), "{seen}");
    assert_eq!(answers[7], "403");
    // What the page shows as the answer, up to the dots, is the answer.
    let shown = page.lines().find(|line| line.starts_with("{\"id\":7,")).unwrap().split(" …").next().unwrap();
    assert!(answers[0].starts_with(shown), "{shown}\n{seen}");
}

#[test]
fn the_tour_works_when_pasted_and_a_second_start_keeps_what_was_done() {
    let database = Database::create(StoreKind::Sqlite);
    let server = start(&database, &[]);
    let output = server.output();
    for word in ["admin@demo.example", "grace@demo.example", "ada@demo.example", "open-sesame-demo"] {
        assert!(output.contains(word), "{word} in {output}");
    }

    let seen = shell(&tour(&output));
    let last = seen.trim().lines().last().unwrap();
    assert!(last.contains("\"status\":\"closed\"") && last.contains("It does."), "{seen}");
    assert!(!last.contains("Only staff reads this."), "{seen}");

    let count = |server: &Server| {
        let login = json!({"email": "admin@demo.example", "password": "open-sesame-demo"});
        let token =
            server.client().post("/login", &login).expect(200)["access_token"].as_str().unwrap().to_owned();
        let page = server.client().with_token(&token).get("/admin/tickets?limit=100").expect(200);
        let tickets = page["data"].as_array().unwrap().clone();
        for status in ["open", "in_progress", "pending", "resolved", "closed"] {
            assert!(tickets.iter().any(|ticket| ticket["status"] == status), "a ticket that is {status}");
        }
        tickets.len()
    };
    let made = count(&server);
    drop(server);
    let server = start(&database, &[]);
    assert_eq!(count(&server), made);
    // It works again on what is there.
    shell(&tour(&server.output()));
    assert_eq!(count(&server), made + 1);
    drop(server);
    // While it is served nobody else takes it away.
    let serving = start(&database, &[]);
    let mut command = Server::command(&database);
    command.args(["serve", "--demo", "--reset"]);
    let refused = run(command, "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another process serves the demo"));
    drop(serving);
    let server = start(&database, &["--reset"]);
    assert_eq!(count(&server), made - 1, "as new: without the ticket of the tour");
}

#[test]
fn the_demo_serves_this_machine_alone() {
    let database = Database::create(StoreKind::Sqlite);
    let mut command = Server::command(&database);
    command.args(["serve", "--demo", "--bind", "0.0.0.0:0"]);
    let output = run(command, "");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("127.0.0.1"));
}
