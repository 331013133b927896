//! The running binary against its own OpenAPI document, on both stores: `cargo xtask conformance`.
//!
//! [Schemathesis](https://schemathesis.readthedocs.io) makes requests from the document, good and bad ones, follows its links, and
//! compares the answers with it. First everybody is in their place: agents call what is for agents. Of every operation one answer
//! at least has to be a success there. Then each role, and nobody at all, calls everything.

mod cast;
mod options;
mod tool;

use std::process::ExitCode;
use std::thread;

use cast::Cast;
use options::Options;
use tool::Tool;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("conformance: {message}");
            return ExitCode::FAILURE;
        }
    };
    let stores = options.stores.clone();
    let tool = Tool::of_environment(options);
    // At once: it is the tool that takes the time, one core of it.
    let faults: Vec<_> = thread::scope(|threads| {
        let run = |store| {
            let faults = tool.run_all(&Cast::new(store)).into_iter();
            faults.map(|fault| format!("{store:?}, {fault}")).collect::<Vec<_>>()
        };
        let runs: Vec<_> = stores.into_iter().map(|store| threads.spawn(move || run(store))).collect();
        runs.into_iter().flat_map(|run| run.join().expect("no run panics")).collect()
    });
    if faults.is_empty() {
        println!("\nEvery operation is as documented.");
        return ExitCode::SUCCESS;
    }
    eprintln!("\n{}", faults.join("\n"));
    ExitCode::FAILURE
}
