//! What a plan comes to.

/// How an engine runs a statement.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The tables and aliases that it reads, in the order in which it does.
    pub(crate) accesses: Vec<Access>,
    /// Whether it reads in the order that is asked for, and only until there is enough.
    pub(crate) is_in_order: bool,
    /// In the engine's own words.
    pub(crate) text: String,
}

/// How a plan reads one table.
#[derive(Debug)]
pub(crate) struct Access {
    /// The table or its alias.
    pub(crate) name: String,
    pub(crate) path: Path,
    /// The columns by which it seeks in the index.
    pub(crate) sought: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Path {
    /// All rows, as they lie.
    Everything,
    /// In the order of the primary key.
    PrimaryKey,
    /// In the order of this index.
    Index(String),
}

impl Access {
    /// Whether it finds its rows without looking at all of them.
    pub(crate) fn seeks(&self) -> bool {
        self.path != Path::Everything && !self.sought.is_empty()
    }
}

/// The columns that an engine's condition names.
pub(crate) fn columns(condition: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
    let words = condition.split(|c| !is_part(c)).filter(|word| !word.is_empty());
    words.map(|word| if word == "rowid" { "id" } else { word }.to_owned()).collect()
}
