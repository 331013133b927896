//! The chores of this repository, as `cargo xtask …`.

mod arguments;
mod bench;
mod browser;
mod clients;
mod conformance;
mod install;
mod interrupt;
mod postgres;
mod python;
mod seed;
mod sign_in_timing;
mod test_run;
mod wrk;

use std::process::ExitCode;

use crate::arguments::{Command, HELP};
use crate::interrupt::Interrupts;
use crate::postgres::{Cluster, Installation};

/// What went wrong, in a form for the person at the terminal.
type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<ExitCode> {
    match arguments::parse(std::env::args_os().skip(1))? {
        Command::Clients(languages) => clients::run(languages),
        Command::Conformance(options) => conformance::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Help => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Postgres => serve_postgres(),
        Command::Seed(arguments) => seed::run(&arguments),
        Command::SignInTiming(rounds) => sign_in_timing::run(rounds),
        Command::Test(arguments) => test_run::run(&arguments),
    }
}

/// Runs a private cluster until Ctrl-C.
fn serve_postgres() -> Outcome<ExitCode> {
    let interrupts = Interrupts::listen()?;
    let installation = Installation::find_or_install()?;
    let cluster = Cluster::start(&installation)?;
    println!("{}", cluster.url());
    let (version, log) = (installation.version, cluster.log());
    eprintln!(
        "PostgreSQL {version} is up and writes {}; Ctrl-C stops it and removes everything.",
        log.display()
    );
    let code = interrupts.wait();
    drop(cluster);
    Ok(code)
}
