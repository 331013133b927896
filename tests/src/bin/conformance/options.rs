//! What is asked for.

use helpdesk_tests::StoreKind;

/// How much is tried, and on what.
pub(crate) struct Options {
    /// How many requests are made up for each operation, beside those that follow from the bounds of its parameters.
    pub(crate) examples: u32,
    /// What they are made up from: the same number, the same requests.
    pub(crate) seed: u32,
    /// On which stores.
    pub(crate) stores: Vec<StoreKind>,
}

impl Options {
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options =
            Self { examples: 10, seed: 1, stores: vec![StoreKind::Sqlite, StoreKind::Postgres] };
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let value = arguments.next().unwrap_or_default();
            let number = || match value.parse() {
                Ok(number @ 1..) => Ok(number),
                _ => Err(format!("{name} must be a whole number, at least 1")),
            };
            match name.as_str() {
                "--examples" => options.examples = number()?,
                "--seed" => options.seed = number()?,
                "--store" => {
                    options.stores = match value.as_str() {
                        "sqlite" => vec![StoreKind::Sqlite],
                        "postgres" => vec![StoreKind::Postgres],
                        _ => return Err("--store must be sqlite or postgres".to_owned()),
                    }
                }
                other => return Err(format!("there is no option {other}; see `cargo xtask help`")),
            }
        }
        Ok(options)
    }
}
