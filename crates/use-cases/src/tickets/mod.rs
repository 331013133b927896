//! Tickets: what customers, agents and admins do with them.

mod admin;
mod bulk;
mod customer;
mod desk;
mod queue;
mod staff;
#[cfg(test)]
mod tests;

pub use admin::{AdminTicketPatch, AdminTickets};
pub use bulk::BulkItem;
pub use customer::{CustomerTicketDetail, CustomerTickets};
pub(crate) use desk::Desk;
use helpdesk_ports::{CommentPosition, Page};
pub use queue::Queue;
pub use staff::{StaffActor, StaffTicketDetail, StaffTickets};

/// A ticket's view with a page of its comments' views.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketDetail<T, C> {
    /// The ticket.
    pub ticket: T,
    /// Its comments, oldest first.
    pub comments: Page<C, CommentPosition>,
}
