//! What is asked for.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use helpdesk_tests::StoreKind;

use super::name_of;
use super::operation::Operation;

/// What is measured, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// How many tickets each store has at first.
    pub(crate) tickets: u64,
    /// How many accounts.
    pub(crate) users: u64,
    /// For how many seconds each thing is measured at a time.
    pub(crate) seconds: u64,
    /// How often.
    pub(crate) rounds: usize,
    /// By how many connections.
    pub(crate) connections: Vec<u32>,
    /// On which stores.
    pub(crate) stores: Vec<StoreKind>,
    /// Which operations, if not all.
    pub(crate) only: Vec<Operation>,
    /// Where the results go.
    pub(crate) out: PathBuf,
    /// Earlier results to compare them with.
    pub(crate) compare: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tickets: 200_000,
            users: 10_000,
            seconds: 5,
            rounds: 3,
            connections: vec![1, 16, 64],
            stores: vec![StoreKind::Sqlite, StoreKind::Postgres],
            only: Vec::new(),
            out: Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench/latest.json"),
            compare: None,
        }
    }
}

impl Options {
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
            match name.as_str() {
                "--tickets" => options.tickets = number(&name, &value()?)?,
                "--users" => options.users = number(&name, &value()?)?,
                "--seconds" => options.seconds = number(&name, &value()?)?,
                "--rounds" => options.rounds = number(&name, &value()?)?,
                "--connections" => {
                    let text = value()?;
                    options.connections =
                        text.split(',').map(|text| number(&name, text)).collect::<Result<_, _>>()?;
                }
                "--store" => options.stores = vec![store(&value()?)?],
                "--only" => {
                    options.only = value()?.split(',').map(Operation::from_str).collect::<Result<_, _>>()?;
                }
                "--out" => options.out = value()?.into(),
                "--compare" => options.compare = Some(value()?.into()),
                other => return Err(format!("there is no option {other}; see `cargo xtask help`")),
            }
        }
        Ok(options)
    }

    /// What is measured. The smallest answer is always among it, since everything else is compared with it.
    pub(crate) fn operations(&self) -> impl Iterator<Item = Operation> {
        let is_wanted = |operation: &Operation| {
            self.only.is_empty() || *operation == Operation::Live || self.only.contains(operation)
        };
        Operation::ALL.iter().copied().filter(is_wanted)
    }
}

/// A whole number, at least 1.
fn number<T: FromStr + PartialOrd + From<u8>>(name: &str, text: &str) -> Result<T, String> {
    let number = text.parse().ok().filter(|number| *number >= T::from(1));
    number.ok_or_else(|| format!("{name} takes whole numbers, at least 1, and not {text}"))
}

fn store(text: &str) -> Result<StoreKind, String> {
    [StoreKind::Sqlite, StoreKind::Postgres]
        .into_iter()
        .find(|store| name_of(*store) == text)
        .ok_or_else(|| format!("a store is sqlite or postgres, and not {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_understood() {
        assert_eq!(parsed(""), Ok(Options::default()));
        let options = parsed(
            "--tickets 2000 --users 100 --seconds 1 --rounds 1 --connections 1,16 --store postgres \
             --only get,create --out a.json --compare b.json",
        );
        let expected = Options {
            tickets: 2000,
            users: 100,
            seconds: 1,
            rounds: 1,
            connections: vec![1, 16],
            stores: vec![StoreKind::Postgres],
            only: vec![Operation::Get, Operation::Create],
            out: "a.json".into(),
            compare: Some("b.json".into()),
        };
        assert_eq!(options, Ok(expected));
        for line in [
            "--tickets",
            "--tickets 0",
            "--rounds x",
            "--connections 1,,2",
            "--store mysql",
            "--only everything",
            "--faster",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_smallest_answer_is_always_measured() {
        let operations = |line: &str| parsed(line).unwrap().operations().collect::<Vec<_>>();
        assert_eq!(operations(""), Operation::ALL);
        assert_eq!(operations("--only status"), [Operation::Live, Operation::Status]);
    }
}
