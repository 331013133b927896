//! Exporting tickets: all that there are, a few at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use helpdesk_domain::{AdminActor, Ticket, TicketId};
use helpdesk_ports::{
    CommentPosition, ExportRepository, ExportedComment, ExportedTicket, Limit, PageRequest, TicketFilter,
};

use crate::UseCaseError;

/// How many tickets are held at a time. With the longest texts they take some megabytes.
const TICKETS_AT_A_TIME: u64 = 25;
/// How many comments are held at a time.
const COMMENTS_AT_A_TIME: u64 = 50;

/// What an export consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportRecord {
    /// A ticket. Its comments follow, where they were asked for, before the next ticket.
    Ticket(Box<ExportedTicket>),
    /// A comment of the ticket before.
    Comment(TicketId, Box<ExportedComment>),
}

/// Exports tickets.
pub struct Exports {
    pub(crate) store: Arc<dyn ExportRepository>,
}

impl Exports {
    /// The tickets that the filter admits, by id, with their comments or without. Nothing is read yet.
    pub fn tickets(&self, by: AdminActor, filter: TicketFilter, with_comments: bool) -> TicketExport {
        TicketExport {
            store: self.store.clone(),
            by,
            filter,
            with_comments,
            held: VecDeque::new(),
            next_page: NextPage::Behind(None),
            commented: None,
        }
    }
}

/// Where to read on.
#[derive(Clone, Copy)]
enum NextPage {
    /// Behind this ticket, or at the beginning.
    Behind(Option<TicketId>),
    /// Nowhere: there is no more.
    None,
}

/// An export under way: as much of it as was asked for. It holds a page of tickets and one of comments, whatever there is, and
/// has one call of the store under way at the most.
///
/// It is no picture of one moment. What is written meanwhile may be in it or not; each ticket is as it was when its page was
/// read, and has the comments that it had then.
pub struct TicketExport {
    store: Arc<dyn ExportRepository>,
    by: AdminActor,
    filter: TicketFilter,
    with_comments: bool,
    held: VecDeque<ExportedTicket>,
    next_page: NextPage,
    /// The ticket whose comments are being read, and behind which of them.
    commented: Option<(Ticket, Option<CommentPosition>)>,
}

impl TicketExport {
    /// The next few records; `None` when there are no more.
    ///
    /// # Errors
    /// Only those of the store. What was given out before is then not all.
    pub async fn next(&mut self) -> Result<Option<Vec<ExportRecord>>, UseCaseError> {
        if let Some((ticket, after)) = self.commented.take() {
            return Ok(Some(self.comments_of(ticket, after).await?));
        }
        while self.held.is_empty() {
            let NextPage::Behind(after) = self.next_page else {
                return Ok(None);
            };
            let page = PageRequest { limit: limit(TICKETS_AT_A_TIME), after };
            let page = self.store.tickets(self.by, self.filter.clone(), page).await?;
            self.next_page = page.next.map_or(NextPage::None, |next| NextPage::Behind(Some(next)));
            self.held = page.items.into();
        }
        if !self.with_comments {
            let tickets = self.held.drain(..).map(|ticket| ExportRecord::Ticket(Box::new(ticket)));
            return Ok(Some(tickets.collect()));
        }
        let Some(exported) = self.held.pop_front() else {
            return Ok(None);
        };
        let ticket = exported.ticket.clone();
        let mut records = vec![ExportRecord::Ticket(Box::new(exported))];
        records.extend(self.comments_of(ticket, None).await?);
        Ok(Some(records))
    }

    /// A page of the ticket's comments, without those that came after it was read.
    async fn comments_of(
        &mut self,
        ticket: Ticket,
        after: Option<CommentPosition>,
    ) -> Result<Vec<ExportRecord>, UseCaseError> {
        let (id, page) = (ticket.id(), PageRequest { limit: limit(COMMENTS_AT_A_TIME), after });
        let page = self.store.comments(self.by, id, page).await?;
        let had = page.items.into_iter().filter(|exported| ticket.had(&exported.comment));
        let records = had.map(|exported| ExportRecord::Comment(id, Box::new(exported))).collect();
        self.commented = page.next.map(|next| (ticket, Some(next)));
        Ok(records)
    }
}

/// Both are within what a page may have.
fn limit(items: u64) -> Limit {
    Limit::new(items).unwrap_or_default()
}

#[cfg(test)]
mod tests;
