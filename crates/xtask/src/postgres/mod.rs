//! A Postgres server for the tests: found or installed, and run as a private cluster.

mod account;
mod cluster;
mod find;
mod guard;
mod place;
mod ready;
mod version;
mod wanted;

use std::process::Command;

pub(crate) use self::cluster::Cluster;
pub(crate) use self::find::Installation;
pub(crate) use self::wanted::WANTED;

/// Keeps out what a developer's shell says about some other server (`PGHOST`, `PGPASSWORD`, …).
pub(crate) fn without_postgres_variables(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
}
