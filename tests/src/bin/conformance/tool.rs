//! Running schemathesis.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use helpdesk_tests::Server;
use serde_json::{Map, Value, json};

use crate::cast::{Cast, PASSWORD, email};
use crate::options::Options;

/// A part of a run.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// Everybody calls what is for them.
    InTheirPlace,
    /// This role, or nobody, calls everything.
    Everywhere(Option<&'static str>),
}

impl Part {
    pub(crate) const ALL: [Self; 5] = [
        Self::InTheirPlace,
        Self::Everywhere(None),
        Self::Everywhere(Some("customer")),
        Self::Everywhere(Some("agent")),
        Self::Everywhere(Some("admin")),
    ];

    /// Who calls, by the first segment of the path.
    fn callers(self) -> Value {
        let caller = |role: &str| json!([role, email(role)]);
        match self {
            Self::InTheirPlace => json!({
                "admin": caller("admin"), "agent": caller("agent"), "customer": caller("customer"), "": caller("agent"),
            }),
            Self::Everywhere(role) => json!({ "": role.map(caller) }),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InTheirPlace => f.write_str("everybody in their place"),
            Self::Everywhere(None) => f.write_str("nobody signed in"),
            Self::Everywhere(Some(role)) => write!(f, "a caller who is {role} everywhere"),
        }
    }
}

/// The tool, installed.
pub(crate) struct Tool {
    program: PathBuf,
    options: Options,
}

impl Tool {
    pub(crate) fn of_environment(options: Options) -> Self {
        let program = std::env::var_os("HELPDESK_CONFORMANCE_PROGRAM")
            .expect("HELPDESK_CONFORMANCE_PROGRAM is not set: run this through `cargo xtask conformance`");
        Self { program: program.into(), options }
    }

    /// Runs a part, and gives what is wrong. What exactly, the tool has said.
    pub(crate) fn run(&self, cast: &Cast, part: Part) -> Vec<String> {
        println!("\n== {part}, on {:?}\n", cast.world.database.kind());
        let seen = cast.world.database.directory().join("seen.json");
        // What an earlier part has seen is not this one's.
        let _ = std::fs::remove_file(&seen);
        let status = self.command(cast, part, &seen).status().expect("the tool runs");
        let mut faults = Vec::new();
        if !status.success() {
            faults.push("not as documented, see above".to_owned());
        }
        if matches!(part, Part::InTheirPlace) {
            let document = cast.world.server.client().get("/openapi.json").expect(200);
            faults.extend(never_done(&document, &seen));
        }
        faults
    }

    fn command(&self, cast: &Cast, part: Part, seen: &Path) -> Command {
        let url = format!("http://{}", cast.world.server.address());
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
        let mut command = Command::new(&self.program);
        // The store's variables among them: accounts are made beside the server.
        let of_store = Server::command(&cast.world.database);
        command.envs(of_store.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
            .current_dir(cast.world.database.directory())
            .env("SCHEMATHESIS_HOOKS", "hooks")
            .env("PYTHONPATH", directory)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("HELPDESK_CONFORMANCE_URL", &url)
            .env("HELPDESK_CONFORMANCE_PASSWORD", PASSWORD)
            .env("HELPDESK_CONFORMANCE_CALLERS", part.callers().to_string())
            .env("HELPDESK_CONFORMANCE_SEEN", seen)
            .args(["run", &format!("{url}/openapi.json"), "--no-color", "--continue-on-failure"])
            // A random cursor, key or `If-Match` is of the right form and rightly refused.
            .args(["--checks", "all", "--exclude-checks", "positive_data_acceptance"])
            .args(["--generation-database", "none", "--warnings", "off", "--suppress-health-check", "all"])
            .args(["--seed", &self.options.seed.to_string()]);
        match part {
            Part::InTheirPlace => command.args(["--max-examples", &self.options.examples.to_string()]),
            // Most of it is refused before anything of the request is looked at.
            Part::Everywhere(_) => {
                let examples = self.options.examples.div_ceil(5).to_string();
                command.args(["--phases", "examples,fuzzing", "--max-examples", &examples])
            }
        };
        command
    }
}

/// The operations of which no answer was a success.
fn never_done(document: &Value, seen: &Path) -> Vec<String> {
    let seen = std::fs::read(seen).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let seen: BTreeMap<String, Vec<u16>> = seen.unwrap_or_default();
    let none = Map::new();
    let mut faults = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap_or(&none) {
        for method in item.as_object().unwrap_or(&none).keys() {
            let operation = format!("{} {path}", method.to_uppercase());
            let statuses = seen.get(&operation).map_or(&[][..], Vec::as_slice);
            if !statuses.iter().any(|status| (200..300).contains(status)) {
                faults.push(format!("{operation} never succeeded: {statuses:?}"));
            }
        }
    }
    faults
}
