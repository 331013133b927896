//! What is asked for on the command line.

use std::ffi::OsString;

use crate::clients::Language;

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
The chores of this repository.

  cargo xtask test [ARGUMENTS…]
      Sets up what the tests need and runs all of them: finds PostgreSQL's server (14 or newer) or installs it, starts
      a private cluster of it on a free loopback port, finds Chromium or Chrome or installs it (if the tests from outside
      are run; where that fails, the tests of one page do), builds the binary under test, and runs
      `cargo test --workspace --all-features --no-fail-fast ARGUMENTS…`. With `-p PACKAGE` only that package is tested.
      The cluster is gone afterwards, also after a failure or Ctrl-C. The exit code is that of `cargo test`.

      The tests find in their environment:
        HELPDESK_TEST_POSTGRES_URL   the cluster, for a user who may create databases
        HELPDESK_TEST_POSTGRES_BIN   the directory of its programs
        HELPDESK_TEST_BINARY         the binary under test
        HELPDESK_TEST_BROWSER        the browser

  cargo xtask clients [python|typescript]
      Generates clients of the API from its document, by public generators, and plays the README's tour through them
      against the demo. Takes Python 3.11 or later, as python3 or as HELPDESK_PYTHON says, and Node.js 20 or later with
      npm, and installs what tests/clients/ names under target/, the first time from the network.

  cargo xtask conformance [--examples N] [--seed N] [--store sqlite|postgres]
      Makes requests from the OpenAPI document to the binary, on both stores or one, and compares its answers with it, by
      schemathesis: with everybody in their place, then as nobody and as each role everywhere. The code is 0 where all is
      as documented, and every operation succeeded at least once. N examples (10) are made up for each operation; the
      same seed (1) makes the same ones. Takes Python 3.11 or later, as python3 or as HELPDESK_PYTHON says, and installs
      what tests/conformance/requirements.txt names under target/, the first time from the network.

  cargo xtask bench [OPTIONS…]
      Measures how fast the release build is, on both stores, and how close to what the machine can do, with wrk, which is
      found or installed. docs/performance.md says what the figures mean. The options: --tickets N (200000) and --users N
      (10000), how much is in each store; --seconds N (5), --rounds N (3), --connections 1,16,64; --store sqlite or
      --store postgres; --only with some of live,token,get,storm,list,lists,search,create,comment,status; --out FILE,
      where the results go as JSON (target/bench/latest.json); --compare FILE, earlier results, against which changes are
      told.

  cargo xtask sign-in-timing [ROUNDS]
      Measures on both stores whether a refused sign-in takes as long for an unknown address as for a wrong password or a
      disabled account, by the sums over ROUNDS (60) of each. The code is 0 where they lie within 10 %.

  cargo xtask seed [--tickets N] [--users M] [--database URL]
      Fills a store with N tickets (1000000) of M accounts (10000), of which one in a hundred is an agent, with three comments
      a ticket, as a help desk would have them after three years: always the same ones. The store is sqlite://seed.db, or the
      one at URL, as DATABASE_URL names it; it is made if it is missing. Stopped and run again, it goes on. Says at its end
      who can sign in.

  cargo xtask postgres
      Starts such a cluster, prints its URL, and keeps it until Ctrl-C.

  cargo xtask help
      Prints this.

PostgreSQL's server is looked for on PATH and where packages put it; the newest wins. To choose another, name the
directory that holds its `initdb` and `postgres` in HELPDESK_TEST_POSTGRES_BIN. The browser is chosen by naming its
program in HELPDESK_TEST_BROWSER.
";

/// A chore.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Plays the tour through clients in these languages.
    Clients(&'static [Language]),
    /// Compares the binary with its document, with these options.
    Conformance(Vec<OsString>),
    /// Measures how fast it is, with these options.
    Bench(Vec<OsString>),
    /// Explains.
    Help,
    /// Runs a cluster in the foreground.
    Postgres,
    /// Fills a store with made-up tickets.
    Seed(SeedArguments),
    /// Measures refused sign-ins, this many rounds.
    SignInTiming(Option<u32>),
    /// Runs the tests, with these further arguments for `cargo test`.
    Test(TestArguments),
}

