//! Pages of a list: keyset, never an offset, never a count.

use std::fmt;
use std::num::NonZeroU8;

/// How many items a page may have: 1–100, by default 25.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Limit(NonZeroU8);

/// A number that is no [`Limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitError;

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be between 1 and {}", Limit::MAX)
    }
}

impl std::error::Error for LimitError {}

impl Limit {
    /// The most items of a page.
    pub const MAX: u8 = 100;

    /// The limit of this many items.
    ///
    /// # Errors
    /// [`LimitError`] unless it is 1–100.
    pub fn new(items: u64) -> Result<Self, LimitError> {
        let items = u8::try_from(items).map_err(|_| LimitError)?;
        NonZeroU8::new(items).filter(|n| n.get() <= Self::MAX).map(Self).ok_or(LimitError)
    }

    /// As many items.
    pub fn get(self) -> usize {
        usize::from(self.0.get())
    }
}

impl Default for Limit {
    fn default() -> Self {
        const DEFAULT: NonZeroU8 = NonZeroU8::new(25).unwrap();
        Self(DEFAULT)
    }
}

/// Which page is asked for: up to `limit` items right behind the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest<P> {
    /// How many items.
    pub limit: Limit,
    /// Behind which position; `None` is the beginning.
    pub after: Option<P>,
}

impl<P> Default for PageRequest<P> {
    fn default() -> Self {
        Self { limit: Limit::default(), after: None }
    }
}

/// Some items of a list, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, P> {
    /// The items.
    pub items: Vec<T>,
    /// The position of the last item, if there are more behind it.
    pub next: Option<P>,
}

impl<T, P> Page<T, P> {
    /// A page of what a store read when it asked for one row more than the limit.
    pub fn of_rows_read_ahead(mut rows: Vec<T>, limit: Limit, position: impl Fn(&T) -> P) -> Self {
        let more = rows.len() > limit.get();
        rows.truncate(limit.get());
        let next = if more { rows.last().map(position) } else { None };
        Self { items: rows, next }
    }

    /// The same page of other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U, P> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
