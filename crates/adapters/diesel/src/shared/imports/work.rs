//! What is left to do of a batch.

use std::collections::HashMap;

use helpdesk_domain::{ImportedAccount, ImportedComment, ImportedTicket, SourceId, TicketId};
use helpdesk_ports::ImportItem;

use super::known::Known;

/// A ticket of which something is to be written.
pub(super) struct Work<'a> {
    pub(super) ticket: &'a ImportedTicket,
    /// What it is here, if it is.
    pub(super) known: Option<TicketId>,
    /// The comments that it has not.
    pub(super) comments: Vec<&'a ImportedComment>,
}

/// Each ticket once and each comment once, however often they were told, in the order in which they were; without those of
/// which nothing is left to do.
pub(super) fn left_of<'a>(items: &'a [ImportItem], known: &mut Known) -> Vec<Work<'a>> {
    let mut places: HashMap<SourceId, usize> = HashMap::with_capacity(items.len());
    let mut left: Vec<Work<'a>> = Vec::with_capacity(items.len());
    for item in items {
        let id = item.ticket.told().id;
        let place = *places.entry(id).or_insert_with(|| {
            let known = known.tickets.get(&id).copied();
            left.push(Work { ticket: &item.ticket, known, comments: Vec::new() });
            left.len() - 1
        });
        let new = item.comments.iter().filter(|comment| known.comments.insert(comment.told().id));
        left[place].comments.extend(new);
    }
    left.retain(|work| work.known.is_none() || !work.comments.is_empty());
    left
}

impl<'a> Work<'a> {
    /// The accounts that it needs.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &'a ImportedAccount> {
        let told = self.ticket.told();
        let of_ticket = std::iter::once(&told.requester).chain(&told.assignee);
        let of_comments = self.comments.iter().map(|comment| &comment.told().author);
        of_ticket.filter(|_| self.known.is_none()).chain(of_comments)
    }
}