/// What follows `cargo xtask seed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeedArguments {
    /// How many tickets.
    pub(crate) tickets: u64,
    /// How many accounts.
    pub(crate) users: u64,
    /// Which store.
    pub(crate) database: String,
}

impl Default for SeedArguments {
    fn default() -> Self {
        Self { tickets: 1_000_000, users: 10_000, database: "sqlite://seed.db".to_owned() }
    }
}

/// What follows `cargo xtask test`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TestArguments {
    /// All of it, for `cargo test`.
    pub(crate) all: Vec<OsString>,
    /// Those that `cargo build` needs just the same, such as `--locked`.
    pub(crate) for_build: Vec<OsString>,
    /// The packages that it names; if none, all of the workspace is meant.
    pub(crate) packages: Vec<String>,
}

impl TestArguments {
    /// Whether the tests of this package are among those to run.
    pub(crate) fn covers(&self, package: &str) -> bool {
        self.packages.is_empty() || self.packages.iter().any(|named| named == package)
    }
}

/// Understands the arguments behind the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter();
    let Some(command) = arguments.next() else { return Ok(Command::Help) };
    let rest: Vec<OsString> = arguments.collect();
    match (command.to_str(), rest.is_empty()) {
        (Some("help" | "-h" | "--help"), _) => Ok(Command::Help),
        (Some("clients"), _) => languages(&rest).map(Command::Clients),
        (Some("conformance"), _) => Ok(Command::Conformance(rest)),
        (Some("postgres"), true) => Ok(Command::Postgres),
        (Some("test"), _) => Ok(Command::Test(test_arguments(rest))),
        (Some("seed"), _) => seed(&rest).map(Command::Seed),
        (Some("bench"), _) => Ok(Command::Bench(rest)),
        (Some("sign-in-timing"), _) => rounds(&rest).map(Command::SignInTiming),
        (Some("postgres"), false) => Err("`postgres` takes no argument; see `cargo xtask help`".to_owned()),
        _ => Err(format!("no chore is called {}; see `cargo xtask help`", command.display())),
    }
}

fn seed(arguments: &[OsString]) -> Result<SeedArguments, String> {
    let mut seed = SeedArguments::default();
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let name = name.to_str().unwrap_or_default();
        let value = arguments.next().and_then(|value| value.to_str());
        let number = || match value.and_then(|value| value.parse().ok()) {
            Some(number @ 1..=1_000_000_000) => Ok(number),
            _ => Err(format!("{name} must be a whole number, at least 1")),
        };
        match name {
            "--tickets" => seed.tickets = number()?,
            "--users" => seed.users = number()?,
            "--database" => value.ok_or("--database must be a URL")?.clone_into(&mut seed.database),
            _ => return Err(format!("`seed` takes no {name}; see `cargo xtask help`")),
        }
    }
    Ok(seed)
}

fn languages(arguments: &[OsString]) -> Result<&'static [Language], String> {
    let chosen = match arguments {
        [] => Some(Language::ALL),
        [name] => Language::ALL.iter().find(|language| name == language.name()).map(std::slice::from_ref),
        _ => None,
    };
    chosen.ok_or_else(|| "`clients` takes python, typescript or nothing; see `cargo xtask help`".to_owned())
}

fn rounds(arguments: &[OsString]) -> Result<Option<u32>, String> {
    match arguments {
        [] => Ok(None),
        [rounds] => match rounds.to_str().and_then(|rounds| rounds.parse().ok()) {
            Some(rounds @ 1..) => Ok(Some(rounds)),
            _ => Err("ROUNDS must be a whole number, at least 1".to_owned()),
        },
        _ => Err("`sign-in-timing` takes one argument at the most; see `cargo xtask help`".to_owned()),
    }
}

fn test_arguments(all: Vec<OsString>) -> TestArguments {
    // What comes behind `--` is for the tests themselves.
    let for_cargo =
        all.iter().take_while(|argument| *argument != "--").filter_map(|argument| argument.to_str());
    let packages = packages_in(for_cargo.clone());
    let for_build = for_cargo
        .filter(|argument| matches!(*argument, "--locked" | "--offline" | "--frozen"))
        .map(OsString::from)
        .collect();
    TestArguments { all, for_build, packages }
}

