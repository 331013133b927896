use crate::{Email, PersonName, Role};

/// An account as it was told. Where somebody here has the address, that account is meant, as it is; else one is made, by
/// [`crate::User::import`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedAccount {
    /// The address.
    pub email: Email,
    /// The name.
    pub name: PersonName,
    /// What it may do there.
    pub role: Role,
    /// Whether it may sign in there.
    pub is_active: bool,
}
