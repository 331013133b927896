use std::fmt;

/// What is wrong with something that was to be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it, to be read behind the field's name.
    pub problem: &'static str,
}

impl ImportFault {
    pub(super) const fn new(field: &'static str, problem: &'static str) -> Self {
        Self { field, problem }
    }
}

impl fmt::Display for ImportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.problem)
    }
}
