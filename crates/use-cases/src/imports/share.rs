//! How much of what is held is written at once.

use helpdesk_ports::ImportItem;

/// A ticket and one of its comments: less would not get on.
const LEAST: usize = 2;

/// How many records the store is given at once. A store that is busy, or slow, may not get done with all of them in the time that
/// it has for an answer, however often it is asked.
pub(super) struct Share {
    most: usize,
    now: usize,
}

/// The first of the items: so many whole ones, and of the next one so many comments.
pub(super) struct Part {
    whole: usize,
    comments: usize,
}

impl Share {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, now: most }
    }

    /// It was too much.
    pub(super) fn shrink(&mut self) {
        self.now = (self.now / 2).max(LEAST);
    }

    /// It was not. What was too much before is not tried again at once.
    pub(super) fn grow(&mut self) {
        self.now = (self.now + self.now / 8 + 1).min(self.most);
    }

    /// What is to be written of these.
    pub(super) fn of(&self, items: &[ImportItem]) -> Part {
        let mut left = self.now;
        for (whole, item) in items.iter().enumerate() {
            let records = 1 + item.comments.len();
            if records > left {
                return Part { whole, comments: left.saturating_sub(1) };
            }
            left -= records;
        }
        Part { whole: items.len(), comments: 0 }
    }
}

impl Part {
    pub(super) fn copied_from(&self, items: &[ImportItem]) -> Vec<ImportItem> {
        let mut copied = items[..self.whole].to_vec();
        if self.comments > 0 {
            let ImportItem { ticket, comments } = &items[self.whole];
            copied.push(ImportItem { ticket: ticket.clone(), comments: comments[..self.comments].to_vec() });
        }
        copied
    }

    /// What was written is held no more. A ticket of which comments are left stays, for their sake.
    pub(super) fn remove_from(&self, items: &mut Vec<ImportItem>) {
        items.drain(..self.whole);
        if self.comments > 0 {
            items[0].comments.drain(..self.comments);
        }
    }
}
