use helpdesk_domain::SourceId;
use helpdesk_ports::Imported;

/// How many of them are named.
const NAMED: usize = 10;

/// How many there are of something, and the first of them by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many.
    pub count: usize,
    /// The first.
    pub first: Vec<SourceId>,
}

impl Counted {
    fn add(&mut self, more: &[SourceId]) {
        self.count += more.len();
        self.first.extend(more.iter().take(NAMED.saturating_sub(self.first.len())));
    }
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// How many good tickets were told.
    pub told_tickets: usize,
    /// How many good comments.
    pub told_comments: usize,
    /// How many tickets were written; the others were there.
    pub tickets: usize,
    /// How many comments were written.
    pub comments: usize,
    /// How many accounts were made.
    pub accounts: usize,
    /// How many teams were made.
    pub teams: usize,
    /// Those of the tickets that went to their teams' queues, for want of their agents.
    pub unassigned: Counted,
    /// Those that follow up a ticket that is not here.
    pub without_first: Counted,
}

impl ImportSummary {
    pub(super) fn add(&mut self, imported: Imported) {
        let Imported { tickets, comments, accounts, teams, unassigned, without_first } = imported;
        self.tickets += tickets;
        self.comments += comments;
        self.accounts += accounts;
        self.teams += teams;
        self.unassigned.add(&unassigned);
        self.without_first.add(&without_first);
    }
}
