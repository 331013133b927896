//! What is asked for.

/// How much is tried.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    /// How many requests are made up for each operation, good and bad ones together, beside those that follow from the bounds of
    /// its parameters.
    pub(crate) examples: u32,
    /// What they are made up from: the same number, the same requests.
    pub(crate) seed: u32,
}

impl Options {
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { examples: 10, seed: 1 };
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let value = match name.as_str() {
                "--examples" => &mut options.examples,
                "--seed" => &mut options.seed,
                other => return Err(format!("there is no option {other}; see `cargo xtask help`")),
            };
            let number = arguments.next().and_then(|text| text.parse().ok()).filter(|number| *number > 0);
            *value = number.ok_or_else(|| format!("{name} must be a whole number, at least 1"))?;
        }
        Ok(options)
    }
}
