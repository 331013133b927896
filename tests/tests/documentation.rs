//! The docs say what is true.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use helpdesk_tests::{StoreKind, World, binary, run};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_page_of_status_codes_is_the_table_of_the_code() {
    let table: BTreeSet<(String, String)> = helpdesk_http::ErrorCode::ALL
        .iter()
        .map(|code| (code.status().as_u16().to_string(), code.as_str().to_owned()))
        .collect();
    let mut page = BTreeSet::new();
    for line in read("docs/http-status-codes.md").lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if cells[1].parse::<u16>().is_ok() {
            for code in cells[2].split(", ") {
                page.insert((cells[1].to_owned(), code.trim_matches('`').to_owned()));
            }
        }
    }
    assert_eq!(page, table);
}

/// The copy is compared with the code by a test of `helpdesk-http`, which also writes it anew.
#[test]
fn the_document_is_the_same_in_the_docs_on_the_command_line_and_on_the_server() {
    let kept = read("docs/openapi.json");
    let mut command = Command::new(binary());
    // It needs nothing: neither a store nor a key.
    command.arg("openapi").env_clear();
    let printed = run(command, "");
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    assert!(String::from_utf8_lossy(&printed.stdout) == kept, "helpdesk openapi prints another document");
    let served = World::new(StoreKind::Sqlite).server.client().get("/openapi.json").expect(200);
    assert!(
        served == serde_json::from_str::<serde_json::Value>(&kept).unwrap(),
        "another document is served"
    );
}
