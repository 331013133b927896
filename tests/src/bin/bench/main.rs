//! How fast the release build is, on both stores, and how close to what the machine can do: `cargo xtask bench`.
//!
//! It is no test: on a machine that has anything else to do its figures mean nothing, and on another machine they are others. What can
//! be compared are ratios within one run. So each round measures in turn what is measured and what it is measured by: the process's
//! own smallest answer, `pgbench` with the very statements that the store sends, a plain loop over SQLite, and a server that does the
//! same by tokio-postgres. What is told are medians. `docs/performance.md` says how to read them.

mod disk;
mod limits;
mod load;
mod operation;
mod options;
mod process;
mod recording;
mod report;
mod results;
mod storm;
mod subject;

use std::process::ExitCode;

use helpdesk_tests::StoreKind;

use limits::Limits;
use operation::Operation;
use options::Options;
use results::{Measured, Results};
use subject::Subject;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("bench: {message}");
            return ExitCode::FAILURE;
        }
    };
    let earlier = match options.compare.as_deref().map(Results::read).transpose() {
        Ok(earlier) => earlier,
        Err(message) => {
            eprintln!("bench: {message}");
            return ExitCode::FAILURE;
        }
    };
    let results = measure(&options);
    report::print(&results, earlier.as_ref());
    match results.write(&options.out) {
        Ok(()) => {
            println!("\nWritten to {}.", options.out.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bench: {}: {error}", options.out.display());
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Results {
    let subjects: Vec<(Subject, Limits)> = options
        .stores
        .iter()
        .map(|store| {
            let subject = Subject::prepare(*store, options);
            let limits = Limits::prepare(&subject, options);
            (subject, limits)
        })
        .collect();
    let mut results = Results::new(options);
    for round in 1..=options.rounds {
        for (subject, limits) in &subjects {
            for operation in options.operations() {
                one_round(options, round, subject, limits, operation, &mut results);
            }
        }
    }
    for (subject, _) in &subjects {
        results.remember(subject.store(), subject.memory());
    }
    results
}

/// What is measured by what comes right before and behind it, so that whatever else the machine does falls on all of them alike.
fn one_round(
    options: &Options,
    round: usize,
    subject: &Subject,
    limits: &Limits,
    operation: Operation,
    results: &mut Results,
) {
    let store = subject.store();
    for &connections in &options.connections {
        let limit = match operation {
            // Measured by the same without a storm.
            Operation::Storm => Some(subject.measure(Operation::Get, connections).rate),
            _ => limits.measure(operation, connections),
        };
        let load = subject.measure(operation, connections);
        let yardstick = limits.yardstick(operation, connections);
        eprintln!("round {round}, {}, {operation}, {connections}: {:.0} a second", name_of(store), load.rate);
        results.add(store, operation, connections, Measured { load, limit, yardstick });
    }
}

fn name_of(store: StoreKind) -> &'static str {
    match store {
        StoreKind::Sqlite => "sqlite",
        StoreKind::Postgres => "postgres",
    }
}
