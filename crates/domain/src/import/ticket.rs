use super::{IMPORT_LEEWAY, ImportFault, ImportedAccount};
use crate::{Description, MAX_ID, Priority, SourceId, Status, Subject, Tags, TeamName, Ts, User};

/// A ticket as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketToImport {
    /// Its id there.
    pub id: SourceId,
    /// What it is about.
    pub subject: Subject,
    /// The requester's account of it.
    pub description: Description,
    /// Where it stands.
    pub status: Status,
    /// How urgent it is.
    pub priority: Priority,
    /// Internal.
    pub tags: Tags,
    /// Whose it is.
    pub requester: ImportedAccount,
    /// Who works it.
    pub assignee: Option<ImportedAccount>,
    /// The team that it belongs to; `None` is the default team.
    pub team: Option<TeamName>,
    /// The ticket there that it follows up.
    pub follow_up_of: Option<SourceId>,
    /// When it was opened.
    pub created_at: Ts,
    /// When anything changed last.
    pub updated_at: Ts,
    /// When anything changed last that its requester may know of.
    pub public_updated_at: Ts,
    /// When an agent first answered in public.
    pub first_responded_at: Option<Ts>,
    /// When it was resolved, unless it was reopened since.
    pub resolved_at: Option<Ts>,
    /// When it was closed, unless it was reopened since.
    pub closed_at: Option<Ts>,
    /// How often it went back from resolved or closed.
    pub reopen_count: i64,
}

/// A ticket that may live here. Only [`TicketToImport::check`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedTicket(TicketToImport);

impl TicketToImport {
    /// **The rule: which ticket from elsewhere may live here.** One that could have come about here: its times are in order
    /// and none is yet to come, and those that belong to its status are there, and no others.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(self, now: Ts) -> Result<ImportedTicket, Vec<ImportFault>> {
        let mut faults = Vec::new();
        self.check_times(now, &mut |field, problem| faults.push(ImportFault::new(field, problem)));
        self.check_status(&mut |field, problem| faults.push(ImportFault::new(field, problem)));
        if !(0..=MAX_ID).contains(&self.reopen_count) {
            faults.push(ImportFault::new("reopen_count", "must be a whole number, at least 0"));
        }
        if self.follow_up_of == Some(self.id) {
            faults.push(ImportFault::new("follow_up_of", "must be another ticket"));
        }
        if faults.is_empty() { Ok(ImportedTicket(self)) } else { Err(faults) }
    }

    fn check_times(&self, now: Ts, fault: &mut dyn FnMut(&'static str, &'static str)) {
        if self.updated_at > now.after(IMPORT_LEEWAY) {
            fault("updated_at", "is yet to come");
        }
        if self.public_updated_at > self.updated_at {
            fault("public_updated_at", "is after updated_at");
        }
        if self.created_at > self.public_updated_at {
            fault("created_at", "is after the ticket changed last");
        }
        for (field, at) in [
            ("first_responded_at", self.first_responded_at),
            ("resolved_at", self.resolved_at),
            ("closed_at", self.closed_at),
        ] {
            let Some(at) = at else { continue };
            if at < self.created_at {
                fault(field, "is before the ticket was opened");
            } else if at > self.public_updated_at {
                fault(field, "is after the ticket changed last");
            }
        }
        if let (Some(resolved_at), Some(closed_at)) = (self.resolved_at, self.closed_at)
            && resolved_at > closed_at
        {
            fault("resolved_at", "is after closed_at");
        }
    }

    fn check_status(&self, fault: &mut dyn FnMut(&'static str, &'static str)) {
        let (is_resolved, is_closed) = (self.resolved_at.is_some(), self.closed_at.is_some());
        match self.status {
            Status::Open | Status::InProgress | Status::Pending => {
                if is_resolved {
                    fault("resolved_at", "must be null of a ticket that is not resolved");
                }
                if is_closed {
                    fault("closed_at", "must be null of a ticket that is not closed");
                }
            }
            Status::Resolved => {
                if !is_resolved {
                    fault("resolved_at", "must be there of a ticket that is resolved");
                }
                if is_closed {
                    fault("closed_at", "must be null of a ticket that is not closed");
                }
            }
            Status::Closed => {
                if !is_closed {
                    fault("closed_at", "must be there of a ticket that is closed");
                }
            }
        }
    }
}

impl ImportedTicket {
    /// What was told.
    pub fn told(&self) -> &TicketToImport {
        &self.0
    }

    /// Whether it needs an active agent, if anyone is to work it. A closed ticket keeps its agent, whatever became of the agent.
    pub fn needs_active_agent(&self) -> bool {
        self.0.status != Status::Closed
    }

    /// **The rule: who works an imported ticket.** The account that was told of, where it may; else it goes to its team's queue.
    pub fn may_be_worked_by(&self, account: &User) -> bool {
        !self.needs_active_agent() || account.is_active_agent()
    }
}
