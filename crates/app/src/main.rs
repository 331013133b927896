//! The binary: configuration, wiring, command line. Rules, stores and HTTP live in crates of their own.

mod cli;
mod config;
mod demo;
mod environment;
mod error;
mod housekeeping;
mod import;
mod key_file;
mod limits;
mod migrate;
mod openapi;
mod rotation;
mod secret;
mod serve;
mod settings;
mod store;
mod user;
mod wiring;

use std::process::ExitCode;

use clap::Parser as _;

/// What a store's thread has read, a thread that serves writes out and gives back: the system's allocator makes the two wait for one
/// another. SQLite and libpq take their memory from it as well.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    // What the framework has to say of bytes that are no HTTP is an attacker's to repeat, and says nothing of the server.
    env_logger::Builder::from_env(
        env_logger::Env::default().default_filter_or("info,actix_server=warn,actix_http=off"),
    )
    .init();
    // A panic is a defect, told like any other: as one line of the log.
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.payload_as_str().unwrap_or("without a message").replace(char::is_control, " ");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        log::error!("panic at {place}: {text}");
    }));
    if let Err(error) = limits::survive_file_size_limit() {
        log::warn!("a limit on the size of files would end the process: {error}");
    }
    let result = match cli.command {
        cli::Command::Serve(args) => serve::run(&args),
        cli::Command::Migrate(args) => migrate::run(&args),
        cli::Command::Import(args) => import::run(&args),
        cli::Command::Openapi => openapi::run(),
        cli::Command::User(command) => user::run(&command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("helpdesk: {error}");
            ExitCode::FAILURE
        }
    }
}
