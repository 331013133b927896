//! Importing tickets.

use async_trait::async_trait;
use helpdesk_domain::{ImportedComment, ImportedTicket, SourceId, SourceName, SystemActor, Ts};

use crate::StoreError;

/// A ticket with some of its comments: those that it has not, are to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportItem {
    /// The ticket.
    pub ticket: ImportedTicket,
    /// Comments of it, oldest first.
    pub comments: Vec<ImportedComment>,
}

/// What is to be imported at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportBatch {
    /// Where it comes from. Ids are told apart by it: two sources may each have a ticket 1.
    pub source: SourceName,
    /// When it is imported, which is when the accounts are made that it needs.
    pub now: Ts,
    /// The tickets.
    pub items: Vec<ImportItem>,
}

/// What was written of a batch. What it leaves out was there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many tickets were written.
    pub tickets: usize,
    /// How many comments were written.
    pub comments: usize,
    /// How many accounts were made.
    pub accounts: usize,
    /// How many teams were made.
    pub teams: usize,
    /// The tickets whose agent is no active agent here, so that they are in their teams' queues.
    pub unassigned: Vec<SourceId>,
    /// The tickets that follow up one that was not imported, so that they follow up none.
    pub without_first: Vec<SourceId>,
}

/// Writing what comes from elsewhere.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ImportRepository: Send + Sync {
    /// Writes all of a batch that is not there yet, in one transaction, and with it what each ticket and comment was called
    /// where it comes from: so that a batch which is written again, whole or in part, in whatever order, by whatever number of
    /// processes at once, writes nothing twice.
    ///
    /// * An account is the one with the address that was told, as it is here. Where there is none it is made, as
    ///   [`helpdesk_domain::User::import`] says, with its audit entry; so is a team that there is none of by its name, by
    ///   [`helpdesk_domain::Team::create`].
    /// * A ticket that is new here is written as [`helpdesk_domain::Arrival::of_new`] says, with its events. Its agent is the account
    ///   that was told if [`ImportedTicket::may_be_worked_by`] it, which holds until the commit, under a lock. It follows up what
    ///   the ticket that was told has become, if that was imported, from the same source, before it.
    /// * A ticket that is there stays as it is, whatever was told, but for the comments that it has not: those are added as
    ///   [`helpdesk_domain::Arrival::of_known`] says, under the ticket's lock.
    /// * What is written can be searched from then on, as whatever else is written.
    /// * Public comments and events get odd ids, internal ones even, each kind from its sequence.
    async fn write(&self, by: SystemActor, batch: ImportBatch) -> Result<Imported, StoreError>;
}
