//! The audit trail: who did what to accounts and teams. Each entry is decided with the change that it tells of and written in
//! the same transaction, so that neither exists without the other.

use std::borrow::Cow;

use crate::{AuditId, AuditKind, EventActor, TeamId, Ts, UserId};

/// What an entry is about. It may be gone by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditSubject {
    /// An account.
    User(UserId),
    /// A team.
    Team(TeamId),
}

impl AuditSubject {
    /// The word for its kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Team(_) => "team",
        }
    }

    /// Its id, whatever its kind.
    pub const fn id(self) -> i64 {
        match self {
            Self::User(id) => id.get(),
            Self::Team(id) => id.get(),
        }
    }
}

/// A value before or after a change. Never a password, a token, or a hash of either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditValue {
    /// A text or a word.
    Text(String),
    /// A yes or a no.
    Flag(bool),
    /// An id.
    Id(i64),
}

impl From<&str> for AuditValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for AuditValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// One field's change; what was made has no value before, what was taken away none after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditChange {
    /// The field.
    pub field: Cow<'static, str>,
    /// Before.
    pub from: Option<AuditValue>,
    /// After.
    pub to: Option<AuditValue>,
}

impl AuditChange {
    pub(crate) fn new(field: &'static str, from: Option<AuditValue>, to: Option<AuditValue>) -> Self {
        Self { field: Cow::Borrowed(field), from, to }
    }

    /// The change of a field, if it is one.
    pub(crate) fn between<'a, T: PartialEq + ?Sized>(
        field: &'static str,
        from: &'a T,
        to: &'a T,
    ) -> Option<Self>
    where
        AuditValue: From<&'a T>,
    {
        (from != to).then(|| Self::new(field, Some(from.into()), Some(to.into())))
    }
}

impl From<&bool> for AuditValue {
    fn from(flag: &bool) -> Self {
        Self::Flag(*flag)
    }
}

/// An entry that was decided on and has no id yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Ts,
    /// Who did it.
    pub actor: EventActor,
    /// What happened.
    pub kind: AuditKind,
    /// What it happened to.
    pub subject: AuditSubject,
    /// What the subject was called then: an account's e-mail address, a team's name.
    pub label: String,
    /// Which fields changed, and how.
    pub changes: Vec<AuditChange>,
}

/// An entry as the trail holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its id. A larger one was written later.
    pub id: AuditId,
    /// What it says.
    pub entry: AuditEntry,
    /// The name that the actor's account has today; none for the help desk itself.
    pub actor_name: Option<String>,
}
