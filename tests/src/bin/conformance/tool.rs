//! Running schemathesis.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use helpdesk_tests::Server;
use serde_json::{Map, Value, json};

use crate::cast::{Cast, Known, PASSWORD, email};
use crate::options::Options;

/// A part of a run.
pub(crate) enum Part {
    /// Everybody calls what is for them, one request at a time.
    InTheirPlace,
    /// The same, from answer to request along the links, several at a time. The tool gives up a set of stories when the same
    /// beginning leads to something else, as it does where others change what is there: so there are several sets.
    Stories(u32),
    /// This role, or nobody, calls everything.
    Everywhere(Option<&'static str>),
    /// Everybody calls of what is for them these operations alone, and rightly.
    Again(Vec<String>),
}

impl Part {
    pub(crate) const ALL: [Self; 8] = [
        Self::InTheirPlace,
        Self::Stories(1),
        Self::Stories(2),
        Self::Stories(3),
        Self::Everywhere(None),
        Self::Everywhere(Some("customer")),
        Self::Everywhere(Some("agent")),
        Self::Everywhere(Some("admin")),
    ];

    /// Whether it is one of those in which everything can succeed.
    const fn is_in_their_place(&self) -> bool {
        matches!(self, Self::InTheirPlace | Self::Stories(_))
    }

    /// Who calls, by the first segment of the path.
    fn callers(&self) -> Value {
        let caller = |role: &str| json!([role, email(role)]);
        match self {
            Self::InTheirPlace | Self::Stories(_) | Self::Again(_) => json!({
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
            Self::Stories(set) => write!(f, "everybody in their place, stories {set}"),
            Self::Again(operations) => write!(f, "again: {}", operations.join(", ")),
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

    /// Runs all parts on a store, and gives what is wrong. What exactly, the tool has said.
    pub(crate) fn run_all(&self, cast: &Cast) -> Vec<String> {
        let mut faults = Vec::new();
        let mut seen = Seen::new();
        for part in &Part::ALL {
            let run = self.run(cast, part);
            if !run.is_as_documented {
                faults.push(format!("{part}: not as documented, see above"));
            }
            if part.is_in_their_place() {
                for (operation, statuses) in run.seen {
                    seen.entry(operation).or_default().extend(statuses);
                }
            }
        }
        let document = cast.world.server.client().get("/openapi.json").expect(200);
        let mut missing = never_done(&document, &seen);
        if !missing.is_empty() {
            // Chance has not brought it about, or has taken away first what it needs: once more where everything is there.
            let part = Part::Again(missing.iter().map(|operation| operation.id.clone()).collect());
            let run = self.run(&Cast::new(cast.world.database.kind()), &part);
            if !run.is_as_documented {
                faults.push(format!("{part}: not as documented, see above"));
            }
            missing =
                never_done(&document, &run.seen).into_iter().filter(|now| missing.contains(now)).collect();
        }
        faults.extend(missing.iter().map(|operation| format!("{} never succeeded", operation.label)));
        faults
    }

    fn run(&self, cast: &Cast, part: &Part) -> PartRun {
        let seen = cast.world.database.directory().join("seen.json");
        // What an earlier part has seen is not this one's.
        let _ = std::fs::remove_file(&seen);
        let configuration = self.configuration(cast, part);
        std::fs::write(cast.world.database.directory().join("schemathesis.toml"), configuration)
            .expect("a file in the test's own directory");
        let output =
            self.command(cast, part, &seen).stderr(Stdio::inherit()).output().expect("the tool runs");
        // In one piece, since the other store's are written at the same time.
        let said = String::from_utf8_lossy(&output.stdout);
        println!("\n== {part}, on {:?}\n\n{said}", cast.world.database.kind());
        let seen = std::fs::read(seen).ok().and_then(|text| serde_json::from_slice(&text).ok());
        PartRun { is_as_documented: output.status.success(), seen: seen.unwrap_or_default() }
    }

    fn command(&self, cast: &Cast, part: &Part, seen: &Path) -> Command {
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
            .args(["run", &format!("{url}/openapi.json"), "--no-color"])
            // A random cursor, key or `If-Match` is of the right form and rightly refused.
            .args(["--checks", "all", "--exclude-checks", "positive_data_acceptance"]);
        let phases = match part {
            Part::InTheirPlace => "examples,coverage,fuzzing",
            Part::Stories(_) => "stateful",
            // Most of it is refused before anything of the request is looked at.
            Part::Everywhere(_) => "examples,fuzzing",
            Part::Again(_) => "fuzzing",
        };
        command.args(["--phases", phases]);
        if let Part::Again(operations) = part {
            command.args(operations.iter().flat_map(|id| ["--include-operation-id", id]));
        }
        if matches!(part, Part::Stories(_)) {
            command.env("HELPDESK_CONFORMANCE_NEW_KEYS", "1");
        }
        command
    }

    /// What is set by a file, which is looked for where the tool runs.
    fn configuration(&self, cast: &Cast, part: &Part) -> String {
        let Options { examples, seed, .. } = self.options;
        let (examples, seed, mode) = match part {
            Part::InTheirPlace => (examples, seed, "all"),
            // Only a request that succeeds leads on.
            Part::Stories(set) => (examples * 10, seed + set, "positive"),
            Part::Everywhere(_) => (examples.div_ceil(5), seed, "all"),
            Part::Again(_) => (examples * 10, seed, "positive"),
        };
        let mut text = format!(
            "seed = {seed}\ncontinue-on-failure = true\nwarnings = false\nsuppress-health-check = [\"all\"]\n\
             generation = {{ max-examples = {examples}, mode = \"{mode}\", database = \"none\" }}\n"
        );
        for (n, Known { paths, parameter, values }) in cast.known.iter().enumerate() {
            // What JSON writes in one line, the file's language reads.
            let values = json!(values);
            let _ = write!(
                text,
                "\n[dictionaries.known-{n}]\nvalues = {values}\n\n[[operations]]\ninclude-path-regex = '{paths}'\n\
                 parameters = {{ '{parameter}' = {{ dictionary = 'known-{n}', probability = 0.8 }} }}\n"
            );
        }
        text
    }
}

/// By operation, with which statuses it was answered.
type Seen = BTreeMap<String, Vec<u16>>;

/// What came of a part.
struct PartRun {
    is_as_documented: bool,
    seen: Seen,
}

/// An operation of the document.
#[derive(PartialEq, Eq)]
struct Operation {
    /// Its method and path.
    label: String,
    id: String,
}

/// The operations of which no answer was a success. The tool leaves out the address that it has read the document from.
fn never_done(document: &Value, seen: &Seen) -> Vec<Operation> {
    let none = Map::new();
    let mut missing = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap_or(&none) {
        for (method, operation) in item.as_object().unwrap_or(&none) {
            let label = format!("{} {path}", method.to_uppercase());
            let mut statuses = seen.get(&label).into_iter().flatten();
            if label != "GET /openapi.json" && !statuses.any(|status| (200..300).contains(status)) {
                let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
                missing.push(Operation { label, id });
            }
        }
    }
    missing
}
