//! Searches: which words the texts of tickets have, and which tickets have the words that are looked for.
//!
//! What a word is, is `helpdesk_ports::words`, on either engine: their own parsers are given nothing to parse. A search is done in one of
//! two ways, which find the same. Where it lets many tickets through, or there are few to look at, the texts of one ticket after the
//! other are compared, in the order of the list, until the page is full. Where it lets few through, an index gives all that have the
//! words, and those are sorted. See `tickets/searched.rs` for which is taken.

mod catch_up;
mod condition;
pub(in super::super) mod index;

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::expression::AsExpression;
use helpdesk_domain::{CommentScope, Visibility};
use helpdesk_ports::words;

use super::dialect::Tsvector;

pub(super) use catch_up::catch_up;
pub(super) use condition::{compared, found, found_by, rarest};
pub(super) use index::{IndexedText, index};

/// An index of texts. They are apart, so that there is one that a customer's search never looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum TextIndex {
    /// Subjects and descriptions.
    Tickets,
    PublicComments,
    InternalComments,
}

impl TextIndex {
    const ALL: [Self; 3] = [Self::Tickets, Self::PublicComments, Self::InternalComments];

    /// Those with what may be seen.
    const fn seen(sees: CommentScope) -> &'static [Self] {
        match sees {
            CommentScope::Everything => &Self::ALL,
            CommentScope::PublicOnly => &[Self::Tickets, Self::PublicComments],
        }
    }

    /// The one that a comment belongs to.
    pub(in super::super) const fn of_comments(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public => Self::PublicComments,
            Visibility::Internal => Self::InternalComments,
        }
    }

    /// Its table.
    const fn table(self) -> &'static str {
        match self {
            Self::Tickets => "ticket_texts",
            Self::PublicComments => "public_comment_texts",
            Self::InternalComments => "internal_comment_texts",
        }
    }

    /// Its name among the `text_indexes`.
    const fn name(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::PublicComments => "public_comments",
            Self::InternalComments => "internal_comments",
        }
    }
}

/// The words of a text as they are stored: each once, in the order of their bytes.
#[derive(Clone, Debug, AsExpression)]
#[diesel(sql_type = Tsvector)]
pub(in super::super) struct TextWords(Arc<BTreeSet<String>>);

impl TextWords {
    fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(Arc::new(texts.into_iter().flat_map(words).collect()))
    }

    pub(in super::super) fn of_ticket(subject: &str, description: &str) -> Self {
        Self::of([subject, description])
    }

    pub(in super::super) fn words(&self) -> &BTreeSet<String> {
        &self.0
    }
}
