//! Tickets that come from elsewhere: from another help desk, or another store of this one.
//!
//! What somebody else wrote down is not known to obey any rule. A [`TicketToImport`] is a ticket as it was told; checked, it is
//! an [`ImportedTicket`], and only such a one becomes a [`crate::Ticket`], by an [`Arrival`]. Nobody has decided what it went
//! through, so its history is told again from what it has become: that it was opened, what was written, and when it came to
//! stand where it stands.

mod account;
mod arrival;
mod comment;
mod fault;
#[cfg(test)]
mod tests;
mod ticket;

pub use account::ImportedAccount;
pub use arrival::{Arrival, Place, Told};
pub use comment::{CommentToImport, ImportedComment};
pub use fault::ImportFault;
pub use ticket::{ImportedTicket, TicketToImport};

use std::time::Duration;

/// By how much a clock elsewhere may be ahead of ours. What is still later than that would stay the newest of all lists until
/// its time has come.
pub const IMPORT_LEEWAY: Duration = Duration::from_mins(5);
