//! The order of lists: a stretch of one, and how it is read.

use helpdesk_ports::{Cause, SortKey, StoreError, TicketPosition, TicketQuery};

use super::super::StoredTs;

/// Sorts by (time, id) in one direction, begins behind a place and ends at another. Written without comparing tuples, which the
/// engines do not plan alike; a macro, since the columns are of different types.
macro_rules! by_time {
    ($query:expr, $column:expr, $direction:expr, $stretch:expr) => {{
        let mut query = $query;
        let Between { after, to }: Between<(StoredTs, i64)> = $stretch;
        match $direction {
            Direction::Ascending => {
                if let Some((at, id)) = after {
                    query = query.filter($column.ge(at)).filter($column.gt(at).or(tickets::id.gt(id)));
                }
                if let Some((at, id)) = to {
                    query = query.filter($column.le(at)).filter($column.lt(at).or(tickets::id.le(id)));
                }
                query.order(($column.asc(), tickets::id.asc()))
            }
            Direction::Descending => {
                if let Some((at, id)) = after {
                    query = query.filter($column.le(at)).filter($column.lt(at).or(tickets::id.lt(id)));
                }
                if let Some((at, id)) = to {
                    query = query.filter($column.ge(at)).filter($column.gt(at).or(tickets::id.ge(id)));
                }
                query.order(($column.desc(), tickets::id.desc()))
            }
        }
    }};
}

/// Sorts by the id in one direction, begins behind a place and ends at another.
macro_rules! by_id {
    ($query:expr, $column:expr, $direction:expr, $stretch:expr) => {{
        let mut query = $query;
        let Between { after, to }: Between<i64> = $stretch;
        match $direction {
            Direction::Ascending => {
                if let Some(id) = after {
                    query = query.filter($column.gt(id));
                }
                if let Some(id) = to {
                    query = query.filter($column.le(id));
                }
                query.order($column.asc())
            }
            Direction::Descending => {
                if let Some(id) = after {
                    query = query.filter($column.lt(id));
                }
                if let Some(id) = to {
                    query = query.filter($column.ge(id));
                }
                query.order($column.desc())
            }
        }
    }};
}

/// Along the indexes that have a scope's order. It leaves out what does not match until the page is full. By the order of ids, what was
/// changed since a moment is another matter: it may all be at the end. That is read by the times of change, and then sorted.
macro_rules! along_its_order {
    ($query:expr, $asked:expr, $sees:expr, $stretch:expr) => {{
        let direction = $asked.sort.direction;
        // The same choice as `TicketPosition::of` makes: who sees public things alone is sorted by them alone.
        match ($stretch, $sees) {
            (Stretch::CreatedAt(stretch), _) if filter::changed_since(&$asked.filter).is_some() => {
                by_id!($query, Unindexed(tickets::id), direction, stretch)
            }
            (Stretch::CreatedAt(stretch), _) => by_id!($query, tickets::id, direction, stretch),
            (Stretch::UpdatedAt(stretch), CommentScope::Everything) => {
                by_time!($query, tickets::updated_at, direction, stretch)
            }
            (Stretch::UpdatedAt(stretch), CommentScope::PublicOnly) => {
                by_time!($query, tickets::public_updated_at, direction, stretch)
            }
        }
    }};
}

/// Read whole, and then sorted.
macro_rules! read_and_sorted {
    ($query:expr, $sort:expr, $sees:expr, $stretch:expr) => {{
        let direction = $sort.direction;
        match ($stretch, $sees) {
            (Stretch::CreatedAt(stretch), _) => {
                by_id!($query, Unindexed(tickets::id), direction, stretch)
            }
            (Stretch::UpdatedAt(stretch), CommentScope::Everything) => {
                by_time!($query, Unindexed(tickets::updated_at), direction, stretch)
            }
            (Stretch::UpdatedAt(stretch), CommentScope::PublicOnly) => {
                by_time!($query, Unindexed(tickets::public_updated_at), direction, stretch)
            }
        }
    }};
}
pub(super) use {along_its_order, by_id, by_time, read_and_sorted};

/// Behind a place and up to another, each being open if there is none.
#[derive(Clone, Copy)]
pub(super) struct Between<Place> {
    pub(super) after: Option<Place>,
    pub(super) to: Option<Place>,
}

impl<Place: Copy> Between<Place> {
    /// The part up to this place, and what comes behind it.
    pub(super) fn split(self, at: Place) -> (Self, Self) {
        (Self { to: Some(at), ..self }, Self { after: Some(at), ..self })
    }
}

/// A stretch of a list that is sorted so.
#[derive(Clone, Copy)]
pub(super) enum Stretch {
    CreatedAt(Between<i64>),
    UpdatedAt(Between<(StoredTs, i64)>),
}

impl Stretch {
    /// What comes behind the place where the page begins.
    pub(super) fn behind(asked: &TicketQuery) -> Result<Self, StoreError> {
        match (asked.sort.key, asked.page.after) {
            (SortKey::CreatedAt, None) => Ok(Self::CreatedAt(Between { after: None, to: None })),
            (SortKey::UpdatedAt, None) => Ok(Self::UpdatedAt(Between { after: None, to: None })),
            (SortKey::CreatedAt, Some(TicketPosition::CreatedAt(id))) => {
                Ok(Self::CreatedAt(Between { after: Some(id.get()), to: None }))
            }
            (SortKey::UpdatedAt, Some(TicketPosition::UpdatedAt(at, id))) => {
                Ok(Self::UpdatedAt(Between { after: Some((at.into(), id.get())), to: None }))
            }
            (SortKey::CreatedAt, Some(TicketPosition::UpdatedAt(..)))
            | (SortKey::UpdatedAt, Some(TicketPosition::CreatedAt(_))) => {
                Err(StoreError::Fault(Cause::new("a position of another sort key")))
            }
        }
    }
}