fn packages_in<'a>(mut arguments: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut packages = Vec::new();
    while let Some(argument) = arguments.next() {
        let named = match argument {
            "-p" | "--package" => arguments.next(),
            _ => argument.strip_prefix("--package=").or_else(|| argument.strip_prefix("-p")),
        };
        packages.extend(named.map(|name| name.trim_start_matches('=').to_owned()));
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    fn test(line: &str) -> TestArguments {
        match parsed(line) {
            Ok(Command::Test(arguments)) => arguments,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn chores_are_told_apart() {
        assert_eq!(parsed(""), Ok(Command::Help));
        assert_eq!(parsed("help"), Ok(Command::Help));
        assert_eq!(parsed("--help"), Ok(Command::Help));
        assert_eq!(parsed("postgres"), Ok(Command::Postgres));
        assert!(parsed("postgres now").is_err());
        assert_eq!(parsed("clients"), Ok(Command::Clients(Language::ALL)));
        assert_eq!(parsed("clients typescript"), Ok(Command::Clients(&[Language::TypeScript])));
        assert!(parsed("clients cobol").is_err() && parsed("clients python typescript").is_err());
        let options = ["--examples", "9"].map(OsString::from).to_vec();
        assert_eq!(parsed("conformance --examples 9"), Ok(Command::Conformance(options)));
        assert_eq!(parsed("sign-in-timing"), Ok(Command::SignInTiming(None)));
        assert_eq!(parsed("sign-in-timing 7"), Ok(Command::SignInTiming(Some(7))));
        assert!(parsed("sign-in-timing 0").is_err() && parsed("sign-in-timing 1 2").is_err());
        assert!(parsed("tests").unwrap_err().contains("tests"));
    }

    #[test]
    fn what_follows_test_is_for_cargo_test() {
        assert_eq!(test("test"), TestArguments::default());
        let arguments = test("test --locked -- --nocapture");
        assert_eq!(arguments.all, ["--locked", "--", "--nocapture"]);
        assert_eq!(arguments.for_build, ["--locked"]);
        assert!(arguments.covers("helpdesk-tests"));
    }

    #[test]
    fn named_packages_are_not_the_whole_workspace() {
        for line in [
            "test -p helpdesk-auth",
            "test -phelpdesk-auth",
            "test -p=helpdesk-auth",
            "test --package helpdesk-auth",
            "test --package=helpdesk-auth --test x",
            "test --locked -p x --package helpdesk-auth",
        ] {
            let arguments = test(line);
            assert!(arguments.covers("helpdesk-auth") && !arguments.covers("helpdesk-tests"), "{line}");
        }
        // Behind `--` it is a test's argument, whatever it looks like.
        for line in ["test --lib", "test -- -p", "test -- --locked"] {
            let arguments = test(line);
            assert!(arguments.packages.is_empty() && arguments.for_build.is_empty(), "{line}");
        }
    }

    #[test]
    fn a_store_is_filled_as_asked_for() {
        assert_eq!(parsed("seed"), Ok(Command::Seed(SeedArguments::default())));
        let expected = SeedArguments { tickets: 5, users: 7, database: "postgres://u@h/d".to_owned() };
        let line = "seed --users 7 --tickets 5 --database postgres://u@h/d";
        assert_eq!(parsed(line), Ok(Command::Seed(expected)));
        for line in [
            "seed 5",
            "seed --tickets",
            "seed --tickets 0",
            "seed --users x",
            "seed --database",
            "seed --force 1",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn help_names_every_chore() {
        for chore in [
            "cargo xtask test",
            "cargo xtask bench",
            "cargo xtask seed",
            "cargo xtask clients",
            "cargo xtask conformance",
            "cargo xtask sign-in-timing",
            "cargo xtask postgres",
            "cargo xtask help",
        ] {
            assert!(HELP.contains(chore), "{chore}");
        }
    }
}
